"""From heads on a floor to persons per square metre, its interval and its name.

Law: the interval covers what was measured and what was not: people who stand on the border, the doubt in
the floor's area, and, upwards only, people whom the detector may not see. It is an interval for this
moment's density on the floor that can be seen, not for the day or the square. Which of boxes and density
map counts is the business of `fusion`.
"""

from bisect import bisect_right

from edge.rules.fusion import Blend, Estimate, by_boxes, by_map, fused
from edge.values.acuity import Glimpses
from edge.values.crowd import LEVELS, Basis, Crowd, DensityTable, Floor, Heads, Mapped

CLEARS = 0.8
"""Share of a level's threshold under which it is left: ±10 % of noise cannot make a level flap."""


_STEPS = {
    table: tuple([least * share for least, _ in steps] for share in (1.0, CLEARS))
    for table, steps in LEVELS.items()
}
"""Where each level is reached, and where it is left."""


class Level:
    """The name of one place's density over time: it rises at once, and falls when it is well below."""

    def __init__(self, table: DensityTable) -> None:
        self.table = table
        self._index = 0

    def of(self, per_m2: float) -> str:
        """The name, given the density now."""
        reached, held = _STEPS[self.table]
        self._index = max(bisect_right(reached, per_m2), min(self._index + 1, bisect_right(held, per_m2))) - 1
        return LEVELS[self.table][self._index][1]


def crowd(
    people: Heads,
    floor: Floor,
    missed_max: float,
    level: Level,
    mapped: Mapped | None = None,
    blend: Blend = Blend(),  # noqa: B008 - frozen
    glimpses: Glimpses | None = None,
) -> Crowd:
    """The density of people on a floor.

    Args:
        people: who stand in the zone.
        floor: of the zone.
        missed_max: largest share of the people that may be hidden or missed, 0..0.9.
        level: gives the density its name, and remembers it; where nobody can count, the least that it can be.
        mapped: what a density map told, where there is a fresh one.
        blend: where the map takes over.
        glimpses: what the detector only half saw, where that is known.
    """
    found, basis = estimated(people, floor, missed_max, mapped, blend, glimpses)
    known = None if glimpses is None else found.countless
    name, interval = level.of(found.low if known else found.best), (found.low, found.high)
    return Crowd(found.best, *interval, floor, missed_max, level.table, name, basis, mapped, known)


def estimated(
    people: Heads,
    floor: Floor,
    missed_max: float,
    mapped: Mapped | None,
    blend: Blend,
    glimpses: Glimpses | None,
) -> tuple[Estimate, Basis]:
    """The density of people on a floor, without a name, and what it was counted by."""
    told = None if mapped is None else by_map(mapped, floor)
    return fused(by_boxes(people, floor, missed_max, glimpses), told, blend)
