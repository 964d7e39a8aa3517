"""Who walks against the stream: against the way of most, or against where everybody should go.

Source: people within 60° of the opposite direction count as against, across is neither. Opposed streams of
10 % already cost a corridor 15 % of its capacity (U. Weidmann, Transporttechnik der Fussgänger, ETH Zürich,
1993).
"""

from math import atan2, cos, hypot, sin, sqrt

import numpy as np

from edge.rules.glance import REACH, UNSURE, Answer, Gauge, Glance, confused
from edge.values.dynamics import Dynamics, Unit
from edge.values.walks import F64

WALKS_MPS = 0.4
"""Slower has no direction that could be against anything."""
AGAINST = -0.5
"""Cosine of 120°."""
CONFUSED = 0.12
"""Confusion from which tracks that jump between neighbours make up a stream of their own."""


class CounterFlow(Gauge):
    """Share against the main stream, at most a half; against `heading`, at most all."""

    def __init__(self, min_people: int, heading: tuple[float, float] | None) -> None:
        self._min_people = min_people
        self._heading = None if heading is None else tuple(each / hypot(*heading) for each in heading)

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        walks = glance.walks
        if len(walks) < self._min_people:
            return None
        walking = (walks.pace_mps >= WALKS_MPS).nonzero()[0]
        n = len(walking)
        if n < self._min_people:
            return None
        if confused(glance.sight, walking, CONFUSED):
            return UNSURE
        ways = walks.speed_mps[walking]
        ways /= walks.pace_mps[walking][:, None]
        stream = main_stream(ways) if self._heading is None else self._heading
        against = int(np.count_nonzero(ways @ np.array(stream) < AGAINST))
        low, high = wilson(against, n)
        return Dynamics(against / n, low, high, Unit.SHARE, n, walks.confidence, walks.mean_mps)


def main_stream(ways: F64) -> tuple[float, float]:
    """Direction in which most go: the axis of all ways (mean of doubled angles), with the majority's sign.

    The square of x + iy has the double of its angle.
    """
    each = ways[:, 0] + 1j * ways[:, 1]
    doubled = complex(each @ each)
    axis = atan2(doubled.imag, doubled.real) / 2
    east, north = cos(axis), sin(axis)
    shares = (each * complex(east, -north)).real
    most = np.count_nonzero(shares > -AGAINST) >= np.count_nonzero(shares < AGAINST)
    return (east, north) if most else (-east, -north)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Score interval of a share (E. B. Wilson, JASA 22(158), 1927), which holds it nine times of ten."""
    share, z2 = hits / n, REACH**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = REACH / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))
