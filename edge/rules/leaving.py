"""A way out: how many pass, how many could, and when those who are there now will be through.

Law: the clearance time is the people before the line divided by the rate at which they pass (Little, 1961).
While they still walk up to it, it is taken to let through what it can; once they stand, only what it does
let through counts.
Sources: capacity 82 persons/min/m (Fruin, 1971, level F; also the Guide to Safety at Sports Grounds, which
has 66 on stairs).
"""

from math import hypot, sqrt

from edge.rules.glance import Answer, Gauge, Glance
from edge.rules.headways import Headways
from edge.rules.series import Series
from edge.values.dynamics import Dynamics, Passage, Unit

LONGEST_S = 3600.0
"""Nobody waits longer than that for a number."""
BLOCKED, FULL = 0.1, 0.9
"""Shares of the capacity under and from which a way out is blocked or full."""
WALKS_MPS = 0.67
"""Half of the free walking speed: slower than this, people are held up (Weidmann, 1993)."""
SOON_S = 15.0
"""A stop is judged by who passed lately; the whole window would hide it for too long."""


class Route(Gauge):
    """Seconds until those before the line will have passed it."""

    def __init__(self, min_people: int, missed_max: float, window_s: float, capacity: float) -> None:
        self._min_people, self._missed_max, self._capacity = min_people, missed_max, capacity
        self._passed, self._lately = Series(window_s), Headways(min(window_s, SOON_S))
        self._there = Series(window_s)

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        n, there = len(glance.walks), glance.sight.heads.mean
        self._passed.add(glance.moment, len(glance.gone))
        self._lately.add(glance.moment, glance.gone)
        self._there.add(glance.moment, there)
        if n < self._min_people or glance.width is None or self._lately.covered_s < SOON_S / 3:
            return None
        can = self._capacity * glance.width.m / 60
        held_up = glance.walks.median_mps < WALKS_MPS
        does = self._lately.per_second()
        rate = does if held_up else max(does, can)
        seconds = min(LONGEST_S, there / rate) if rate else LONGEST_S
        sd = seconds * hypot(glance.width.sd_m / glance.width.m, 1 / sqrt(max(1, len(self._lately))))
        sd = sd if seconds < LONGEST_S else 0.0
        told = glance.measured(seconds, sd, Unit.CLEARANCE, n, self._missed_max)
        per_min, state = self._passed.per_second() * 60, self._state(held_up, does, can)
        return Dynamics(*told, per_min=per_min, capacity_per_min=can * 60, state=state)

    def _state(self, held_up: bool, does: float, can: float) -> Passage:
        if held_up and does < BLOCKED * can:
            return Passage.BLOCKED
        comes = does + self._there.change()
        if held_up and comes > can:
            return Passage.OVER
        return Passage.FULL if does >= FULL * can else Passage.FREE
