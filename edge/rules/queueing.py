"""A queue: people who stand close together and wait, how long their line is, and how long it takes.

Law: a queue is the largest group of people who stand and of whom each has another within about a metre and
a half. Its waiting time is its length in persons divided by the rate at which the zone is left (Little,
Operations Research 9(3), 1961), known only once somebody was served.
"""

from collections import Counter, deque
from math import hypot
from statistics import median_low, pstdev

import numpy as np

from edge.rules.glance import STANDS_MPS, UNSURE, Answer, Gauge, Glance, confused
from edge.rules.series import Series
from edge.rules.sight import Sight
from edge.values.dynamics import Dynamics, Unit
from edge.values.walks import F64, Walks

HAZE_MPS = 0.08
"""Standing has no sharp end."""
CELL_M = 1.2
"""People in touching cells of this size are neighbours: personal distance ends at 1.2 m (E. T. Hall, The
Hidden Dimension, 1966)."""
Cell = tuple[float, float]
"""Column and row, whole numbers."""
AROUND = [(x, y) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)]
LEAST_S = 10.0
"""A rate of service that was watched for less is none."""
STEADY_LOOKS = 3
"""A queue is the median of so many looks: it comes and goes by persons, not by dozens a second."""
CONFUSED = 0.18
"""Confusion from which nobody can say who stands."""


class Queue(Gauge):
    """Persons who wait in the largest group of a zone."""

    def __init__(self, min_people: int, missed_max: float, window_s: float) -> None:
        self._min_people, self._missed_max, self._window_s = min_people, missed_max, window_s
        self._served = Series(window_s)
        self._lately: deque[int] = deque(maxlen=STEADY_LOOKS)

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        self._served.add(glance.moment, len(glance.gone))
        if len(glance.walks) < self._min_people:
            self._lately.append(0)
            return None
        if confused(glance.sight, slice(None), CONFUSED):
            return UNSURE
        at = _waiting(glance.sight)
        # Whoever is there and not followed yet waits as often as the others do.
        self._lately.append(round(len(at) * glance.sight.unfollowed))
        waiting = int(median_low(self._lately))
        if waiting < self._min_people or len(at) < self._min_people:
            return None
        sd = hypot(glance.sight.unfollowed * _doubt(glance.walks), pstdev(self._lately))
        told = glance.measured(waiting, sd, Unit.PERSONS, waiting, self._missed_max)
        return Dynamics(*told, length_m=length_of(at), wait_s=self._wait_s(waiting))

    def _wait_s(self, waiting: int) -> float | None:
        if self._served.covered_s < LEAST_S:
            return None
        rate = self._served.per_second()
        return waiting / rate if rate else None


def _waiting(sight: Sight) -> F64:
    """Where those in the largest group of people who stand are, k×2."""
    speed = sight.cells.steadied(sight.walks.speed_mps)
    at = sight.walks.at_m[np.hypot(speed[:, 0], speed[:, 1]) < STANDS_MPS]
    return at[largest_group(at)] if len(at) > 1 else at


def _doubt(walks: Walks) -> float:
    """Standard deviation of how many stand, if each does with the chance that their speed leaves."""
    off = (STANDS_MPS - walks.pace_mps) / np.hypot(walks.noise_mps, HAZE_MPS)
    chance = 1 / (1 + np.exp(np.clip(-1.702 * off, -20, 20)))
    return float(np.sqrt((chance * (1 - chance)).sum()))


def largest_group(at_m: F64) -> np.ndarray:
    """Mask of the largest group of points n×2 that are joined over touching cells; n at least 1."""
    where = [(x, y) for x, y in np.floor(at_m / CELL_M).tolist()]
    people = Counter(where)
    apart, largest, most = set(people), set[Cell](), 0
    for cell in sorted(people):  # of two as large, the one that begins further left
        group = _joined(cell, apart)
        if (n := sum([people[each] for each in group])) > most:
            largest, most = group, n
    return np.array([cell in largest for cell in where])


def _joined(cell: Cell, apart: set[Cell]) -> set[Cell]:
    """Take out of those apart all that are joined to a cell over cells that touch, and the cell itself."""
    group = {cell} & apart
    edge = list(group)
    while edge:
        x, y = edge.pop()
        new = {(x + dx, y + dy) for dx, dy in AROUND} & apart
        apart -= new
        group |= new
        edge += new
    return group


def length_of(at_m: F64) -> float:
    """From the first to the last along the line on which they stand, metres."""
    off = at_m - at_m.mean(axis=0)
    along = off @ np.linalg.eigh(off.T @ off)[1][:, -1]
    return float(along.max() - along.min())
