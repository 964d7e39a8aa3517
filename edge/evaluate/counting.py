"""How well a density model counts: what it tells against how many people there are, picture by picture.

Law: every figure is of whole pictures. A picture without anybody is a case of its own: there no share can be
wrong, only a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.evaluate.scaling import Scaling, scaling_of

STEPS = (1, 11, 51, 201)
"""True numbers at which the next group of pictures begins."""
NINE_OF_TEN = 0.9
ENOUGH = 10
"""Pictures with people below which nine of ten is not said: they would be all of them."""
NOBODY = 1e-6
"""Told people below which a share of them says nothing."""
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counted:
    """One picture: how many people are there, and how many the model tells."""

    true: int
    told: float

    def __post_init__(self) -> None:
        if self.true < 0 or not 0 <= self.told < float("inf"):
            raise ValueError(f"a count wants numbers of people of 0 or more, got {self.true} and {self.told}")


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures with about as many people.

    Attributes:
        least: fewest people of the group's pictures.
        most: most of them; None without a limit.
        pictures: how many there are.
        true: mean true number.
        told: mean number that the model tells.
        mae: mean absolute error, people.
    """

    least: int
    most: int | None
    pictures: int
    true: float
    told: float
    mae: float


@dataclass(frozen=True, slots=True)
class CountScore:
    """What a density model is worth on some pictures.

    Attributes:
        pictures: how many there were.
        mae: mean absolute error, people.
        rmse: root of the mean squared error, people; papers on crowds call it MSE.
        bias: mean of told less true, people.
        relative: sum of absolute errors ÷ sum of true numbers; None where nobody is in any picture.
        error: nine pictures of ten lie within ± this share of what the model tells, which is what its card
            calls `error`; None of fewer than `ENOUGH` pictures with people, or where it tells nobody in them.
        groups: the same by the number of people.
        scaling: what to multiply the told numbers by; None where that is no better, or 1 may be right.
    """

    pictures: int
    mae: float
    rmse: float
    bias: float
    relative: float | None
    error: float | None
    groups: tuple[Group, ...]
    scaling: Scaling | None = None


def count_score(counts: Sequence[Counted]) -> CountScore:
    """The figures of these pictures; there is one at least."""
    if not counts:
        raise ValueError("a score of counts wants one picture at least, got none")
    true = np.array([each.true for each in counts], np.float64)
    told = np.array([each.told for each in counts], np.float64)
    off = np.abs(told - true)
    error = _nine_of_ten(true, told)
    return CountScore(
        pictures=len(counts),
        mae=float(off.mean()),
        rmse=float(np.sqrt((off**2).mean())),
        bias=float((told - true).mean()),
        relative=float(off.sum() / true.sum()) if true.sum() else None,
        error=error,
        groups=_groups(true, told),
        scaling=_scaling(true, told, error),
    )


def _scaling(true: F64, told: F64, error: float | None) -> Scaling | None:
    """The factor where it is surely not 1, and makes the share smaller within which nine of ten lie."""
    there = true > 0
    if there.sum() < ENOUGH or (told[there] <= NOBODY).any():
        return None
    found = scaling_of(true[there] / told[there])
    if found is None or found.low <= 1.0 <= found.high:
        return None
    return found if error is None or found.error < error else None


def _nine_of_ten(true: F64, told: F64) -> float | None:
    there = true > 0
    if there.sum() < ENOUGH:
        return None
    share = np.full(int(there.sum()), np.inf)
    np.divide(np.abs(told - true)[there], told[there], out=share, where=told[there] > NOBODY)
    error = float(np.quantile(share, NINE_OF_TEN, method="higher"))
    return error if np.isfinite(error) else None


def _groups(true: F64, told: F64) -> tuple[Group, ...]:
    found = []
    for least, after in zip((0, *STEPS), (*STEPS, None), strict=True):
        mine = (true >= least) & (true < (np.inf if after is None else after))
        if mine.any():
            off = float(np.abs(told - true)[mine].mean())
            most = None if after is None else after - 1
            means = float(true[mine].mean()), float(told[mine].mean())
            found.append(Group(least, most, int(mine.sum()), *means, off))
    return tuple(found)
