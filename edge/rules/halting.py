"""Stop-and-go: people who walk, stop, and walk again, because there is no room ahead.

Source: stop-and-go waves precede turbulence in dense crowds (Helbing, Johansson and Al-Abideen, Phys. Rev.
E 75, 046109, 2007) and are seen as people who stand in one place and walk in another (A. Portz and A.
Seyfried, PED 2010). Whoever arrives stops once; what stops again and again has no room.
"""

from dataclasses import replace
from math import sqrt

from edge.rules.glance import Gauge, Glance, Series
from edge.values.dynamics import Dynamics, Unit

CROWDED_PER_M2 = 0.72
"""Thinner, there is room (Fruin's level D begins here), and who stops wants to."""


class StopAndGo(Gauge):
    """How often one of the people in the zone stops, by the minute, over the last `window_s`."""

    def __init__(self, min_people: int, window_s: float) -> None:
        self._min_people, self._window_s = min_people, window_s
        self._stops, self._people = Series(window_s), Series(window_s)

    def read(self, glance: Glance) -> Dynamics | None:
        """The number now; None where it cannot be known yet."""
        n = len(glance.walks)
        self._stops.add(glance.moment, float(glance.halted))
        self._people.add(glance.moment, float(n))
        if (
            n < self._min_people
            or glance.per_m2 < CROWDED_PER_M2
            or self._people.covered_s < self._window_s / 2
        ):
            return None
        stops, minutes = self._stops.total, self._people.mean * self._people.covered_s / 60
        return replace(glance.told(stops / minutes, sqrt(stops) / minutes, Unit.STOPS), people=n)
