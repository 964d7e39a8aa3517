"""From heads on a floor to persons per square metre, its interval and its name.

Law: the interval covers what was measured and what was not: people who stand on the border, the doubt in
the floor's area, and, upwards only, people whom the detector may not see. It is an interval for this
moment's density on the floor that can be seen, not for the day or the square.
"""

from bisect import bisect_right
from math import sqrt

from edge.values.crowd import LEVELS, Crowd, DensityTable, Floor, Heads

CLEARS = 0.8
"""Share of a level's threshold under which it is left: ±10 % of noise cannot make a level flap."""
_REACH = 1.645
"""Standard deviations on both sides of a normal distribution that hold `COVERAGE` of it."""


class Level:
    """The name of one place's density over time: it rises at once, and falls when it is well below."""

    def __init__(self, table: DensityTable) -> None:
        self.table = table
        self._index = 0

    def of(self, per_m2: float) -> str:
        """The name, given the density now."""
        steps = LEVELS[self.table]
        reached = bisect_right([least for least, _ in steps], per_m2) - 1
        held = bisect_right([least * CLEARS for least, _ in steps], per_m2) - 1
        self._index = max(reached, min(self._index, held))
        return steps[self._index][1]


def crowd(people: Heads, floor: Floor, missed_max: float, level: Level) -> Crowd:
    """The density of people on a floor.

    Args:
        people: who stand in the zone.
        floor: of the zone.
        missed_max: largest share of the people that may be hidden or missed, 0..0.9.
        level: gives the density its name, and remembers it.
    """
    density = people.mean / floor.m2
    reach = _REACH * sqrt(people.variance / floor.m2**2 + (density * floor.sd_m2 / floor.m2) ** 2)
    low, high = max(0.0, density - reach), (density + reach) / (1.0 - missed_max)
    return Crowd(density, low, high, floor, missed_max, level.table, level.of(density))
