"""One message of each sort, made by the real redactor: examples that cannot drift from the program.

Those about events of objects and things stand here; the others are found here too.
"""

from edge.messages.examples_of_crowds import WHO, density, flow, heat, occupancy, queue, redactor, route
from edge.messages.examples_of_fusion import judging, reading, together
from edge.messages.examples_of_node import (
    BEGIN,
    BOOT,
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
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Sighting
from edge.values.frame import Size
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

_CAR = Sighting(17, "car", 0.82, (0.3318, 0.507, 0.4127, 0.5913))


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
    return redactor().event(event, Size(1280, 720))


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
    return redactor().event(event, Size(1280, 720))


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
    return redactor().event(event, Size(1280, 720))


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
    return redactor().event(event, Size(320, 240))


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
        evidence=WHO[:1],
        direction=Direction.FORWARD,
        cause=EndCause.INSTANT,
    )
    return redactor().event(event, Size(1280, 720))
