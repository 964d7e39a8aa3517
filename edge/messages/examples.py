"""One message of each sort, made by the real redactor: examples that cannot drift from the program.

Those about events stand here; the others are found here too.
"""

from edge.messages.examples_of_fusion import judging, reading, together
from edge.messages.examples_of_node import (
    BEGIN,
    BOOT,
    ORIGIN,
    audit,
    birth,
    button,
    camera,
    challenge,
    command,
    footage,
    health,
    last_will,
    losses,
    receipt,
    street,
)
from edge.privacy import (
    ModelRef,
    Policy,
    PrivacySpec,
    Pseudonyms,
    Redactor,
)
from edge.privacy.heat import heat_message
from edge.values.crowd import Crowd, DensityTable, Floor, Flow, Width
from edge.values.dynamics import Dynamics, Passage
from edge.values.dynamics import Unit as Quantity
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Sighting
from edge.values.frame import Size
from edge.values.heat import HeatCell, HeatMap, Way
from edge.values.hot import Growth, HotTerms, Spot
from edge.values.message import RedactedMessage
from edge.values.pace import Halt, Speed, Speeding
from edge.values.thing import Change, Terms, Thing

__all__ = [
    "BOOT",
    "abandoned",
    "audit",
    "birth",
    "button",
    "camera",
    "challenge",
    "command",
    "crossing",
    "density",
    "fire",
    "flow",
    "footage",
    "health",
    "heat",
    "judging",
    "last_will",
    "losses",
    "occupancy",
    "queue",
    "reading",
    "receipt",
    "route",
    "speed",
    "stopped",
    "street",
    "together",
]

_SPEC = PrivacySpec(
    ORIGIN,
    Policy("3a" * 32, 600.0, boxes=True, labels=frozenset({"person", "car"})),
    ModelRef("street-nano", "9b" * 32),
    "c4" * 32,
)
_WHO = tuple(
    Sighting(track, "person", score, (left, 0.412, left + 0.0385, 0.6031))
    for track, score, left in ((11, 0.87, 0.2214), (12, 0.79, 0.3127), (14, 0.83, 0.4481))
)

_CAR = Sighting(17, "car", 0.82, (0.3318, 0.507, 0.4127, 0.5913))


def occupancy() -> RedactedMessage:
    """An update of a crowd by a fountain."""
    event = Event(
        id="2f0c6f5e-8d1b-8a47-9c3e-5b1d0e7a4f62",
        revision=2,
        phase=Phase.UPDATE,
        kind=Kind.OCCUPANCY,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="fountain-crowd",
        place="fountain",
        started=BEGIN,
        moment=BEGIN.plus(10.4),
        count=3,
        peak=5,
        confidence=0.83,
        evidence=_WHO,
    )
    return _redactor().event(event, Size(1280, 720))


def density() -> RedactedMessage:
    """A queue that fills a measured floor."""
    floor = Floor(18.4, 0.9)
    event = Event(
        id="7c1de2b4-50aa-8c13-b0f7-2d9e66a1c8f5",
        revision=0,
        phase=Phase.START,
        kind=Kind.DENSITY,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="queue",
        place="fountain",
        started=BEGIN,
        moment=BEGIN.plus(5.0),
        count=22,
        peak=22,
        confidence=0.83,
        evidence=_WHO,
        crowd=Crowd(1.1957, 1.0711, 1.7604, floor, 0.25, DensityTable.FRUIN_WALKWAY, "E"),
    )
    return _redactor().event(event, Size(1280, 720))


def flow() -> RedactedMessage:
    """A gate near its capacity."""
    event = Event(
        id="0d5f7a18-3c2b-8f64-9a05-6e7bd1c40f93",
        revision=1,
        phase=Phase.UPDATE,
        kind=Kind.FLOW,
        severity=Severity.SEVERE,
        camera="plaza",
        rule="gate-flow",
        place="gate",
        started=BEGIN,
        moment=BEGIN.plus(30.0),
        count=171,
        peak=171,
        confidence=0.83,
        evidence=_WHO,
        flow=Flow(68.4, 65.1, 84.36, Width(2.5, 0.05), 60.0, 0.15, "E"),
    )
    return _redactor().event(event, Size(1280, 720))


def queue() -> RedactedMessage:
    """People wait before a gate."""
    event = Event(
        id="5be1c7f0-9a42-8d17-8e60-41c3f9d2b7a8",
        revision=0,
        phase=Phase.START,
        kind=Kind.QUEUE,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="gate-queue",
        place="fountain",
        started=BEGIN,
        moment=BEGIN.plus(8.0),
        count=26,
        peak=26,
        confidence=0.81,
        evidence=(),
        dynamics=Dynamics(26.0, 24.1, 37.2, Quantity.PERSONS, 26, 0.81, 0.11, length_m=14.2, wait_s=312.0),
    )
    return _redactor().event(event, Size(1280, 720))


