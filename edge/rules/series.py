"""One number over the last while, in pieces of time."""

from collections import deque
from math import sqrt
from operator import truediv

from edge.values.moment import NS_PER_S, Moment

LONGER = 1.5
"""Pieces that are longer by more have a gap between them."""


class Series:
    """One number over the last `window_s` seconds, as means over pieces of `piece_s`."""

    def __init__(self, window_s: float, piece_s: float = 1.0) -> None:
        self._window_ns, self._piece_ns = round(window_s * NS_PER_S), round(piece_s * NS_PER_S)
        self._piece_s = piece_s
        self._began: deque[int] = deque()
        self._totals: deque[float] = deque()
        self._counts: deque[int] = deque()

    def __len__(self) -> int:
        return len(self._began)

    def add(self, moment: Moment, value: float) -> None:
        """The number at this moment, which is no earlier than the last."""
        now = moment.mono_ns
        if self._began and now - self._began[-1] < self._piece_ns:
            self._totals[-1] += value
            self._counts[-1] += 1
        else:
            self._began.append(now)
            self._totals.append(value)
            self._counts.append(1)
        while now - self._began[0] > self._window_ns:
            self._began.popleft()
            self._totals.popleft()
            self._counts.popleft()

    @property
    def spans_s(self) -> float:
        """From the begin of the first piece to that of the last."""
        return (self._began[-1] - self._began[0]) / NS_PER_S if self._began else 0.0

    @property
    def covered_s(self) -> float:
        """How much of the window has been seen, counting the piece that is being filled.

        What is added seldom makes longer pieces: the newest is taken to be as long as the last.
        """
        if len(self._began) < 2:
            return self._piece_s if self._began else 0.0
        last_s = (self._began[-1] - self._began[-2]) / NS_PER_S
        return self.spans_s + min(max(last_s, self._piece_s), LONGER * self._piece_s)

    @property
    def total(self) -> float:
        """Sum of all numbers in the window."""
        return sum(self._totals)

    @property
    def mean(self) -> float:
        """Mean of all numbers in the window; of at least one."""
        return sum(self._totals) / sum(self._counts)

    def per_second(self) -> float:
        """The sum by the second that was seen."""
        return self.total / self.covered_s if self._began else 0.0

    def until(self, seconds: float) -> list[float]:
        """Means of the pieces that began at least so long before the last."""
        latest = self._began[-1] - round(seconds * NS_PER_S)
        pieces = zip(self._began, self._totals, self._counts, strict=True)
        return [total / n for began, total, n in pieces if began <= latest]

    def holds_until(self, seconds: float, pieces: int) -> bool:
        """Whether at least so many pieces began so long before the last."""
        if len(self._began) < pieces:
            return False
        return self._began[-1] - self._began[pieces - 1] >= round(seconds * NS_PER_S)

    def slope(self) -> tuple[float, float]:
        """Least-squares slope of the means per second, and its standard error; of at least three pieces."""
        means, first = list(map(truediv, self._totals, self._counts)), self._began[0]
        times = [(began - first) / NS_PER_S for began in self._began]
        n = len(means)
        middle, level = sum(times) / n, sum(means) / n
        off, over = [t - middle for t in times], [m - level for m in means]
        spread = sum([t**2 for t in off])
        rise = sum([t * m for t, m in zip(off, over, strict=True)]) / spread
        left = sum([(m - rise * t) ** 2 for t, m in zip(off, over, strict=True)])
        return rise, sqrt(left / (n - 2) / spread)

    def change(self) -> float:
        """By how much the last mean exceeds the first, by the second between them; 0 of one."""
        if len(self._began) < 2:
            return 0.0
        first, last = (self._totals[k] / self._counts[k] for k in (0, -1))
        return (last - first) / self.spans_s
