"""What a rule asks for.

Law: a spec is valid from birth; a setting that the rule's kind would never read is an error, because
whoever wrote it believes that it does something.
"""

from dataclasses import dataclass
from itertools import pairwise

from edge.rules.schedule import Schedule
from edge.values.crowd import DensityTable
from edge.values.event import Kind, Severity
from edge.values.fact import Direction
from edge.values.hot import Level

INSTANT_KINDS = frozenset({Kind.LINE_CROSSING, Kind.ZONE_ENTRY, Kind.ZONE_EXIT})
"""Kinds that are over at once: each is one message."""
MEASURES = {
    Kind.DENSITY: (0.01, 20.0),
    Kind.FLOW: (0.1, 300.0),
    Kind.COUNTER_FLOW: (0.01, 1.0),
    Kind.SURGE: (0.05, 60.0),
    Kind.DISPERSAL: (0.1, 10.0),
    Kind.PRESSURE: (0.001, 10.0),
    Kind.STOP_AND_GO: (0.05, 60.0),
    Kind.ROUTE: (1.0, 3600.0),
}
"""Kinds whose thresholds are measures, and between what they lie: persons/m², persons/min/m, share of the
walkers, persons/m²/min, m/s, 1/s², stops by person and minute, seconds."""
UNITS = {
    Kind.DENSITY: "persons per square metre",
    Kind.FLOW: "persons by minute and metre",
    Kind.COUNTER_FLOW: "of the walkers (0.2 is 20 %)",
    Kind.SURGE: "persons per square metre more by the minute",
    Kind.DISPERSAL: "metres per second",
    Kind.PRESSURE: "/s² of pressure",
    Kind.STOP_AND_GO: "stops by person and minute",
    Kind.ROUTE: "seconds of clearance time",
}
DYNAMICS = frozenset(MEASURES.keys() | {Kind.QUEUE}) - {Kind.DENSITY, Kind.FLOW}
"""Kinds that are about a crowd as a whole and tell of nobody in it."""
GROUNDED = frozenset(MEASURES.keys() | DYNAMICS) | {Kind.SPEED}
"""Kinds that want measured ground."""
THINGS = frozenset({Kind.ABANDONED, Kind.REMOVED})
"""Kinds that are about things; each thing makes an event of its own."""
MOVERS = frozenset({Kind.SPEED, Kind.STOPPED})
"""Kinds that are about how one object moves; each object makes an event of its own."""
HEAT = frozenset({Kind.HOT_SPOT, Kind.FIRE_LIKE})
"""Kinds that are about heat in a thermal picture; each spot makes an event of its own."""
WINDOWED = frozenset({Kind.FLOW, Kind.QUEUE, Kind.SURGE, Kind.DISPERSAL, Kind.STOP_AND_GO, Kind.ROUTE})
"""Kinds that look back."""
MOST_KMH = 250
FREEST = 82.0
"""Most persons by minute and metre that a level way lets through (Fruin, 1971)."""


