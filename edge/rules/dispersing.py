"""Dispersal: suddenly half of the people run.

Sources: free walking speeds have a mean of 1.34 and a standard deviation of 0.26 m/s (Weidmann, 1993), so
half of a crowd does not walk at 1.8 m/s; people in panic run (Helbing, Farkas and Vicsek, Nature 407, 487,
2000). The rise is counted against what was usual here in the rule's window, so a jogging track is no panic.
"""

from dataclasses import replace
from math import hypot, sqrt
from statistics import median

import numpy as np

from edge.rules.glance import Answer, Gauge, Glance
from edge.rules.series import Series
from edge.values.dynamics import Unit
from edge.values.fact import Moving
from edge.values.moment import Moment

RUNS_MPS, STILL_RUNS_MPS = 1.8, 1.5
"""Half of the people run from the first on, and until they are slower than the second: a median jitters."""
SUDDEN_S = 3.0
"""What happened before this is usual; what happened since is now."""
LEAST_PIECES = 5
LAGS_S = 0.7
"""So far a walker's speed lags behind while they go faster and faster: twice the memory of the filter that
measures it (`edge.scene.walking`), which is its lag under a steady acceleration (Brookner, 1998)."""


class Dispersal(Gauge):
    """By how much the median speed exceeds the usual one, m/s; 0 unless half of the people run."""

    def __init__(self, min_people: int, window_s: float) -> None:
        self._min_people = min_people
        self._series = Series(window_s)
        self._running = False
        self._last: tuple[Moment, float] | None = None

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
        lag_mps = self._lag_mps(glance.moment, now)
        if not self._series.holds_until(SUDDEN_S, LEAST_PIECES):
            return None
        self._running = now >= (STILL_RUNS_MPS if self._running else RUNS_MPS)
        if not self._running and now + lag_mps < RUNS_MPS:
            return glance.told(0.0, 0.0, Unit.FASTER, n)
        faster = max(0.0, now - median(self._series.until(SUDDEN_S)))
        # The standard error of a normal sample's median is √(π/2) times that of its mean.
        error = 1.2533 * float(glance.walks.pace_mps.std()) / sqrt(n)
        sd = hypot(error, faster * glance.sight.scale_sd) if faster else 0.0
        told = glance.told(faster, sd, Unit.FASTER, n)
        if not self._running:  # they may run by now, and nobody can say so yet
            return replace(told, value=0.0, low=0.0, high=told.high + lag_mps)
        return replace(told, high=told.high + lag_mps)

    def _lag_mps(self, moment: Moment, now: float) -> float:
        """By how much the speed may be higher than it was measured, by how it rose since the last look."""
        before, self._last = self._last, (moment, now)
        if before is None:
            return 0.0
        since_s = moment.seconds_since(before[0])
        return max(0.0, now - before[1]) / since_s * LAGS_S if 0 < since_s <= SUDDEN_S else 0.0


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