def route() -> RedactedMessage:
    """Something stands in a way out."""
    event = Event(
        id="e2a9d5c3-1f76-8b80-93d4-7c0b58e6f211",
        revision=1,
        phase=Phase.UPDATE,
        kind=Kind.ROUTE,
        severity=Severity.EXTREME,
        camera="plaza",
        rule="way-out",
        place="gate",
        started=BEGIN,
        moment=BEGIN.plus(21.0),
        count=48,
        peak=48,
        confidence=0.84,
        evidence=(),
        dynamics=Dynamics(
            3600.0, 3600.0, 3600.0, Quantity.CLEARANCE, 48, 0.84, 0.07, per_min=8.0, capacity_per_min=164.0,
            state=Passage.BLOCKED,
        ),
    )  # fmt: skip
    return _redactor().event(event, Size(1280, 720))


def abandoned() -> RedactedMessage:
    """A bag that somebody left by a fountain."""
    event = Event(
        id="b7d40c19-6e25-8c3a-9f01-2d8a5c7e9b34",
        revision=0,
        phase=Phase.START,
        kind=Kind.ABANDONED,
        severity=Severity.SEVERE,
        camera="plaza",
        rule="left-behind",
        place="fountain",
        started=BEGIN.plus(12.0),
        moment=BEGIN.plus(17.0),
        count=1,
        peak=1,
        confidence=0.93,
        evidence=(),
        thing=Thing(
            7, Change.LEFT, (0.4812, 0.5533, 0.5096, 0.6021), BEGIN, 8.4,
            Terms(0.81, 1.0, 0.87, 0.98, 1.0), owner=11, apart_m=9.6, surveyed=True, side_m=0.58,
        ),
    )  # fmt: skip
    return _redactor().event(event, Size(1280, 720))


def speed() -> RedactedMessage:
    """A car that is too fast."""
    event = Event(
        id="4f8e21d7-0b6c-8d92-b5a3-9e14c7d03a68",
        revision=0,
        phase=Phase.START,
        kind=Kind.SPEED,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="too-fast",
        place="road",
        started=BEGIN,
        moment=BEGIN,
        count=1,
        peak=1,
        confidence=0.82,
        evidence=(_CAR,),
        speed=Speeding(Speed(20.61, 18.94, 22.28, 1.6), 60 / 3.6, above=True),
    )
    return _redactor().event(event, Size(1280, 720))


def stopped() -> RedactedMessage:
    """A car that stands where none may."""
    event = Event(
        id="9d03b6a5-7e18-8c4f-8a21-60f7d9e2b41c",
        revision=0,
        phase=Phase.START,
        kind=Kind.STOPPED,
        severity=Severity.MINOR,
        camera="plaza",
        rule="no-parking",
        place="bay",
        started=BEGIN,
        moment=BEGIN,
        count=1,
        peak=1,
        confidence=0.82,
        evidence=(_CAR,),
        halt=Halt(BEGIN.plus(-120.0), 120.0, surveyed=True),
    )
    return _redactor().event(event, Size(1280, 720))


def fire() -> RedactedMessage:
    """Something behind a bin grows as a fire does."""
    event = Event(
        id="4f09c7d2-81b6-8a15-9e3b-60d7f2a1c984",
        revision=0,
        phase=Phase.START,
        kind=Kind.FIRE_LIKE,
        severity=Severity.EXTREME,
        camera="plaza",
        rule="fire",
        place="fountain",
        started=BEGIN.plus(9.4),
        moment=BEGIN.plus(9.4),
        count=1,
        peak=1,
        confidence=0.91,
        evidence=(),
        spot=Spot(
            3, (0.4812, 0.5533, 0.5096, 0.6021), BEGIN, 9.4, 41, 0.000534, 311.4, 329.8,
            HotTerms(0.91, 1.0, 0.85), Growth(9.4, 5.4, 310.0, 0.29, 0.84, 0.93, 1.0, 1.0, 0.83),
        ),
    )  # fmt: skip
    return _redactor().event(event, Size(320, 240))


def heat() -> RedactedMessage:
    """Five minutes on a square."""
    ways = Way(0, 1.25), Way(None, 0.5), Way(180, 1.0)
    told = zip(((1, 20, 10), (2, 80, 20), (3, 50, 10)), ways, strict=True)
    cells = tuple(HeatCell(x, 0, n, m, way) for (x, n, m), way in told)
    began = BEGIN.utc_ns // (300 * 10**9) * 300 * 10**9
    seen = HeatMap("fountain", began, began + 300 * 10**9, (-6.0, 12.0), 2.0, 10, 1.0, cells)
    return heat_message(_SPEC, "plaza", seen, BEGIN.plus(300.0))


def crossing() -> RedactedMessage:
    """One person crosses a line."""
    event = Event(
        id="b81d4a90-03c7-8e5f-a1d6-94c2f07be3d5",
        revision=0,
        phase=Phase.END,
        kind=Kind.LINE_CROSSING,
        severity=Severity.INFO,
        camera="plaza",
        rule="gate-count",
        place="gate",
        started=BEGIN,
        moment=BEGIN,
        count=1,
        peak=1,
        confidence=0.87,
        evidence=_WHO[:1],
        direction=Direction.FORWARD,
        cause=EndCause.INSTANT,
    )
    return _redactor().event(event, Size(1280, 720))


def _redactor() -> Redactor:
    seed = b"an example's seed is no secret"
    return Redactor(_SPEC, "plaza", Pseudonyms(seed, "plaza", _SPEC.policy.rotation_s))
