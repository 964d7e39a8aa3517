"""How many pass by the second, by the times between those who passed lately.

Law: who pass evenly pass at the same rate whenever one looks; to count them in a window gives one more or one
less, by where it happens to begin. A longer gap at either end of the window counts for what it is.
"""

from collections.abc import Iterable

from edge.values.moment import NS_PER_S, Moment


class Headways:
    """Who passed in the last `window_s` seconds."""

    def __init__(self, window_s: float) -> None:
        self._window_ns = round(window_s * NS_PER_S)
        self._passed: list[int] = []
        self._began: int | None = None
        self._now = 0

    def __len__(self) -> int:
        return len(self._passed)

    def add(self, moment: Moment, passed: Iterable[int]) -> None:
        """It is this moment, and these were told since the last: monotonic times at which they passed, ns."""
        self._now = now = moment.mono_ns
        self._began = now if self._began is None else self._began
        self._passed = sorted(at for at in (*self._passed, *passed) if 0 <= now - at <= self._window_ns)

    @property
    def covered_s(self) -> float:
        """How much of the window has been seen."""
        return 0.0 if self._began is None else min(self._now - self._began, self._window_ns) / NS_PER_S

    def per_second(self) -> float:
        """How many pass by the second; 0 where nobody did."""
        n, covered_s = len(self._passed), self.covered_s
        if not n or covered_s <= 0:
            return 0.0
        first_s, last_s = ((self._now - at) / NS_PER_S for at in (self._passed[0], self._passed[-1]))
        usual_s = (first_s - last_s) / max(n - 1, 1)
        return n / (first_s - last_s + _end_s(covered_s - first_s, usual_s) + _end_s(last_s, usual_s))


def _end_s(gap_s: float, usual_s: float) -> float:
    """How much of the gap at an end counts: half a usual one up to that, and all of it from twice that on."""
    return max(usual_s / 2, min(gap_s, 1.5 * gap_s - usual_s))
