"""What a gauge of crowd dynamics looks at, and what it answers.

Law: a gauge is about many. It reads what a glance holds, gives one number, and knows neither threshold nor
event; fewer people than the rule's `min_people` give no number at all. Where people are there and their
motion cannot be told, the answer is `UNSURE`, which is neither a number nor the absence of one.
"""

from enum import Enum
from math import sqrt
from typing import Final, Literal, NamedTuple, Protocol

import numpy as np

from edge.rules.cells import SIDE_M
from edge.rules.sight import Sight
from edge.values.crowd import Width
from edge.values.dynamics import Dynamics, Unit
from edge.values.moment import Moment
from edge.values.walks import Walks

REACH = 1.645
"""Standard deviations on both sides of a normal distribution that hold `COVERAGE` of it."""
STANDS_MPS = 0.3
"""Slower is waiting: a queue creeps at 0.1 to 0.2 m/s, a stroll is faster than 0.6 m/s (Weidmann, 1993)."""


_ALL_BUT = 1 - 1e-9
"""More than sums of rounded numbers may be off."""


class Doubt(Enum):
    """No number, because nobody can say who goes where."""

    UNSURE = "unsure"


UNSURE: Final = Doubt.UNSURE
Answer = Dynamics | Literal[Doubt.UNSURE] | None
"""A number; that it cannot be told; or that there is nothing to tell a number of."""
Measured = tuple[float, float, float, Unit, int, float, float]
"""What every `Dynamics` says, in its order."""


class Glance(NamedTuple):
    """One look at one place.

    Attributes:
        moment: when.
        sight: who is in the zone, of the rule's classes.
        gone: when each left the zone who did since the last look, monotonic ns; of a route, passed the line.
        width: of the line, for a route.
    """

    moment: Moment
    sight: Sight
    gone: tuple[int, ...] = ()
    width: Width | None = None

    @property
    def walks(self) -> Walks:
        """How those in the zone move."""
        return self.sight.walks

    @property
    def per_m2(self) -> float:
        """How densely they stand."""
        return self.sight.per_m2

    def told(self, value: float, sd: float, unit: Unit, people: int, missed_max: float = 0.0) -> Dynamics:
        """The number with its interval: 1.645 standard deviations, upwards divided by who may be missed."""
        return Dynamics(*self.measured(value, sd, unit, people, missed_max))

    def measured(self, value: float, sd: float, unit: Unit, people: int, missed_max: float) -> Measured:
        """The same, for a gauge that has more to tell."""
        low, high = max(0.0, value - REACH * sd), (value + REACH * sd) / (1 - missed_max)
        walks = self.sight.walks
        return value, low, high, unit, people, walks.confidence, walks.mean_mps


class Gauge(Protocol):
    """Turns glances at one place, in order of time, into one number."""

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        ...


def confused(sight: Sight, whom: np.ndarray | slice, least: float) -> bool:
    """Whether their `confusion` is more than `least`: no squares are drawn where all in one would not do."""
    noise_mps = sight.walks.noise_mps[whom]
    most = float(np.add.reduce(noise_mps)) / len(noise_mps) * sqrt(len(sight.walks) / SIDE_M**2)
    return most >= least * _ALL_BUT and confusion(sight, whom) > least


def confusion(sight: Sight, whom: np.ndarray | slice) -> float:
    """How easily these people are taken for their neighbours: scatter of places by their distance.

    `whom` is a mask or an index array of those in sight. Below 0.1 next to nobody is confused, from 0.15 on
    more are than not (measured with the bundled tracker, see ADR 26).
    """
    of_each = sight.walks.noise_mps[whom] * np.sqrt(sight.cells.crowding[whom])
    return float(np.add.reduce(of_each)) / len(of_each)
