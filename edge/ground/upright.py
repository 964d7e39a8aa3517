"""Which sightings of people can say where the ground lies: whole, upright, alone, and not too often the same.

Law: a box that touches the picture's edge or another box, or is not taller than wide, says nothing about the
height of who is in it. Boxes are in the unit square.
"""

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.ground.stature import Standing

EDGE = 0.012
SLIMMEST, WIDEST = 1.7, 5.0
"""Height of an upright person's box divided by its width, in pixels."""
SMALLEST = 0.03
"""Least height, picture heights: below it a box's error is a large part of it."""
APART_S = 0.8
"""Sightings of one person nearer in time than this are one."""


class Upright:
    """Gathers people of one camera."""

    def __init__(self, aspect: float) -> None:
        self._aspect = aspect
        self._rows: list[tuple[int, float, float, float, float]] = []
        self._seen_s: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._seen_s)

    def add(self, ids: npt.NDArray[np.int64], people: F64, others: F64, at_s: float) -> None:
        """Take the people of one picture.

        Args:
            ids: int64 n, who is followed.
            people: float64 n×4, their boxes.
            others: float64 m×4, boxes of everything else that may stand before them.
            at_s: time of the picture, seconds.
        """
        for row in np.flatnonzero(self._whole(people, others)).tolist():
            who = int(ids[row])
            if at_s - self._seen_s.get(who, -APART_S) >= APART_S:
                self._seen_s[who] = at_s
                self._rows.append((who, *people[row].tolist()))

    def standing(self) -> Standing:
        """Everybody gathered so far."""
        rows = np.array(self._rows, dtype=np.float64).reshape(-1, 5)
        middle = (rows[:, 1] + rows[:, 3]) / 2
        return Standing(
            np.column_stack([middle, rows[:, 4]]),
            np.column_stack([middle, rows[:, 2]]),
            rows[:, 0].astype(np.int64),
        )

    def _whole(self, people: F64, others: F64) -> npt.NDArray[np.bool_]:
        wide, high = people[:, 2] - people[:, 0], people[:, 3] - people[:, 1]
        slim = high / np.maximum(wide * self._aspect, 1e-9)
        whole = (people.min(axis=1, initial=1.0) > EDGE) & (people.max(axis=1, initial=0.0) < 1 - EDGE)
        whole &= (slim >= SLIMMEST) & (slim <= WIDEST) & (high >= SMALLEST)
        everything = np.concatenate([people, others])
        low = np.maximum(people[:, None, :2], everything[:, :2])
        high2 = np.minimum(people[:, None, 2:], everything[:, 2:])
        shared = np.maximum(high2 - low, 0.0).prod(axis=2)
        shared[np.arange(len(people)), np.arange(len(people))] = 0.0
        return np.asarray(whole & (shared.max(axis=1, initial=0.0) <= 0.0))
