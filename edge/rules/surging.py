"""A surge: the density of a zone rises faster than it should.

Source: G. K. Still, Introduction to Crowd Science (2014), and Fruin (1993): what kills is not a density but
its arrival before anybody acts; the rate says how long there is. At 2 persons/m² a rise of 3 persons/m² per
minute leaves half a minute until people touch without wanting to (3.57).
"""

from dataclasses import replace
from math import hypot

from edge.rules.glance import Gauge, Glance, Series, slope
from edge.values.dynamics import Dynamics, Unit

LEAST_SHARE = 0.5
"""Share of the window that must have been seen."""


class Surge(Gauge):
    """Rise of the density in the last `window_s`, persons per square metre and minute; 0 while it falls."""

    def __init__(self, min_people: int, missed_max: float, window_s: float) -> None:
        self._min_people, self._missed_max, self._window_s = min_people, missed_max, window_s
        self._series = Series(window_s)

    def read(self, glance: Glance) -> Dynamics | None:
        """The number now; None where it cannot be known yet."""
        self._series.add(glance.moment, glance.per_m2)
        times, densities = self._series.times_and_means()
        if len(glance.walks) < self._min_people or len(times) < 4 or times[-1] < LEAST_SHARE * self._window_s:
            return None
        rise, error = slope(times, densities)
        per_min = max(0.0, rise * 60)
        sd = hypot(error * 60, per_min * 2 * glance.scale_sd)
        told = glance.told(per_min, sd, Unit.RISE, self._missed_max)
        return replace(told, people=len(glance.walks))
