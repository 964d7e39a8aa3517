"""Rules as the configuration writes them."""

from datetime import time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from edge.config.fields import Clock24, Id, Point, Strict, Weekday
from edge.config.places import Camera
from edge.config.thermal import Hot
from edge.config.thresholds import Level, Rung, SeverityWord, beyond
from edge.rules.schedule import Schedule, Window
from edge.rules.spec import DYNAMICS, HEAT, MOST_KMH, THINGS, RuleSpec, Step
from edge.strictyaml.several import SeveralError
from edge.values.crowd import DensityTable
from edge.values.event import Kind, Severity
from edge.values.fact import Direction

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Hours(Strict):
    """Hours of the week, in the site's time zone."""

    days: list[Weekday] = Field(
        default=["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        description="days on which it begins",
        min_length=1,
    )
    from_: Clock24 = Field("00:00", alias="from", description="begin, hh:mm")
    to: Clock24 = Field("24:00", description="end, hh:mm; earlier than `from` means the next day")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.from_ == "24:00":
            raise ValueError(
                'from: wanted a begin before 24:00; midnight is "00:00", and belongs to the day after'
            )
        if self.from_ == self.to == "00:00":
            raise ValueError('to: wanted another time than from, got "00:00" twice; a day ends at "24:00"')
        self.spec()
        return self

    def spec(self) -> Window:
        """The hours as the schedule wants them; `ValueError` if they have no length."""
        return Window(frozenset(_DAYS.index(day) for day in self.days), _clock(self.from_), _clock(self.to))


Size = Annotated[float, Field(ge=0, le=10)]
"""Metres."""


class Rule(Strict):
    """What is worth an event; keys that its kind would never read are refused."""

    id: Id
    when: Literal[
        "zone-entry",
        "zone-exit",
        "line-crossing",
        "dwell",
        "occupancy",
        "density",
        "flow",
        "counter-flow",
        "queue",
        "surge",
        "dispersal",
        "pressure",
        "stop-and-go",
        "route",
        "abandoned",
        "removed",
        "speed",
        "stopped",
        "hot-spot",
        "fire-like",
    ] = Field(description="what is watched; the first three are over at once, the others last")
    cameras: list[Id] = Field(
        default_factory=list, description="cameras it holds for; all that have its places if empty"
    )
    places: list[Id] = Field(
        default_factory=list,
        description="zones, or lines for line-crossing, flow and route; all of its cameras if empty",
    )
    classes: list[str] = Field(
        default=["person"],
        description="labels of the model that count; abandoned, removed, hot-spot and fire-like need none",
        min_length=1,
        max_length=80,
    )
    severity: SeverityWord = Field("minor", description="how serious, in the words of CAP 1.2")
    schedule: list[Hours] = Field(
        default_factory=list, description="windows in which it is on duty; always if empty", max_length=32
    )
    cooldown_s: float = Field(
        0.0,
        description="seconds without a second event of the same object, or at the same place once one ended",
        ge=0,
        le=86_400,
    )
    direction: Literal["forward", "backward"] | None = Field(
        None, description="line-crossing, flow, route: only this direction; both unless given"
    )
    born_inside: bool = Field(True, description="zone-entry: whether an object first seen inside counts")
    lost: bool = Field(True, description="zone-exit: whether an object last seen inside and then lost counts")
    dwell_s: float | None = Field(
        None, description="dwell: stay from which an object counts, seconds", ge=1, le=86_400
    )
    at_least: Level = Field(
        1,
        description="occupancy, dwell: objects from which it starts; density: persons per square metre; "
        "flow: persons per minute and metre; for the kinds about a crowd see the page on crowds",
    )
    clear_below: Level | None = Field(
        None, description="lasting kinds: under which it is over; 80 % of at_least unless given"
    )
    table: Literal["fruin-walkway", "standing"] = Field(
        "fruin-walkway", description="density: the table whose levels name it"
    )
    missed_max: float = Field(
        0.25,
        description="occupancy, density, flow, queue, surge, pressure, route: share of the people that the "
        "detector may miss; it widens the interval upwards",
        ge=0,
        le=0.9,
    )
    window_s: float = Field(
        60.0,
        description="flow, queue, surge, dispersal, stop-and-go, route: how far it looks back, seconds",
        ge=5,
        le=3_600,
    )
    min_people: int = Field(
        5,
        description="kinds about a crowd: fewer say nothing; at least the policy's smallest public count",
        ge=2,
        le=1_000,
    )
    heading: Annotated[list[Point], Field(min_length=2, max_length=2)] | None = Field(
        None,
        description="counter-flow: from where to where people should walk, two points of the picture; where "
        "most of them walk unless given",
    )
    approach: Id | None = Field(None, description="route: the zone before the line, where people wait")
    capacity: float = Field(
        82.0, description="route: persons by minute and metre that can pass; 66 on stairs", ge=1, le=300
    )
    owner_m: float = Field(
        3.0, description="abandoned: from how far on the owner is away, metres", ge=1, le=50
    )
    stood_s: float = Field(
        5.0,
        description="abandoned, removed: how long it must have stood still, or been missing, seconds; "
        "stopped: how long the object must stand",
        ge=2,
        le=3_600,
    )
    size_m: Annotated[list[Size], Field(min_length=2, max_length=2)] = Field(
        default=[0.2, 1.5],
        description="abandoned, removed: between what the longer side must be, metres; it counts where the "
        "ground is measured, or where people show how large things are",
    )
    over_kmh: float | None = Field(
        None,
        description="speed: who is faster counts, once the whole interval of the speed is above this, km/h; "
        "this or under_kmh",
        ge=1,
        le=MOST_KMH,
    )
    under_kmh: float | None = Field(
        None, description="speed: who is slower counts, in the same way, km/h", ge=1, le=MOST_KMH
    )
    queue_of: int | None = Field(
        None,
        description="stopped: where so many of its classes stand in the zone at once they wait, as at a red "
        "light, and that time does not count",
        ge=2,
        le=1_000,
    )
    hot: Hot | None = Field(None, description="hot-spot, fire-like: what counts as hot")
    bodies: bool = Field(
        True, description="hot-spot: whether what a followed person or vehicle covers counts"
    )
    for_s: float = Field(
        0.0,
        description="lasting kinds: how long it must hold before it starts, seconds; wanted for abandoned "
        "(the owner is away) and removed (it is missing)",
        ge=0,
        le=3_600,
    )
    clear_s: float = Field(
        1.0, description="lasting kinds: how long it must be clear before it ends, seconds", ge=0, le=3_600
    )
    update_s: float = Field(
        5.0, description="lasting kinds: least time between two updates, seconds", ge=0.2, le=3_600
    )
    steps: list[Rung] = Field(
        default_factory=list, description="lasting kinds: higher severities by count or density", max_length=8
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.hot is not None and self.hot.is_growth and self.when != "fire-like":
            raise ValueError("hot: area_per_min and kelvin_per_min are for fire-like")
        SeveralError.raise_any(beyond(Kind(self.when), self.at_least, self.clear_below, self.steps))
        self._comes_about()
        self.spec(("any",), ZoneInfo("UTC"), heading=None if self.heading is None else (1.0, 0.0))
        return self

    def _comes_about(self) -> None:
        """Raise `ValueError` if the schedule ends every window before what is waited for can have held."""
        if not self.schedule or not self.for_s:
            return
        schedule = Schedule(tuple(window.spec() for window in self.schedule), ZoneInfo("UTC"))
        if self.for_s >= (longest_s := schedule.longest_s):
            raise ValueError(
                f"for_s: wanted less than the longest time on duty, {longest_s:g} s, got {self.for_s:g}: the "
                "schedule would end it before it begins; make for_s shorter or the window longer"
            )

    def spec(
        self,
        places: tuple[str, ...],
        zone: ZoneInfo,
        least: int = 0,
        heading: tuple[float, float] | None = None,
    ) -> RuleSpec:
        """The rule over these places of one camera; `ValueError` if its keys do not go together.

        `least` is the policy's smallest public count, `heading` the way on the ground, metres.
        """
        kind = Kind(self.when)
        return RuleSpec(
            id=self.id,
            kind=kind,
            places=places,
            severity=Severity[self.severity.upper()],
            classes=None if kind in THINGS | HEAT else frozenset(self.classes),
            schedule=Schedule(tuple(w.spec() for w in self.schedule), zone) if self.schedule else None,
            cooldown_s=self.cooldown_s,
            direction=Direction(self.direction) if self.direction else None,
            born_inside=self.born_inside,
            lost=self.lost,
            dwell_s=self.dwell_s,
            at_least=self.at_least,
            clear_below=self.clear_below,
            for_s=self.for_s,
            clear_s=self.clear_s,
            update_s=self.update_s,
            table=DensityTable(self.table),
            missed_max=self.missed_max,
            window_s=self.window_s,
            min_people=max(self.min_people, least) if kind in DYNAMICS else self.min_people,
            heading=heading,
            approach=self.approach,
            capacity=self.capacity,
            owner_m=self.owner_m,
            stood_s=self.stood_s,
            size_m=(self.size_m[0], self.size_m[1]),
            over_kmh=self.over_kmh,
            under_kmh=self.under_kmh,
            queue_of=self.queue_of,
            hot=None if self.hot is None else self.hot.level(kind is Kind.FIRE_LIKE),
            bodies=self.bodies,
            steps=tuple(Step(step.at_least, Severity[step.severity.upper()]) for step in self.steps),
        )

    def places_on(self, camera: Camera) -> tuple[str, ...]:
        """The places of that camera for which the rule holds; none if it does not hold there."""
        if self.cameras and camera.id not in self.cameras:
            return ()
        at_line = Kind(self.when).at_line
        there = [place.id for place in (camera.lines if at_line else camera.zones)]
        if camera.flight is not None:
            on_map = camera.flight.lines if at_line else camera.flight.zones
            there += [place.id for place in on_map]
        return tuple(name for name in there if not self.places or name in self.places)


def _clock(text: str) -> time:
    """A time of day; 24:00 is written as midnight, which ends the day it closes."""
    return time.fromisoformat("00:00" if text == "24:00" else text)
