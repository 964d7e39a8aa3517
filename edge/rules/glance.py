"""What a gauge of crowd dynamics looks at, and how it remembers what it saw.

Law: a gauge is about many. It reads what a glance holds, gives one number, and knows neither threshold nor
event; fewer people than the rule's `min_people` give no number at all.
"""

from collections import deque
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np

from edge.values.crowd import Floor, Width
from edge.values.dynamics import Dynamics, Unit
from edge.values.moment import Moment
from edge.values.walks import F64, Walks

REACH = 1.645
"""Standard deviations on both sides of a normal distribution that hold `COVERAGE` of it."""
STANDS_MPS = 0.3
"""Slower is waiting: a queue creeps at 0.1 to 0.2 m/s, a stroll is faster than 0.6 m/s (Weidmann, 1993)."""


@dataclass(frozen=True, slots=True)
class Glance:
    """One look at one place.

    Attributes:
        moment: when.
        walks: how those in the zone move, of the rule's classes.
        per_m2: how densely they stand.
        floor: of the zone.
        gone: how many left the zone since the last look; how many passed the line, for a route.
        halted: how many stopped in the zone since then.
        width: of the line, for a route.
    """

    moment: Moment
    walks: Walks
    per_m2: float
    floor: Floor
    gone: int = 0
    halted: int = 0
    width: Width | None = None

    @property
    def scale_sd(self) -> float:
        """Relative doubt in lengths on this ground: half of that in areas."""
        return self.floor.sd_m2 / self.floor.m2 / 2

    def told(self, value: float, sd: float, unit: Unit, missed_max: float = 0.0) -> Dynamics:
        """The number with its interval: 1.645 standard deviations, upwards divided by who may be missed."""
        low, high = max(0.0, value - REACH * sd), (value + REACH * sd) / (1 - missed_max)
        walks = self.walks
        confidence, speed = float(walks.scores.mean()), float(walks.pace_mps.mean())
        return Dynamics(value, low, high, unit, len(walks), confidence, speed)


class Gauge(Protocol):
    """Turns glances at one place, in order of time, into one number."""

    def read(self, glance: Glance) -> Dynamics | None:
        """The number now; None where it cannot be known yet."""
        ...


class Series:
    """One number over the last `window_s` seconds, as means over pieces of `piece_s`."""

    def __init__(self, window_s: float, piece_s: float = 1.0) -> None:
        self._window_s, self._piece_s = window_s, piece_s
        self._pieces: deque[tuple[Moment, float, int]] = deque()

    def add(self, moment: Moment, value: float) -> None:
        """The number at this moment, which is no earlier than the last."""
        if self._pieces and moment.seconds_since(self._pieces[-1][0]) < self._piece_s:
            began, total, n = self._pieces[-1]
            self._pieces[-1] = (began, total + value, n + 1)
        else:
            self._pieces.append((moment, value, 1))
        while moment.seconds_since(self._pieces[0][0]) > self._window_s:
            self._pieces.popleft()

    @property
    def covered_s(self) -> float:
        """How much of the window has been seen, counting the piece that is being filled."""
        return self._pieces[-1][0].seconds_since(self._pieces[0][0]) + self._piece_s if self._pieces else 0.0

    @property
    def total(self) -> float:
        """Sum of all numbers in the window."""
        return sum(total for _, total, _ in self._pieces)

    @property
    def mean(self) -> float:
        """Mean of all numbers in the window; of at least one."""
        return self.total / sum(n for _, _, n in self._pieces)

    def per_second(self) -> float:
        """The sum by the second that was seen."""
        return self.total / self.covered_s if self._pieces else 0.0

    def times_and_means(self) -> tuple[F64, F64]:
        """Seconds of each piece since the first, and its mean."""
        first = self._pieces[0][0]
        times = np.array([began.seconds_since(first) for began, _, _ in self._pieces])
        return times, np.array([total / n for _, total, n in self._pieces])


def slope(times: F64, values: F64) -> tuple[float, float]:
    """Least-squares slope per second, and its standard error; of at least three."""
    off = times - times.mean()
    spread = float(off @ off)
    rise = float(off @ values) / spread
    left = values - values.mean() - rise * off
    return rise, sqrt(float(left @ left) / (len(times) - 2) / spread)
