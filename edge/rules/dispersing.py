"""Dispersal: suddenly half of the people run.

Sources: free walking speeds have a mean of 1.34 and a standard deviation of 0.26 m/s (Weidmann, 1993), so
half of a crowd does not walk at 1.8 m/s; people in panic run (Helbing, Farkas and Vicsek, Nature 407, 487,
2000). The rise is counted against what was usual here in the rule's window, so a jogging track is no panic.
"""

from math import hypot, sqrt
from statistics import median

import numpy as np

from edge.rules.glance import Answer, Gauge, Glance
from edge.rules.series import Series
from edge.values.dynamics import Unit
from edge.values.fact import Moving

RUNS_MPS, STILL_RUNS_MPS = 1.8, 1.5
"""Half of the people run from the first on, and until they are slower than the second: a median jitters."""
SUDDEN_S = 3.0
"""What happened before this is usual; what happened since is now."""
LEAST_PIECES = 5


class Dispersal(Gauge):
    """By how much the median speed exceeds the usual one, m/s; 0 unless half of the people run."""

    def __init__(self, min_people: int, window_s: float) -> None:
        self._min_people = min_people
        self._series = Series(window_s)
        self._running = False

    @property
    def running(self) -> bool:
        """Whether half of the people ran when they were last looked at."""
        return self._running

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        n = len(glance.walks)
        if n < self._min_people:
            return None
        now = glance.walks.median_mps
        self._series.add(glance.moment, now)
        if not self._series.holds_until(SUDDEN_S, LEAST_PIECES):
            return None
        self._running = now >= (STILL_RUNS_MPS if self._running else RUNS_MPS)
        if not self._running:
            return glance.told(0.0, 0.0, Unit.FASTER, n)
        faster = max(0.0, now - median(self._series.until(SUDDEN_S)))
        # The standard error of a normal sample's median is √(π/2) times that of its mean.
        error = 1.2533 * float(glance.walks.pace_mps.std()) / sqrt(n)
        sd = hypot(error, faster * glance.sight.scale_sd) if faster else 0.0
        return glance.told(faster, sd, Unit.FASTER, n)


def rushed(moving: Moving, classes: frozenset[str] | None, min_people: int) -> set[str]:
    """Zones in which half of at least so many people of these classes may run; elsewhere most are slower."""
    every, zones = moving.everyone, set()
    runs = every.pace_mps >= STILL_RUNS_MPS
    counts = None if classes is None else np.array([each in classes for each in every.labels])[every.classes]
    if counts is not None:
        runs &= counts
    for zone, rows in moving.rows.items():
        n = len(rows) if counts is None else np.count_nonzero(counts.take(rows))
        if n >= min_people and 2 * np.count_nonzero(runs.take(rows)) >= n:
            zones.add(zone)
    return zones
