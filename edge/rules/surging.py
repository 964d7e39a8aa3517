"""A surge: the density of a zone rises faster than it should.

Source: G. K. Still, Introduction to Crowd Science (2014), and Fruin (1993): what kills is not a density but
its arrival before anybody acts; the rate says how long there is. At 2 persons/m² a rise of 3 persons/m² per
minute leaves half a minute until people touch without wanting to (3.57).
"""

from math import hypot

from edge.rules.glance import Answer, Gauge, Glance
from edge.rules.series import Series
from edge.values.dynamics import Unit

LEAST_SHARE = 0.5
"""Share of the window that must have been seen."""


class Surge(Gauge):
    """Rise of the density in the last `window_s`, persons per square metre and minute; 0 while it falls."""

    def __init__(self, min_people: int, missed_max: float, window_s: float) -> None:
        self._min_people, self._missed_max, self._window_s = min_people, missed_max, window_s
        self._series = Series(window_s)

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        series, n = self._series, len(glance.walks)
        series.add(glance.moment, glance.per_m2)
        if n < self._min_people or len(series) < 4 or series.spans_s < LEAST_SHARE * self._window_s:
            return None
        rise, error = series.slope()
        per_min = max(0.0, rise * 60)
        sd = hypot(error * 60, per_min * 2 * glance.sight.scale_sd)
        return glance.told(per_min, sd, Unit.RISE, n, self._missed_max)
