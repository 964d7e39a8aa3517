"""Events: what a rule says happened; each has a beginning, may change while it lasts, and ends."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from edge.values.crowd import Crowd, Flow
from edge.values.dynamics import Dynamics
from edge.values.fact import Direction, Sighting
from edge.values.hot import Spot
from edge.values.moment import Moment
from edge.values.pace import Halt, Speeding
from edge.values.quick import quick
from edge.values.thing import Thing


class Kind(StrEnum):
    """What sort of thing happened; the last level of the event's topic."""

    ZONE_ENTRY = "zone-entry"
    ZONE_EXIT = "zone-exit"
    LINE_CROSSING = "line-crossing"
    DWELL = "dwell"
    OCCUPANCY = "occupancy"
    DENSITY = "density"
    FLOW = "flow"
    COUNTER_FLOW = "counter-flow"
    QUEUE = "queue"
    SURGE = "surge"
    DISPERSAL = "dispersal"
    PRESSURE = "pressure"
    STOP_AND_GO = "stop-and-go"
    ROUTE = "route"
    ABANDONED = "abandoned"
    REMOVED = "removed"
    SPEED = "speed"
    STOPPED = "stopped"
    HOT_SPOT = "hot-spot"
    FIRE_LIKE = "fire-like"

    @property
    def at_line(self) -> bool:
        """Whether it happens at a line; all others happen in a zone."""
        return self in {Kind.LINE_CROSSING, Kind.FLOW, Kind.ROUTE}


class Phase(StrEnum):
    """Where in its life an event is; an instant event is an END alone."""

    START = "start"
    UPDATE = "update"
    END = "end"


class Severity(IntEnum):
    """How serious, ascending; the four upper names are those of CAP 1.2, section 3.2.2."""

    INFO = 0
    MINOR = 1
    MODERATE = 2
    SEVERE = 3
    EXTREME = 4

    @property
    def word(self) -> str:
        """The lower-case name, as it stands in configurations and messages."""
        return self.name.lower()


class EndCause(StrEnum):
    """Why an event ended."""

    CLEARED = "cleared"  # what raised it is over
    INSTANT = "instant"  # it had no duration to begin with
    UNSEEN = "unseen"  # the camera or the detector went blind for too long to say
    INTERRUPTED = "interrupted"  # the process that watched it stopped
    RETIRED = "retired"  # the rule was changed or removed
    SETTLED = "settled"  # what stands there is taken for a part of the place from now on


@quick
@dataclass(frozen=True)
class Event:
    """One revision of one event.

    Attributes:
        id: stable over all revisions; unique for node, camera and run.
        revision: 0 for the first message of the event, then counting up.
        phase: start, update or end.
        kind: what sort of thing.
        severity: how serious.
        camera: camera id.
        rule: id of the rule that judged.
        place: id of the zone or line.
        started: when it began.
        moment: when this revision was judged.
        count: objects that take part now (or took part, for an instant).
        peak: largest count so far.
        direction: side of arrival, line crossings only.
        dwell_s: longest stay of an object that takes part, seconds, where known.
        confidence: mean detector score of the objects that take part, 0..1.
        evidence: the objects that take part, at most 32, by track.
        cause: why it ended, END only.
        clearing: too few take part for it to go on, and it ends unless that changes; UPDATE only.
        crowd: persons per square metre now; density only, and occupancy where the camera is calibrated.
        flow: persons per minute and metre over a line; flow only.
        dynamics: what a crowd does as a whole; absent while too few take part to say. Such events have no
            evidence: they are about nobody.
        thing: what was left or taken; absent when it is there no more, or stands in its place again.
        speed: how fast it is, its surest so far; speed only.
        halt: since when it stands still; stopped only, absent when it has left.
        spot: what is hot; absent when it is so no more.
        seen: when its place was last seen; END as unseen only.
    """

    id: str
    revision: int
    phase: Phase
    kind: Kind
    severity: Severity
    camera: str
    rule: str
    place: str
    started: Moment
    moment: Moment
    count: int
    peak: int
    confidence: float
    evidence: tuple[Sighting, ...]
    direction: Direction | None = None
    dwell_s: float | None = None
    cause: EndCause | None = None
    clearing: bool = False
    crowd: Crowd | None = None
    flow: Flow | None = None
    dynamics: Dynamics | None = None
    thing: Thing | None = None
    speed: Speeding | None = None
    halt: Halt | None = None
    spot: Spot | None = None
    seen: Moment | None = None

    def __post_init__(self) -> None:
        if (self.cause is None) is (self.phase is Phase.END):
            raise ValueError(
                f"an event wants a cause exactly when it ends, got {self.phase} and {self.cause}"
            )
        if self.clearing and self.phase is not Phase.UPDATE:
            raise ValueError(f"an event wants to be clearing while it lasts only, got {self.phase}")
        if self.revision < 0 or self.count < 0 or self.peak < self.count:
            raise ValueError(
                f"an event wants revision >= 0 and 0 <= count <= peak, got {self.revision}, "
                f"{self.count}, {self.peak}"
            )
