"""Event messages: what a rule says happened."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from edge.messages.base import EventId, Label, ModelName, Name, Seconds, Sha256, Strict, TrackName, Unit, Utc
from edge.messages.envelope import Clocked, Numbered
from edge.messages.hot import SpotData
from edge.messages.paced import HaltData, SpeedData
from edge.privacy.allowed import event_type
from edge.privacy.allowed_event import MAX_OBJECTS
from edge.privacy.map_place import LEAST_GRID_M, MOST_GRID_M
from edge.privacy.spec import MAX_ROTATION_S, MIN_ROTATION_S
from edge.rules.spec import DYNAMICS, HEAT, THINGS
from edge.values.crowd import LEVELS, Basis, DensityTable
from edge.values.dynamics import Passage
from edge.values.dynamics import Unit as Quantity
from edge.values.event import EndCause, Kind, Phase
from edge.values.fact import Direction
from edge.values.thing import Change

Severity = Literal["info", "minor", "moderate", "severe", "extreme"]
Count = Annotated[int, Field(ge=0, le=100_000)]
Pixels = Annotated[int, Field(ge=1, le=65_535)]


class Place(Strict):
    """Where in the camera's picture: a zone or a line of the node's configuration."""

    kind: Literal["zone", "line"] = Field(description="a zone is an area of the ground, a line is crossed")
    id: Name = Field(description="its id in the configuration")


class EventPlace(Place):
    """Where it happened: a zone or a line in the camera's picture, or on the map."""

    lat: float | None = Field(
        None,
        description="where its middle is, of a place on the map, degrees north (WGS84); only where the "
        "policy lets it out, and never where anybody is",
        ge=-90,
        le=90,
    )
    lon: float | None = Field(None, description="degrees east", ge=-180, le=180)
    grid_m: int | None = Field(
        None,
        description="grid to which both are rounded, metres: it lies up to 0.71 of that away",
        ge=LEAST_GRID_M,
        le=MOST_GRID_M,
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if len({self.lat is None, self.lon is None, self.grid_m is None}) > 1:
            raise ValueError("place: wanted lat, lon and grid_m together, or none of them")
        return self


class SeenObject(Strict):
    """One object that takes part."""

    track: TrackName = Field(
        description="pseudonym; it means nothing outside this camera and rotation period"
    )
    label: Label = Field(description="object class of the detector")
    score: Unit = Field(description="confidence of the detector")
    box: list[Unit] | None = Field(
        None,
        description="corners x1 y1 x2 y2 in the unit square, from the top left; absent if the policy says so",
        min_length=4,
        max_length=4,
    )


class PictureSize(Strict):
    """Size of the camera's picture; a box times this is in pixels."""

    width: Pixels = Field(description="pixels")
    height: Pixels = Field(description="pixels")


class Model(Strict):
    """The detector that looked."""

    name: ModelName = Field(description="name on the model card")
    sha256: Sha256 = Field(description="SHA-256 of the model file")


class Policy(Strict):
    """The privacy policy under which this was said."""

    sha256: Sha256 = Field(description="SHA-256 of the policy")
    rotation_s: float = Field(
        description="seconds after which every track name is replaced", ge=MIN_ROTATION_S, le=MAX_ROTATION_S
    )
    boxes: bool = Field(description="whether boxes may be published")


class MapData(Strict):
    """How many people a density map told to stand in the zone."""

    people: float = Field(description="sum of the map over the zone", ge=0, le=100_000)
    error: Unit = Field(description="nine times of ten the true number is within ± this share of it")
    age_s: Seconds = Field(description="how long ago the map was made")
    model: Model = Field(description="the density model")


PerM2 = Annotated[float, Field(ge=0, le=1000)]


class CrowdData(Strict):
    """How densely people stand on the floor that can be seen, and how sure that is."""

    per_m2: PerM2 = Field(description="persons per square metre, best estimate")
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
        description="name of the best estimate in that table; it says nothing where `at_least` is true",
        max_length=16,
    )
    at_least: bool | None = Field(
        None,
        description="true where the detector cannot take this crowd apart: at least `low` is certain, and "
        "`high` is only what a floor can hold; absent where nobody measured what the detector can",
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


class TermsData(Strict):
    """What makes it believable, each 0..1; the event's `confidence` is their geometric mean."""

    stood: Unit = Field(description="how long it has stood still: 1 - exp(-stood_s / 5 s)")
    owner: Unit = Field(
        description="1 where it was seen who brought or took it, 0.7 where they were lost beside it, 0.5 "
        "where nobody was seen"
    )
    size: Unit = Field(description="in how many cells of the small picture it is seen: n / (n + 8)")
    contrast: Unit = Field(description="how much it differs from the street: 1 - exp(-shares / 0.7)")
    edges: Unit = Field(
        description="how clearly the edge around it is in the picture alone (left), or was on the street "
        "alone (taken)"
    )


class ThingData(Strict):
    """A thing that was left or taken; no picture of it leaves the box."""

    change: Change = Field(description="left: it stands there now; taken: it is missing")
    since: Utc = Field(description="when the place last looked as it used to, UTC")
    stood_s: Seconds = Field(description="for how long it has stood still, or been missing")
    measured: Literal["ground", "stature"] = Field(
        description="what metres are measured by: the camera's measured ground, or how tall people are"
    )
    terms: TermsData
    owner: TrackName | None = Field(
        None, description="pseudonym of who brought or took it; absent where nobody was seen"
    )
    apart_m: float | None = Field(
        None,
        description="how far the nearest of those who came with it is, metres (of anybody, where nobody came "
        "with it); absent where nobody of them is in sight",
        ge=0,
        le=1e5,
    )
    side_m: float | None = Field(
        None, description="its longer side, metres; absent where nothing says how large it is", ge=0, le=1e3
    )
    box: list[Unit] | None = Field(
        None,
        description="corners x1 y1 x2 y2 in the unit square, from the top left; absent if the policy says so",
        min_length=4,
        max_length=4,
    )


def _cause_at_the_end(schema: dict[str, Any]) -> None:
    schema["if"] = {"properties": {"phase": {"const": Phase.END.value}}}
    schema["then"] = {"required": ["cause"]}
    schema["else"] = {"not": {"required": ["cause"]}}


class EventData(Clocked):
    """What happened: when, where, what, how serious, how sure, measured how."""

    model_config = ConfigDict(json_schema_extra=_cause_at_the_end)

    camera: Name = Field(description="camera that saw it")
    place: EventPlace
    event_id: EventId = Field(description="the same over all revisions of one event")
    revision: int = Field(description="0 for the first message of an event, then counting up", ge=0, le=10**9)
    phase: Phase = Field(
        description="start, update while it lasts, end; an event without duration is one single end"
    )
    kind: Kind = Field(description="what sort of thing happened")
    severity: Severity = Field(
        description="how serious, ascending; `minor` to `extreme` are those of CAP 1.2"
    )
    rule: Name = Field(description="rule of the configuration that judged")
    started: Utc = Field(description="when the event began, UTC")
    duration_s: Seconds = Field(
        description="how long it has lasted, on the monotonic clock; how long it was watched, if interrupted"
    )
    count: Count = Field(
        description="objects that take part now; for an event without duration, that took part"
    )
    peak: Count = Field(description="largest `count` of the event so far")
    confidence: Unit = Field(
        description="how sure: mean score of the objects, or geometric mean of the terms"
    )
    objects: list[SeenObject] = Field(
        description=f"objects that take part, at most {MAX_OBJECTS}; `count` is the whole number",
        max_length=MAX_OBJECTS,
    )
    frame: PictureSize
    model: Model
    config_sha256: Sha256 = Field(description="SHA-256 of the node's configuration")
    policy: Policy
    direction: Direction | None = Field(
        None,
        description="line crossings: forward is from the left of the line to its right, along its points",
    )
    dwell_s: Seconds | None = Field(None, description="longest stay among the objects, where known")
    cause: EndCause | None = Field(
        None,
        description="why it ended, at the end only: cleared, instant (it had no duration), unseen (the view "
        "was lost for too long), interrupted (the watching process stopped), retired (the rule was changed), "
        "settled (a thing that has stood for so long that it is taken for a part of the place)",
    )
    clearing: bool | None = Field(
        None,
        description="true while too few take part for the event to go on: it ends unless that changes; "
        "updates only",
    )
    ground: Literal["calibrated", "uncalibrated"] | None = Field(
        None,
        description="occupancy and density: whether the camera's ground is measured; without that there "
        "are no persons per square metre",
    )
    crowd: CrowdData | None = Field(
        None, description="occupancy and density on calibrated ground: how dense, with its interval"
    )
    flow: FlowData | None = Field(None, description="flow: how many pass, with its interval")
    dynamics: DynamicsData | None = Field(
        None,
        description="counter-flow, queue, surge, dispersal, pressure, stop-and-go, route: what the crowd "
        "does; absent while too few take part to say",
    )
    thing: ThingData | None = Field(
        None,
        description="abandoned and removed: what was left or taken, as long as it is; absent when it is over",
    )
    speed: SpeedData | None = Field(None, description="speed: how fast the object is, with its interval")
    halt: HaltData | None = Field(
        None, description="stopped: since when the object stands; absent when it has left"
    )
    spot: SpotData | None = Field(
        None, description="hot-spot and fire-like: what is hot, as long as it is; absent when it is over"
    )

    @model_validator(mode="after")
    def _of_one_piece(self) -> "EventData":
        if (self.cause is None) is (self.phase is Phase.END):
            raise ValueError("wanted a cause exactly at the end")
        if self.direction is not None and self.kind is not Kind.LINE_CROSSING:
            raise ValueError("wanted a direction at line crossings only")
        if (self.flow is None) is (self.kind is Kind.FLOW):
            raise ValueError("wanted flow exactly for a flow")
        if self.kind in DYNAMICS and self.objects:
            raise ValueError("wanted nobody among the objects of an event about a crowd as a whole")
        if self.dynamics is not None and self.kind not in DYNAMICS:
            raise ValueError("wanted dynamics only for kinds about a crowd as a whole")
        if self.thing is not None and self.kind not in THINGS:
            raise ValueError("wanted a thing only for abandoned and removed")
        if self.clearing is not None and self.phase is not Phase.UPDATE:
            raise ValueError("wanted clearing at updates only")
        if self.count > self.peak:
            raise ValueError("wanted count <= peak")
        if (self.ground is None) is (self.kind in {Kind.OCCUPANCY, Kind.DENSITY}):
            raise ValueError("wanted ground exactly for occupancy and density")
        if (self.crowd is None) is (self.ground == "calibrated"):
            raise ValueError("wanted crowd exactly on calibrated ground")
        return self

    @model_validator(mode="after")
    def _about_what_its_kind_says(self) -> "EventData":
        if (self.speed is None) is (self.kind is Kind.SPEED):
            raise ValueError("wanted a speed exactly for the kind speed")
        if self.halt is not None and self.kind is not Kind.STOPPED:
            raise ValueError("wanted a halt only for the kind stopped")
        if self.spot is not None and self.kind not in HEAT:
            raise ValueError("wanted a spot only for hot-spot and fire-like")
        return self


class EventMessage(Numbered):
    """Something happened: the start, an update or the end of an event."""

    type: Literal[
        "safecity.event.zone-entry.v1",
        "safecity.event.zone-exit.v1",
        "safecity.event.line-crossing.v1",
        "safecity.event.dwell.v1",
        "safecity.event.occupancy.v1",
        "safecity.event.density.v1",
        "safecity.event.flow.v1",
        "safecity.event.counter-flow.v1",
        "safecity.event.queue.v1",
        "safecity.event.surge.v1",
        "safecity.event.dispersal.v1",
        "safecity.event.pressure.v1",
        "safecity.event.stop-and-go.v1",
        "safecity.event.route.v1",
        "safecity.event.abandoned.v1",
        "safecity.event.removed.v1",
        "safecity.event.speed.v1",
        "safecity.event.stopped.v1",
        "safecity.event.hot-spot.v1",
        "safecity.event.fire-like.v1",
    ] = Field(description="what sort of message; the last part is the version")
    source: str = Field(description="`/safecity/<region>/<node>/<camera>`")
    subject: str = Field(description="`zone/<id>` or `line/<id>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:event:1.0"] = Field(description="schema of `data`, with its version")
    data: EventData

    @model_validator(mode="after")
    def _as_the_data_says(self) -> "EventMessage":
        said = (self.id, self.type, self.source, self.subject, self.time)
        data = self.data
        meant = (
            f"{data.event_id}.{data.revision}",
            event_type(data.kind),
            f"/safecity/{data.region}/{data.node}/{data.camera}",
            f"{data.place.kind}/{data.place.id}",
            data.utc,
        )
        if said != meant:
            raise ValueError("wanted an envelope that says what the data says")
        return self

    def where(self) -> str:
        """The topic on which this message belongs."""
        data = self.data
        return f"safecity/v1/{data.region}/{data.node}/event/{data.camera}/{data.kind.value}"
