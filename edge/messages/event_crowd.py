"""What an event says of a crowd: how dense it is, how it flows, what it does as a whole."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from edge.messages.base import Seconds, Strict, Unit
from edge.messages.event_parts import Model
from edge.values.crowd import LEVELS, Basis, DensityTable
from edge.values.dynamics import Passage
from edge.values.dynamics import Unit as Quantity


class MapData(Strict):
    """How many people a density map told to stand in the zone."""

    people: float = Field(description="sum of the map over the zone", ge=0, le=100_000)
    error: Unit = Field(description="nine times of ten the true number is within ± this share of it")
    age_s: Seconds = Field(description="how long ago the map was made")
    model: Model = Field(description="the density model")


PerM2 = Annotated[float, Field(ge=0, le=1000)]


class CrowdData(Strict):
    """How densely people stand on the floor that can be seen, and how sure that is."""

    per_m2: PerM2 = Field(
        description="persons per square metre, best estimate; too low where `at_least` is true"
    )
    low: PerM2 = Field(description="lower end of the interval")
    high: PerM2 = Field(description="upper end of the interval; it allows for people who may be hidden")
    coverage: Unit = Field(description="how often such an interval holds the truth")
    area_m2: float = Field(description="visible floor of the zone, square metres", ge=0, le=1e6)
    area_sd_m2: float = Field(description="standard deviation of that area", ge=0, le=1e6)
    missed_max: Unit = Field(description="share of the people that are taken to be hidden at most")
    table: DensityTable = Field(
        description="whose levels are used: fruin-walkway (A to F) or standing (free to critical)"
    )
    level: str = Field(
        description="name of the best estimate in that table; where `at_least` is true, that of `low`: this "
        "level at least, perhaps any higher one",
        max_length=16,
    )
    at_least: bool | None = Field(
        None,
        description="true where the detector cannot take this crowd apart: at least `low` persons per square "
        "metre, at least the level `level`, and `high` is only what a floor can hold; false where both ends "
        "are meant; absent where nobody measured what the detector can",
    )
    basis: Basis | None = Field(
        None,
        description="what was believed: boxes where people stand loosely, map where they stand densely, both "
        "between; absent where the camera has no density map",
    )
    map: MapData | None = Field(None, description="what the density map told, also where boxes were believed")

    @model_validator(mode="after")
    def _ordered(self) -> "CrowdData":
        if (self.basis is None) is not (self.map is None):
            raise ValueError("wanted a basis exactly where there is a density map")
        if not self.low <= self.per_m2 <= self.high:
            raise ValueError("wanted low <= per_m2 <= high")
        if self.level not in {name for _, name in LEVELS[self.table]}:
            raise ValueError(f"wanted a level of the table {self.table}")
        return self


Rate = Annotated[float, Field(ge=0, le=100_000)]


class FlowData(Strict):
    """How many people pass over a line, by the minute and metre of its width, and how sure that is."""

    per_min_m: Rate = Field(description="persons per minute and metre, best estimate")
    low: Rate = Field(description="lower end of the interval")
    high: Rate = Field(description="upper end of the interval; it allows for people who may be missed")
    coverage: Unit = Field(description="how often such an interval holds the truth")
    width_m: float = Field(description="length of the line on the ground, metres", ge=0, le=1e5)
    width_sd_m: float = Field(description="standard deviation of that length", ge=0, le=1e5)
    window_s: float = Field(description="over how long it was counted, seconds", ge=5, le=3600)
    missed_max: Unit = Field(description="share of the people that are taken to be missed at most")
    level: Literal["A", "B", "C", "D", "E", "F"] = Field(description="walkway level of service (Fruin)")

    @model_validator(mode="after")
    def _ordered(self) -> "FlowData":
        if not self.low <= self.per_min_m <= self.high:
            raise ValueError("wanted low <= per_min_m <= high")
        return self


class DynamicsData(Strict):
    """What a crowd does as a whole, and how sure that is; it is about `count` people and names none."""

    value: Rate = Field(description="best estimate, in `unit`")
    low: Rate = Field(description="lower end of the interval")
    high: Rate = Field(description="upper end of the interval")
    coverage: Unit = Field(description="how often such an interval holds the truth")
    unit: Quantity = Field(description="what `value` counts; each kind has its own")
    speed_mps: float = Field(description="mean speed of these people, metres per second", ge=0, le=100)
    length_m: float | None = Field(
        None, description="queue: from its first to its last, metres", ge=0, le=1e5
    )
    wait_s: Seconds | None = Field(
        None, description="queue: how long the last will wait; absent where nobody was served yet"
    )
    per_min: Rate | None = Field(None, description="route: persons who pass by the minute")
    capacity_per_min: Rate | None = Field(None, description="route: persons who can pass by the minute")
    state: Passage | None = Field(
        None,
        description="route: free, full (as many pass as can), over-capacity (more come than can pass), "
        "blocked (people stand before it and next to nobody passes)",
    )

    @model_validator(mode="after")
    def _ordered(self) -> "DynamicsData":
        if not self.low <= self.value <= self.high:
            raise ValueError("wanted low <= value <= high")
        return self
