"""Event messages: what a rule says happened."""

from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from edge.messages.base import EventId, Name, Seconds, Sha256, Unit, Utc
from edge.messages.envelope import Clocked, Numbered
from edge.messages.event_crowd import CrowdData, DynamicsData, FlowData
from edge.messages.event_parts import Count, EventPlace, Model, PictureSize, Policy, SeenObject, Severity
from edge.messages.event_thing import ThingData
from edge.messages.hot import SpotData
from edge.messages.paced import HaltData, SpeedData
from edge.privacy.allowed import event_type
from edge.privacy.allowed_event import MAX_OBJECTS
from edge.rules.spec import DYNAMICS, HEAT, THINGS
from edge.values.event import EndCause, Kind, Phase
from edge.values.fact import Direction


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
        description="how long it has lasted, on the monotonic clock; how long it was watched, if interrupted "
        "or unseen"
    )
    count: Count = Field(
        description="objects that take part now; for an event without duration, that took part; flow: "
        "crossings of the line in its window, where who goes to and fro counts each time"
    )
    peak: Count = Field(description="largest `count` of the event so far")
    confidence: Unit = Field(
        description="how sure: mean score of the objects, or geometric mean of the terms"
    )
    objects: list[SeenObject] = Field(
        description=f"objects that take part, at most {MAX_OBJECTS}; `count` is the whole number; flow: one "
        "for each crossing, the latest first",
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
