"""Dispersal: suddenly half of the people run.

Sources: free walking speeds have a mean of 1.34 and a standard deviation of 0.26 m/s (Weidmann, 1993), so
half of a crowd does not walk at 1.8 m/s; people in panic run (Helbing, Farkas and Vicsek, Nature 407, 487,
2000). The rise is counted against what was usual here in the rule's window, so a jogging track is no panic.
"""

from dataclasses import replace
from math import hypot, sqrt

import numpy as np

from edge.rules.glance import Gauge, Glance, Series
from edge.values.dynamics import Dynamics, Unit

RUNS_MPS = 1.8
SUDDEN_S = 3.0
"""What happened before this is usual; what happened since is now."""
LEAST_PIECES = 5


class Dispersal(Gauge):
    """By how much the median speed exceeds the usual one, m/s; 0 unless half of the people run."""

    def __init__(self, min_people: int, window_s: float) -> None:
        self._min_people = min_people
        self._series = Series(window_s)

    def read(self, glance: Glance) -> Dynamics | None:
        """The number now; None where it cannot be known yet."""
        n = len(glance.walks)
        if n < self._min_people:
            return None
        pace = glance.walks.pace_mps
        now = float(np.median(pace))
        self._series.add(glance.moment, now)
        times, paces = self._series.times_and_means()
        before = paces[times <= times[-1] - SUDDEN_S]
        if len(before) < LEAST_PIECES:
            return None
        faster = max(0.0, now - float(np.median(before))) if now >= RUNS_MPS else 0.0
        # The standard error of a normal sample's median is √(π/2) times that of its mean.
        error = 1.2533 * float(pace.std()) / sqrt(n)
        sd = hypot(error, faster * glance.scale_sd) if faster else 0.0
        return replace(glance.told(faster, sd, Unit.FASTER), people=n)
