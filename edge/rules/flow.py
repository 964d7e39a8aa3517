"""From people who cross a line to persons per minute and metre of its width.

Law: a flow is what was counted in a window that ends now; a window that did not run full yet holds what it
holds, and so never exaggerates. Its interval covers the doubt in the line's length and, upwards only, people
whom the detector may not see.
"""

from bisect import bisect_right
from collections import deque

from edge.values.crowd import FLOW_LEVELS, Flow, Width
from edge.values.fact import Sighting
from edge.values.moment import NS_PER_S, Moment

_REACH = 1.645
CLEARS = 0.8
"""Share of a level's threshold under which it is left."""
_RISES = [least for least, _ in FLOW_LEVELS]
_FALLS = [least * CLEARS for least, _ in FLOW_LEVELS]


class Passages:
    """Who crossed one line in the last `window_s` seconds."""

    def __init__(self, window_s: float) -> None:
        self._window_s, self._window_ns = window_s, round(window_s * NS_PER_S)
        self._passed: deque[tuple[int, Sighting]] = deque()
        self._index = 0

    def add(self, who: Sighting, moment: Moment) -> None:
        """Somebody crossed."""
        self._passed.append((moment.mono_ns, who))

    def within(self, moment: Moment) -> tuple[Sighting, ...]:
        """Who crossed in the window that ends now, latest first."""
        self._forget(moment)
        return tuple(who for _, who in reversed(self._passed))

    def rate(self, moment: Moment, width: Width) -> float:
        """Persons per minute and metre of this width in the window that ends now."""
        self._forget(moment)
        return len(self._passed) / width.m / (self._window_s / 60)

    def flow(self, moment: Moment, width: Width, missed_max: float) -> Flow:
        """The flow in the window that ends now, over a line of this width."""
        rate = self.rate(moment, width)
        reach = _REACH * rate * width.sd_m / width.m
        low, high = max(0.0, rate - reach), (rate + reach) / (1.0 - missed_max)
        return Flow(rate, low, high, width, self._window_s, missed_max, self._level(rate))

    def _forget(self, moment: Moment) -> None:
        oldest = moment.mono_ns - self._window_ns
        while self._passed and self._passed[0][0] <= oldest:
            self._passed.popleft()

    def _level(self, rate: float) -> str:
        reached, held = bisect_right(_RISES, rate) - 1, bisect_right(_FALLS, rate) - 1
        self._index = max(reached, min(self._index, held))
        return FLOW_LEVELS[self._index][1]
