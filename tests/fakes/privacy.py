"""A redactor's surroundings, and events to feed it."""

from dataclasses import replace

from edge.privacy import ModelRef, Origin, Policy, PrivacySpec, Pseudonyms, Redactor
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Sighting
from edge.values.frame import Size
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment

SEED = b"0123456789abcdef0123456789abcdef"
SIZE = Size(1280, 720)
ORIGIN = Origin("samarkand", "registan-01")
START = Moment(5_000_000_000, 1_800_000_000_000_000_000, ClockTrust.SYNCED)
SPEC = PrivacySpec(
    ORIGIN,
    Policy("a" * 64, 600.0, boxes=True, labels=frozenset({"person", "car", "traffic light"})),
    ModelRef("street-nano", "b" * 64),
    "c" * 64,
)


def redactor(spec: PrivacySpec = SPEC, camera: str = "plaza", seed: bytes = SEED) -> Redactor:
    return Redactor(spec, camera, Pseudonyms(seed, camera, spec.policy.rotation_s))


def person(track: int = 7, score: float = 0.8137) -> Sighting:
    return Sighting(track, "person", score, (0.1, 0.2, 0.15, 0.42))


def an_event(**changes: object) -> Event:
    event = Event(
        id="0f3c9a7e-11d2-8b60-9a4c-2d5e8f7b1a30",
        revision=1,
        phase=Phase.UPDATE,
        kind=Kind.OCCUPANCY,
        severity=Severity.MODERATE,
        camera="plaza",
        rule="fountain-crowd",
        place="fountain",
        started=START,
        moment=START.plus(12.5),
        count=3,
        peak=5,
        confidence=0.81234567,
        evidence=(person(7), person(8), person(9)),
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def a_crossing(**changes: object) -> Event:
    crossing: dict[str, object] = {
        "revision": 0,
        "phase": Phase.END,
        "kind": Kind.LINE_CROSSING,
        "place": "gate",
        "rule": "gate-count",
        "started": START,
        "moment": START,
        "count": 1,
        "peak": 1,
        "evidence": (person(),),
        "direction": Direction.FORWARD,
        "cause": EndCause.INSTANT,
    }
    return an_event(**{**crossing, **changes})


def message(**changes: object) -> RedactedMessage:
    return redactor().event(an_event(**changes), SIZE)
