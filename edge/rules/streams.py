"""Who walks against the stream: against the way of most, or against where everybody should go.

Source: people within 60° of the opposite direction count as against, across is neither. Opposed streams of
10 % already cost a corridor 15 % of its capacity (U. Weidmann, Transporttechnik der Fussgänger, ETH Zürich,
1993).
"""

import numpy as np

from edge.rules.glance import REACH, UNSURE, Answer, Gauge, Glance, confusion
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
        self._heading = None if heading is None else np.array(heading) / np.hypot(*heading)

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        walks = glance.walks
        walking = walks.pace_mps >= WALKS_MPS
        n = int(walking.sum())
        if n < self._min_people:
            return None
        confused = confusion(glance.sight, walking)
        if confused > CONFUSED:
            return UNSURE
        ways = walks.speed_mps[walking] / walks.pace_mps[walking][:, None]
        heading = main_stream(ways) if self._heading is None else self._heading
        against = int((ways @ heading < AGAINST).sum())
        low, high = wilson(against, n)
        return Dynamics(against / n, low, high, Unit.SHARE, n, walks.confidence, walks.mean_mps)


def main_stream(ways: F64) -> F64:
    """Direction in which most go: the axis of all ways (mean of doubled angles), with the majority's sign."""
    angles = 2 * np.arctan2(ways[:, 1], ways[:, 0])
    axis = np.arctan2(np.sin(angles).mean(), np.cos(angles).mean()) / 2
    heading = np.array([np.cos(axis), np.sin(axis)])
    along = ways @ heading
    return np.asarray(heading if (along > -AGAINST).sum() >= (along < AGAINST).sum() else -heading)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Score interval of a share (E. B. Wilson, JASA 22(158), 1927), which holds it nine times of ten."""
    share, z2 = hits / n, REACH**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = REACH / (1 + z2 / n) * float(np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)))
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))
