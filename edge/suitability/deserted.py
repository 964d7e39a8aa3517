"""What a model takes for people where nobody is: how often, at which spots, and which score would end it.

Law: whether anybody was there is the word of who asked; nothing here can tell. That nothing was seen in few
pictures is told with its bound. What is found at one spot again and again is one thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.suitability.verdict import Aspect, Verdict

Floats = npt.NDArray[np.float64]

WANTED = 2.0
"""Persons invented in a thousand pictures that may be."""
NONE_IN = 3.0
"""What was not seen in n pictures is there, 19 times of 20, in fewer than 3 of n (the rule of three: Hanley
and Lippman-Hand, JAMA 249, 1983)."""
SAME = 0.3
"""Overlap with a spot's first box from which on a box belongs to it."""
MOST_SPOTS = 5
AROUND = 0.25
"""How far about a spot's foot the polygon to cut it out reaches, share of its height: an object is treated as
not found where its foot stands in such a polygon, so what walks by is still seen."""
PASSING = 0.05
"""Share of the pictures below which a spot may be somebody who went by."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where people are invented.

    Attributes:
        box: x1 y1 x2 y2 of the surest of them, shares of the picture.
        seen: in how many pictures.
        score: of the surest.
    """

    box: tuple[float, float, float, float]
    seen: int
    score: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Which scores begin a track.

    Attributes:
        person: of a person, now.
        by_configured: a person's score for each 1 of the configured one: all classes move together.
    """

    person: float
    by_configured: float

    def configured(self, person: float) -> float | None:
        """What to configure so that a person wants this score, rounded up; None where no score does it."""
        wanted = float(np.ceil(100 * person / self.by_configured) / 100)
        return wanted if wanted < 1 else None


def spots(found: Sequence[Floats]) -> tuple[Spot, ...]:
    """Where people are invented, those seen most often first.

    Args:
        found: of each picture n×5: box x1 y1 x2 y2 in shares of the picture, score.
    """
    rows = np.concatenate([np.empty((0, 5)), *found])
    picture = np.repeat(np.arange(len(found)), [len(each) for each in found])
    left = np.argsort(-rows[:, 4], kind="stable")
    told = []
    while len(left):
        first = rows[left[0]]
        here = _overlap(rows[left], first) >= SAME
        x1, y1, x2, y2, score = (float(value) for value in first)
        told.append(Spot((x1, y1, x2, y2), len(np.unique(picture[left[here]])), score))
        left = left[~here]
    return tuple(sorted(told, key=lambda spot: -spot.seen))


def quiet_from(found: Sequence[Floats]) -> float:
    """The score above which no more are invented than wanted."""
    scores = np.sort(np.concatenate([np.empty(0), *(each[:, 4] for each in found)]))[::-1]
    allowed = int(WANTED * len(found) / 1000)
    return float(scores[allowed]) if len(scores) > allowed else 0.0


def of_deserted(found: Sequence[Floats], scores: Scores) -> tuple[Aspect, ...]:
    """What is invented at a camera that showed nobody, and how that is mended, spot by spot.

    Args:
        found: as for `spots`, all of at least `scores.person`.
        scores: in force.
    """
    pictures, count = len(found), sum(len(each) for each in found)
    if count == 0:
        bound = NONE_IN * 1000 / max(pictures, 1)
        told = f"nobody in {pictures} pictures: fewer than {bound:.0f} in 1,000, 19 times of 20"
        return (Aspect("invented", told, Verdict.GOOD),)
    rate = 1000 * count / pictures
    where = spots(found)
    at = f"{len(where)} spot{'' if len(where) == 1 else 's'}"
    told = f"{count} persons in {pictures} pictures, {rate:.0f} in 1,000, at {at}; {WANTED:.0f} are wanted"
    if rate <= WANTED:
        return (Aspect("invented", told, Verdict.GOOD),)
    whole = Aspect("invented", told, Verdict.DOUBTFUL, _raised(found, scores))
    return (whole, *(_of_spot(n, spot, pictures) for n, spot in enumerate(where[:MOST_SPOTS], 1)))


def _raised(found: Sequence[Floats], scores: Scores) -> str:
    person = quiet_from(found) + 0.01
    configured = scores.configured(person)
    if configured is None:
        return "if nobody was there: cut the spots out; no score ends it"
    return (
        f"if nobody was there: cut the spots out, or set detector.score to {configured:.2f} (a person then "
        f"wants {person:.2f} instead of {scores.person:.2f}: fewer people are found too, see models show)"
    )


def _of_spot(number: int, spot: Spot, pictures: int) -> Aspect:
    x1, y1, x2, y2 = spot.box
    share = spot.seen / pictures
    passing = "; somebody who went by?" if share < PASSING else ""
    told = f"at {(x1 + x2) / 2:.2f}, {y2:.2f}, in {spot.seen} pictures ({share:.0%}), score {spot.score:.2f}"
    across, along = 0.5 * (x2 - x1), AROUND * (y2 - y1)
    middle = (x1 + x2) / 2
    left, right = max(0.0, middle - across), min(1.0, middle + across)
    top, low = max(0.0, y2 - along), min(1.0, y2 + along)
    corners = ((left, top), (right, top), (right, low), (left, low))
    polygon = ", ".join(f"[{x:.2f}, {y:.2f}]" for x, y in corners)
    return Aspect(f"spot {number}", told + passing, Verdict.DOUBTFUL, f"exclude: [[{polygon}]]")


def _overlap(rows: Floats, box: Floats) -> Floats:
    """Intersection over union of n boxes with one."""
    low, high = np.maximum(rows[:, :2], box[:2]), np.minimum(rows[:, 2:4], box[2:4])
    common = np.maximum(high - low, 0.0).prod(axis=1)
    areas = (rows[:, 2:4] - rows[:, :2]).prod(axis=1)
    whole = areas + (box[2:4] - box[:2]).prod() - common
    return np.asarray(common / np.maximum(whole, 1e-12))
