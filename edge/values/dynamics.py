"""What a crowd does as a whole: one number with its unit and interval, about many people and never about
one."""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.quick import quick


class Unit(StrEnum):
    """What the number of a `Dynamics` counts."""

    SHARE = "share"  # of those who walk, 0..1
    PERSONS = "persons"
    RISE = "persons/m2/min"
    FASTER = "m/s"
    PRESSURE = "1/s2"
    STOPS = "stops/person/min"
    CLEARANCE = "s"


class Passage(StrEnum):
    """How a way out is doing."""

    FREE = "free"
    FULL = "full"  # as many pass as can, or nearly
    OVER = "over-capacity"  # more come than can pass
    BLOCKED = "blocked"  # people stand before it, and next to nobody passes


@quick
@dataclass(frozen=True)
class Dynamics:
    """A measure of many people together.

    Attributes:
        value: best estimate.
        low, high: interval that holds the truth nine times of ten.
        unit: of all three.
        people: how many it is about.
        confidence: mean score of their detections, 0..1.
        speed_mps: their mean speed.
        length_m: queue: from its first to its last.
        wait_s: queue: how long the last will wait, where somebody was served.
        per_min, capacity_per_min: route: persons who pass by the minute, and who can.
        state: route: how it is doing.
    """

    value: float
    low: float
    high: float
    unit: Unit
    people: int
    confidence: float
    speed_mps: float
    length_m: float | None = None
    wait_s: float | None = None
    per_min: float | None = None
    capacity_per_min: float | None = None
    state: Passage | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high or self.people < 1:
            raise ValueError(
                f"dynamics want 0 <= low <= value <= high of at least one person, got {self.low}, "
                f"{self.value}, {self.high}, {self.people}"
            )