@dataclass(frozen=True, slots=True)
class Step:
    """From this count (density: persons per square metre) on the event is this serious."""

    at_least: float
    severity: Severity


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule over one or more places of a camera; each place is judged by itself.

    Attributes:
        id: name of the rule, unique on the camera.
        kind: what it looks for.
        places: ids of zones (of lines, for line crossings).
        severity: how serious it is, before `steps`.
        classes: labels that count; None for all.
        schedule: when it is on duty; None for always.
        cooldown_s: instants: the same object makes no second event at the same place and in the same
            direction within this; lasting kinds: no new event starts at the place for so long after one
            was cleared.
        direction: line crossings and flow: only this one; None for both.
        born_inside: zone entries: whether an object that was first seen inside counts.
        lost: zone exits: whether an object that was last seen inside and is lost counts.
        dwell_s: dwell: how long an object must stay before it counts; wanted for dwell, and only there.
        at_least: lasting kinds: objects at which the event begins; density: persons per square metre.
        clear_below: lasting kinds: less than this ends it; None for 80 % of `at_least`.
        for_s: lasting kinds: how long the threshold must be held before the event starts.
        clear_s: lasting kinds: how long it must be clear before the event ends.
        update_s: lasting kinds: shortest time between updates, unless the severity rises.
        steps: lasting kinds: severities by count or density, ascending in both.
        blind_s: lasting kinds: an event ends as unseen after nothing was known for so long.
        table: density: whose levels name it.
        missed_max: density, flow and occupancy: largest share of the people that the detector may miss.
        window_s: flow, queue, surge, dispersal, stop-and-go, route: over how long it looks back.
        min_people: crowd dynamics: fewer say nothing.
        heading: counter-flow: where people should walk, ground metres; None for where most of them walk.
        approach: route: the zone before the line; wanted for route, and only there.
        capacity: route: persons by minute and metre that can pass.
        owner_m: abandoned: the owner is away from so far on, metres.
        stood_s: abandoned, removed: how long it must have been as it is; stopped: how long it must stand.
        size_m: abandoned, removed: shortest and longest side of what counts, where that is known.
        over_kmh, under_kmh: speed: who is faster or slower counts; one of the two is wanted, and only there.
        queue_of: stopped: where so many stand in the zone at once they wait, and that time does not count;
            None for it counts.
        hot: hot-spot, fire-like: what counts as hot; wanted for them, and only there.
        bodies: hot-spot: whether what a person or vehicle that is followed covers counts.
    """

    id: str
    kind: Kind
    places: tuple[str, ...]
    severity: Severity = Severity.MINOR
    classes: frozenset[str] | None = None
    schedule: Schedule | None = None
    cooldown_s: float = 0.0
    direction: Direction | None = None
    born_inside: bool = True
    lost: bool = True
    dwell_s: float | None = None
    at_least: float = 1
    clear_below: float | None = None
    for_s: float = 0.0
    clear_s: float = 1.0
    update_s: float = 5.0
    steps: tuple[Step, ...] = ()
    blind_s: float = 10.0
    table: DensityTable = DensityTable.FRUIN_WALKWAY
    missed_max: float = 0.25
    window_s: float = 60.0
    min_people: int = 5
    heading: tuple[float, float] | None = None
    approach: str | None = None
    capacity: float = FREEST
    owner_m: float = 3.0
    stood_s: float = 5.0
    size_m: tuple[float, float] = (0.2, 1.5)
    over_kmh: float | None = None
    under_kmh: float | None = None
    queue_of: int | None = None
    hot: Level | None = None
    bodies: bool = True

    def __post_init__(self) -> None:
        self._check_places()
        self._check_kind()
        self._check_crowd()
        self._check_things()
        self._check_movers()
        self._check_heat()
        self._check_thresholds()
        self._check_times()

    @property
    def instant(self) -> bool:
        """Whether its events are over at once."""
        return self.kind in INSTANT_KINDS

    @property
    def whole(self) -> bool:
        """Whether thresholds are numbers of objects."""
        return self.kind not in MEASURES

    @property
    def clears_below(self) -> float:
        """Less than this ends an event."""
        return self.clearing(self.at_least) if self.clear_below is None else self.clear_below

    def clearing(self, at_least: float) -> float:
        """Where a threshold is cleared when nothing else was said: 80 %, so ±10 % cannot flap."""
        if self.whole:
            return -(-at_least * 4 // 5)
        return min(at_least, max(MEASURES[self.kind][0], at_least * 0.8))

    def _check_places(self) -> None:
        if not self.id or not self.places:
            raise ValueError(f"a rule wants an id and at least one place, got {self.id!r} and {self.places}")
        if len(set(self.places)) < len(self.places):
            raise ValueError(f"{self._name} wants each place once, got {self.places}")
        if self.classes is not None and not self.classes:
            raise ValueError(f"{self._name} wants at least one class, or None for all")

    def _check_kind(self) -> None:
        if (self.dwell_s is not None) is not (self.kind is Kind.DWELL):
            got = "nothing" if self.dwell_s is None else f"{self.dwell_s:g}"
            raise ValueError(f"{self._name} wants dwell_s exactly if its kind is dwell, got {got}")
        if self.direction is not None and not self.kind.at_line:
            raise ValueError(f"{self._name} wants a direction only at lines, got {self.direction}")
        if not self.born_inside and self.kind is not Kind.ZONE_ENTRY:
            raise ValueError(f"{self._name} wants born_inside only for zone entries")
        if not self.lost and self.kind is not Kind.ZONE_EXIT:
            raise ValueError(f"{self._name} wants lost only for zone exits")
        lasting = (self.at_least != 1, self.clear_below is not None, self.for_s != 0, bool(self.steps))
        if self.instant and any(lasting):
            raise ValueError(f"{self._name} wants at_least, clear_below, for_s, steps only for lasting kinds")

    def _check_crowd(self) -> None:
        if (self.approach is not None) is not (self.kind is Kind.ROUTE):
            raise ValueError(f"{self._name} wants approach exactly if its kind is route, got {self.approach}")
        if self.kind is not Kind.ROUTE and self.capacity != FREEST:
            raise ValueError(f"{self._name} wants a capacity only if its kind is route")
        if self.heading is not None and self.kind is not Kind.COUNTER_FLOW:
            raise ValueError(f"{self._name} wants a heading only if its kind is counter-flow")
        if self.kind not in DYNAMICS and self.min_people != 5:
            raise ValueError(f"{self._name} wants min_people only for crowd dynamics")
        if not 2 <= self.min_people <= 1000 or not 1 <= self.capacity <= 300:
            raise ValueError(
                f"{self._name} wants min_people of 2..1000 and a capacity of 1..300, got "
                f"{self.min_people} and {self.capacity:g}"
            )

    def _check_things(self) -> None:
        if self.kind not in THINGS:
            if self.size_m != (0.2, 1.5):
                raise ValueError(f"{self._name} wants size_m only for abandoned and removed")
            if self.stood_s != 5.0 and self.kind is not Kind.STOPPED:
                raise ValueError(f"{self._name} wants stood_s only for abandoned, removed and stopped")
        elif self.at_least != 1 or self.clear_below is not None or self.steps:
            raise ValueError(f"{self._name} wants no at_least, clear_below or steps: each thing is one event")
        elif self.for_s < 1:
            raise ValueError(
                f"{self._name} wants for_s of at least 1 s, how long the owner must be away or the thing "
                f"missing, got {self.for_s:g}: 5 to 30 are usual"
            )
        if self.kind is not Kind.ABANDONED and self.owner_m != 3.0:
            raise ValueError(f"{self._name} wants owner_m only if its kind is abandoned")
        if not (1 <= self.owner_m <= 50 and 0 <= self.size_m[0] < self.size_m[1] <= 10):
            raise ValueError(
                f"{self._name} wants owner_m of 1..50 m and size_m of two rising numbers within 0..10 m, got "
                f"{self.owner_m:g} and {list(self.size_m)}"
            )

    def _check_movers(self) -> None:
        limits = [limit for limit in (self.over_kmh, self.under_kmh) if limit is not None]
        if len(limits) != (self.kind is Kind.SPEED):
            raise ValueError(
                f"{self._name} wants over_kmh or under_kmh, one of them, exactly if its kind is speed, got "
                f"{limits}"
            )
        if any(not 1 <= limit <= MOST_KMH for limit in limits):
            raise ValueError(f"{self._name} wants a limit of 1..{MOST_KMH} km/h, got {limits[0]:g}")
        if self.queue_of is not None and (self.kind is not Kind.STOPPED or not 2 <= self.queue_of <= 1000):
            raise ValueError(f"{self._name} wants queue_of of 2..1000, and only if its kind is stopped")
        if self.kind in MOVERS and (self.at_least != 1 or self.clear_below is not None or self.steps):
            raise ValueError(
                f"{self._name} wants no at_least, clear_below or steps: each object is one event"
            )

    def _check_heat(self) -> None:
        if (self.hot is not None) is not (self.kind in HEAT):
            raise ValueError(f"{self._name} wants hot exactly if its kind is hot-spot or fire-like")
        if self.kind in HEAT and (self.at_least != 1 or self.clear_below is not None or self.steps):
            raise ValueError(f"{self._name} wants no at_least, clear_below or steps: each spot is one event")
        if self.hot is not None and (self.hot.growing is not None) is not (self.kind is Kind.FIRE_LIKE):
            raise ValueError(f"{self._name} wants area_per_min and kelvin_per_min exactly if it is fire-like")
        if not self.bodies and self.kind is not Kind.HOT_SPOT:
            raise ValueError(f"{self._name} wants bodies only if its kind is hot-spot")

    def _check_thresholds(self) -> None:
        self._check_measure()
        ladder = [Step(self.at_least, self.severity), *self.steps]
        for low, high in pairwise(ladder):
            if high.at_least <= low.at_least or high.severity <= low.severity:
                told = ", ".join(f"{step.at_least:g} {step.severity.word}" for step in self.steps)
                raise ValueError(
                    f"{self._name} wants steps that ascend in count and severity, from above at_least and "
                    f"{self.severity.word}, got {told}"
                )

    def _check_measure(self) -> None:
        """Counts are whole and at least 1, densities anything above 0 that people can stand."""
        least, most = MEASURES.get(self.kind, (1, 10_000))
        top = max((self.at_least, *(step.at_least for step in self.steps)))
        if not least <= self.at_least <= top <= most:
            unit, wrong = UNITS.get(self.kind, "objects"), top if top > most else self.at_least
            raise ValueError(f"{self._name} wants at_least of {least:g} to {most:g} {unit}, got {wrong:g}")
        if not least <= self.clears_below <= self.at_least:
            raise ValueError(
                f"{self._name} wants clear_below of {least:g} to at_least, which is {self.at_least:g}, got "
                f"{self.clears_below:g}: an event begins at at_least and is over under clear_below"
            )
        named = (self.at_least, self.clears_below, *(step.at_least for step in self.steps))
        if self.whole and (broken := [value for value in named if value != int(value)]):
            raise ValueError(f"{self._name} wants whole numbers of objects, got {broken[0]:g}")
        if self.kind is not Kind.DENSITY and self.table is not DensityTable.FRUIN_WALKWAY:
            raise ValueError(f"{self._name} wants a table only if its kind is density")
        if self.kind not in WINDOWED and self.window_s != 60.0:
            raise ValueError(f"{self._name} wants window_s only if its kind looks back, such as flow")
        if not 5 <= self.window_s <= 3600:
            raise ValueError(f"{self._name} wants window_s of 5..3600 s, got {self.window_s:g}")
        if not 0 <= self.missed_max <= 0.9:
            raise ValueError(f"{self._name} wants missed_max of 0..0.9, got {self.missed_max:g}")

    def _check_times(self) -> None:
        for name in ("cooldown_s", "dwell_s", "for_s", "clear_s", "update_s", "blind_s", "stood_s"):
            seconds = getattr(self, name)
            if seconds is not None and not 0 <= seconds <= 86_400:
                raise ValueError(f"{self._name} wants {name} of 0..86400 s, got {seconds}")

    @property
    def _name(self) -> str:
        return f"rule {self.id!r} ({self.kind})"
