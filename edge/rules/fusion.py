"""Boxes and a density map become one density: boxes where people stand loosely, the map where densely.

Law: who is seen is there, so the map never says fewer than the boxes. Between the two the best estimate goes
over without a step, and the interval holds what both allow. A map of which nobody measured how far it is off
moves the best estimate, and takes nothing from what the boxes leave open.

Why: a detector finds single people well and loses those who hide each other; a map counts heads in a crowd
well and invents people where there are few (J. Liu, C. Gao, D. Meng, A. Hauptmann, DecideNet, CVPR 2018).
Where they change places follows from geometry: somebody 1.7 m tall and 0.45 m wide, seen from 45 to 30
degrees above, covers 0.8 to 1.3 m² of the ground behind. Of people who stand by chance, 1 - exp(-d × area)
have another in front of them: a third to a half at d = 0.5 persons/m², half to three quarters at 1.
"""

from dataclasses import dataclass
from math import sqrt

from edge.values.acuity import Glimpses
from edge.values.crowd import MOST_PER_M2, Basis, Floor, Heads, Mapped

REACH = 1.645
"""Standard deviations on both sides of a normal distribution that hold `COVERAGE` of it."""


@dataclass(frozen=True, slots=True)
class Blend:
    """Where the map takes over, persons per square metre.

    Attributes:
        sparse_below: boxes alone count below it.
        dense_from: the map alone counts from it on.
    """

    sparse_below: float = 0.5
    dense_from: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.sparse_below < self.dense_from:
            raise ValueError(
                f"a blend wants 0 <= sparse_below < dense_from, got {self.sparse_below:g} and "
                f"{self.dense_from:g} persons per square metre"
            )

    def weight(self, per_m2: float) -> float:
        """Share of the map in the best estimate, 0..1, at a density."""
        share = (per_m2 - self.sparse_below) / (self.dense_from - self.sparse_below)
        return min(1.0, max(0.0, share))


@dataclass(frozen=True, slots=True)
class Estimate:
    """Persons per square metre: the best estimate and its interval; `countless` where that has no upper
    end, `guessed` where nobody measured how wide it is."""

    best: float
    low: float
    high: float
    countless: bool = False
    guessed: bool = False


def by_boxes(people: Heads, floor: Floor, missed_max: float, glimpses: Glimpses | None = None) -> Estimate:
    """The density of who is seen; the upper end allows for who is not.

    Where the detector says how full of people the place looks to it, so many may be there as fill it so;
    where it looks full, nobody knows how many.
    """
    density, m2 = people.mean / floor.m2, floor.m2
    reach = REACH * sqrt(people.variance / m2**2 + (density * floor.sd_m2 / m2) ** 2)
    low, high = max(0.0, density - reach), (density + reach) / (1.0 - missed_max)
    if glimpses is None:
        return Estimate(density, low, high)
    if glimpses.countless:
        return Estimate(density, low, max(high, MOST_PER_M2), countless=True)
    return Estimate(density, low, max(high, glimpses.most_per_m2))


def by_map(mapped: Mapped, floor: Floor) -> Estimate:
    """The density that a map tells, within its model's error and the floor's."""
    density = mapped.people / floor.m2
    reach = density * sqrt(mapped.source.error**2 + (REACH * floor.sd_m2 / floor.m2) ** 2)
    return Estimate(density, max(0.0, density - reach), density + reach, guessed=not mapped.source.measured)


def fused(boxes: Estimate, told: Estimate | None, blend: Blend) -> tuple[Estimate, Basis]:
    """One estimate of two, and what it was counted by; where boxes cannot count, the map does."""
    weight = 0.0 if told is None else 1.0 if boxes.countless else blend.weight(max(boxes.best, told.best))
    if told is None or weight == 0.0:
        return boxes, Basis.BOXES
    best = max(boxes.best, boxes.best + weight * (told.best - boxes.best))
    if boxes.countless and not told.guessed:
        return Estimate(best, max(boxes.low, told.low), max(best, told.high)), Basis.MAP
    low = max(boxes.low, told.low) if weight == 1.0 and not told.guessed else boxes.low
    high = max(boxes.high, told.high)
    found = Estimate(best, low, high, boxes.countless, told.guessed)
    return found, Basis.MAP if weight == 1.0 else Basis.BOTH
