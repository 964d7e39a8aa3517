"""How fast objects are: a struct of arrays over all whose speed is asked for at one moment."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isnan

import numpy as np
import numpy.typing as npt

from edge.values.once import once
from edge.values.pace import Speed

F64 = npt.NDArray[np.float64]
MPS, LOW, HIGH, WINDOW_S = range(4)
"""Rows of `Paces.speeds`, as in `Speed`."""


@dataclass(frozen=True, eq=False)
class Paces:
    """Who is how fast, n objects, shared by all zones in which they are; it stays inside the box.

    Speeds are reckoned when somebody asks: mostly nobody can be too fast, and that is known for less.

    Attributes:
        ids: int64 n, of their tracks.
        labels: names of the classes.
        classes: int64 n, index into `labels`.
        scores: float64 n, confidence of the detector, 0..1.
        boxes: float64 n×4, corners in the unit square.
        measured: gives the columns of `speeds` that a mask asks for.
        at_most_mps: float64 n, as fast as which each may surely be at most.
    """

    ids: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    classes: npt.NDArray[np.int64]
    scores: F64
    boxes: F64
    measured: Callable[[npt.NDArray[np.bool_]], F64]
    at_most_mps: F64

    def __post_init__(self) -> None:
        n, shapes = len(self.ids), (self.boxes.shape, self.at_most_mps.shape)
        if shapes != ((n, 4), (n,)):
            raise ValueError(f"paces want boxes of {n}×4 and {n} bounds, got {shapes[0]} and {shapes[1]}")

    def __len__(self) -> int:
        return len(self.ids)

    @once
    def speeds(self) -> F64:
        """Float64 4×n, in the rows above, metres per second and seconds; NaN while nobody can say."""
        return self._of(np.ones(len(self), np.bool_))

    def any_beyond(self, limit_mps: float, above: bool) -> bool:
        """Whether somebody is surely at least as fast as a limit, or else at most."""
        if not above:
            return self.slowest <= limit_mps
        if (known := self._any_above.get(limit_mps)) is None:
            some = self.at_most_mps >= limit_mps
            known = bool(np.count_nonzero(some)) and bool((self._of(some)[LOW] >= limit_mps).any())
            self._any_above[limit_mps] = known
        return known

    @once
    def _any_above(self) -> dict[float, bool]:
        """What was found out, by limit: all zones ask for the same."""
        return {}

    def _of(self, which: npt.NDArray[np.bool_]) -> F64:
        speeds, n = self.measured(which), int(np.count_nonzero(which))
        if speeds.shape != (4, n):
            raise ValueError(f"paces want speeds of 4×{n}, got {speeds.shape}")
        return speeds

    @once
    def fastest(self) -> float:
        """Whoever is fastest is surely that fast: the highest low end, metres per second; -inf for nobody."""
        return float(np.fmax.reduce(self.speeds[LOW], initial=-inf))

    @once
    def slowest(self) -> float:
        """Whoever is slowest is surely no faster: the lowest high end, metres per second; inf for nobody."""
        return float(np.fmin.reduce(self.speeds[HIGH], initial=inf))

    def speed(self, row: int) -> Speed | None:
        """The speed of one of them; None while nobody can say."""
        mps, low, high, window_s = self.speeds[:, row].tolist()
        return None if isnan(mps) else Speed(mps, low, high, window_s)
