"""A queue: people who stand close together and wait, how long their line is, and how long it takes.

Law: a queue is the largest group of people who stand and of whom each has another within about a metre and
a half. Its waiting time is its length in persons divided by the rate at which the zone is left (Little,
Operations Research 9(3), 1961), known only once somebody was served.
"""

from dataclasses import replace

import numpy as np

from edge.rules.glance import STANDS_MPS, Gauge, Glance, Series
from edge.values.dynamics import Dynamics, Unit
from edge.values.walks import F64, Walks

HAZE_MPS = 0.08
"""Standing has no sharp end."""
CELL_M = 1.2
"""People in touching cells of this size are neighbours: personal distance ends at 1.2 m (E. T. Hall, The
Hidden Dimension, 1966)."""


LEAST_S = 10.0
"""A rate of service that was watched for less is none."""


class Queue(Gauge):
    """Persons who wait in the largest group of a zone."""

    def __init__(self, min_people: int, missed_max: float, window_s: float) -> None:
        self._min_people, self._missed_max, self._window_s = min_people, missed_max, window_s
        self._served = Series(window_s)

    def read(self, glance: Glance) -> Dynamics | None:
        """The number now; None where it cannot be known yet."""
        self._served.add(glance.moment, glance.gone)
        standing = glance.walks.pace_mps < STANDS_MPS
        if int(standing.sum()) < self._min_people:
            return None
        at = glance.walks.at_m[standing]
        at = at[largest_group(at)]
        if len(at) < self._min_people:
            return None
        told = replace(
            glance.told(len(at), _doubt(glance.walks), Unit.PERSONS, self._missed_max), people=len(at)
        )
        return replace(told, length_m=length_of(at), wait_s=self._wait_s(len(at)))

    def _wait_s(self, waiting: int) -> float | None:
        if self._served.covered_s < LEAST_S:
            return None
        rate = self._served.per_second()
        return waiting / rate if rate else None


def _doubt(walks: Walks) -> float:
    """Standard deviation of how many stand, if each does with the chance that their speed leaves."""
    off = (STANDS_MPS - walks.pace_mps) / np.hypot(walks.noise_mps, HAZE_MPS)
    chance = 1 / (1 + np.exp(np.clip(-1.702 * off, -20, 20)))
    return float(np.sqrt((chance * (1 - chance)).sum()))


def largest_group(at_m: F64) -> np.ndarray:
    """Mask of the largest group of points n×2 that are joined over touching cells; n at least 1."""
    cells, which = np.unique(np.floor(at_m / CELL_M).astype(np.int64), axis=0, return_inverse=True)
    touching = np.abs(cells[:, None] - cells[None]).max(axis=2) <= 1
    group = np.arange(len(cells))
    while True:
        joined = np.where(touching, group[None], len(cells)).min(axis=1)
        if (joined == group).all():
            break
        group = joined
    of_each = group[which.reshape(-1)]
    return np.asarray(of_each == np.bincount(of_each).argmax())


def length_of(at_m: F64) -> float:
    """From the first to the last along the line on which they stand, metres."""
    off = at_m - at_m.mean(axis=0)
    along = off @ np.linalg.eigh(off.T @ off)[1][:, -1]
    return float(along.max() - along.min())
