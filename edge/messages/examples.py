"""One message of each sort, made by the real redactor: examples that cannot drift from the program."""

from edge.messages.command import command_bytes, order_of
from edge.messages.command import topic_of as command_topic
from edge.messages.receipt import receipt_bytes, topic_of
from edge.privacy import (
    AuditHead,
    Counts,
    Decoding,
    ModelRef,
    NodeState,
    Origin,
    Policy,
    PrivacySpec,
    Pseudonyms,
    Redactor,
    audit_head,
    camera_state,
    gap,
    status,
)
from edge.privacy.allowed import SCHEMA
from edge.privacy.answers import answer
from edge.privacy.canonical import JsonObject, encode, utc
from edge.privacy.footage_reports import alarm, footage_state
from edge.privacy.fusion_reports import fused, fusion_state
from edge.privacy.heat import heat_message
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.command import Answer, Camera, Doubt, Health, Outcome, Verb
from edge.values.crowd import Crowd, DensityTable, Floor, Flow, Width
from edge.values.dynamics import Dynamics, Passage
from edge.values.dynamics import Unit as Quantity
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Sighting
from edge.values.footage_state import Alarm, FootageState, Keeping, Trigger
from edge.values.frame import Size
from edge.values.fused import Finding, FusedEvent, FusionState, FusionTally, Truth, Witness
from edge.values.gap import GapCause, GapRange, GapReport
from edge.values.heat import HeatCell, HeatMap
from edge.values.hold import Hold, HoldOrigin
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import ClockTrust, Moment
from edge.values.receipt import Receipt
from edge.values.spans import Spans

BOOT = "6f1d0c52a9e84b7b"

_ORIGIN = Origin("samarkand", "registan-01")
_FUSION = Origin("samarkand", "fusion-1")
_BEGIN = Moment(731_204_500_000_000, 1_793_866_931_200_000_000, ClockTrust.SYNCED)
_NONCE = "5e" * 16
_SPEC = PrivacySpec(
    _ORIGIN,
    Policy("3a" * 32, 600.0, boxes=True, labels=frozenset({"person"})),
    ModelRef("street-nano", "9b" * 32),
    "c4" * 32,
)
_WHO = tuple(
    Sighting(track, "person", score, (left, 0.412, left + 0.0385, 0.6031))
    for track, score, left in ((11, 0.87, 0.2214), (12, 0.79, 0.3127), (14, 0.83, 0.4481))
)


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
        started=_BEGIN,
        moment=_BEGIN.plus(10.4),
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
        started=_BEGIN,
        moment=_BEGIN.plus(5.0),
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
        started=_BEGIN,
        moment=_BEGIN.plus(30.0),
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
        started=_BEGIN,
        moment=_BEGIN.plus(8.0),
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
        started=_BEGIN,
        moment=_BEGIN.plus(21.0),
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


def heat() -> RedactedMessage:
    """Five minutes on a square."""
    cells = tuple(HeatCell(x, 0, n, m) for x, n, m in ((1, 20, 10), (2, 80, 20), (3, 50, 10)))
    began = _BEGIN.utc_ns // (300 * 10**9) * 300 * 10**9
    seen = HeatMap("fountain", began, began + 300 * 10**9, (-6.0, 12.0), 2.0, 10, 1.0, cells)
    return heat_message(_SPEC, "plaza", seen, _BEGIN.plus(300.0))


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
        started=_BEGIN,
        moment=_BEGIN,
        count=1,
        peak=1,
        confidence=0.87,
        evidence=_WHO[:1],
        direction=Direction.FORWARD,
        cause=EndCause.INSTANT,
    )
    return _redactor().event(event, Size(1280, 720))


def camera() -> RedactedMessage:
    """A camera whose stream hangs."""
    report = CameraReport("plaza", CameraState.DEAD, Reason.HUNG, _BEGIN, _BEGIN.plus(12.0))
    counts = Counts(sampled=51_830, answered=14_411, still=37_404, unanswered=2, dropped=13, reconnects=1)
    return camera_state(_ORIGIN, report, counts, Decoding("auto", "software"))


def birth() -> RedactedMessage:
    """A node comes up."""
    return _status(NodeState.ONLINE)


def last_will() -> RedactedMessage:
    """A node fell silent."""
    return _status(NodeState.LOST)


def losses() -> RedactedMessage:
    """A full outbox shed its least urgent messages."""
    first, last = _BEGIN.plus(1_080.0).utc_ns, _BEGIN.plus(3_590.0).utc_ns
    shed = GapRange(BOOT, 4_102, 4_460, 341, GapCause.SHED, first, last)
    return gap(_ORIGIN, GapReport(_BEGIN.plus(3_600.0), (shed,)))


def receipt() -> RedactedMessage:
    """The centre has nearly everything: in the dress of a message, although it goes the other way."""
    stored = Receipt(BOOT, Spans(((0, 4_459), (4_462, 4_471))))
    return RedactedMessage(topic_of(_ORIGIN), receipt_bytes("centre-1", _ORIGIN, [stored]), Urgency.STATE)


def command() -> RedactedMessage:
    """An order, with a key that is no secret: in the dress of a message, although it goes the other way."""
    data = order_of(_ORIGIN, Verb.HEALTH, "city-watch", _NONCE, _BEGIN.utc_ns, 60)
    return RedactedMessage(command_topic(_ORIGIN), command_bytes(data, _Signer()), Urgency.STATE)


def health() -> RedactedMessage:
    """What a box says when it is asked how it is doing."""
    cameras = (Camera("plaza", "ok"), Camera("street", "dead"))
    told = Health("0.1.0", 86_412, 51_200, 6, 0, 1, 0, 0, 0, cameras)
    said = Answer(_BEGIN.plus(1.0), _NONCE, "city-watch", Verb.HEALTH, Outcome.DONE, health=told)
    return answer(_ORIGIN, said)


def challenge() -> RedactedMessage:
    """A box whose clock runs free asks for its challenge to be signed."""
    asked = ("b7" * 16,)
    moment = Moment(_BEGIN.mono_ns, _BEGIN.utc_ns, ClockTrust.UNSYNCED)
    said = Answer(moment, _NONCE, "city-watch", Verb.RESTART, Outcome.CHALLENGE, Doubt.CLOCK_UNSURE, *asked)
    return answer(_ORIGIN, said)


class _Signer:
    """A signature that only looks like one: examples need no cipher, and prove nothing."""

    key = b"\x1f" * 32

    def sign(self, covered: bytes) -> bytes:  # noqa: ARG002 (the port's)
        """64 bytes."""
        return b"\xc3" * 64


def audit() -> RedactedMessage:
    """The audit log grew."""
    head = AuditHead(4_711, b"\x5e" * 32, b"\x1f" * 32, b"\xa7" * 64)
    return audit_head(_ORIGIN, head, _BEGIN)


def button() -> RedactedMessage:
    """Somebody pressed a panic button."""
    pressed = _BEGIN.plus(7.0)
    began, ended = _BEGIN.plus(-300.0).utc_ns, _BEGIN.plus(900.0).utc_ns
    hold = Hold(
        "5f0c9a1be2d4",
        HoldOrigin.PANIC,
        "not yet",
        "panic button",
        "2026-05-15",
        ("plaza", "street", "gate"),
        began,
        ended,
        pressed,
        "button",
    )
    return alarm(
        _ORIGIN, Alarm(pressed, Trigger.COMMAND, ("plaza", "street", "gate"), ("plaza", "gate"), hold)
    )


def footage() -> RedactedMessage:
    """Holds fill the disk."""
    gib = 1 << 30
    crowded = Keeping(
        FootageState.CROWDED, 2_016, 95 * gib, 1_980, 93 * gib, gib, gib, _BEGIN.plus(-86_400.0).utc_ns
    )
    return footage_state(_ORIGIN, crowded, _BEGIN)


def together() -> RedactedMessage:
    """Smoke, and a crowd close to it."""
    at = _BEGIN.utc_ns
    smoke = Witness("sensor/smoke-1", "d41c7a90b2ef.1042", at - 4_200_000_000, 7.8)
    crowd = Witness("camera/registan-01/plaza", "2f0c6f5e-8d1b-8a47-9c3e-5b1d0e7a4f62.2", at)
    event = FusedEvent(
        id="7b2e9d14-55f0-8c3a-b6e1-0d4f8a92c7e5",
        revision=0,
        phase=Phase.START,
        severity=Severity.SEVERE,
        rule="smoke-in-a-crowd",
        rule_sha256="e5" * 32,
        around="sensor/smoke-1",
        started_ns=at,
        utc_ns=at,
        findings=(
            Finding((), Truth.TRUE, at),
            Finding((0,), Truth.TRUE, at, (smoke,)),
            Finding((1,), Truth.TRUE, at, (crowd,), silent=("camera/registan-02/gate",)),
        ),
    )
    return fused(_FUSION, event)


def judging() -> RedactedMessage:
    """A fusion of which one camera is silent."""
    tally = FusionTally(facts=88_203, again=12, late=7, refused=2, ahead=0)
    silent = ("camera/registan-02/gate",)
    state = FusionState(_BEGIN.utc_ns, 41, silent, ("both-gates",), 1, tally)
    return fusion_state(_FUSION, state)


def reading() -> RedactedMessage:
    """A smoke sensor speaks: in the dress of a message, although a gateway sends it."""
    gateway, sequence = "gateway-3", 1_042
    data: JsonObject = {
        "schema": SCHEMA,
        "region": _ORIGIN.region,
        "node": gateway,
        "sensor": "smoke-1",
        "kind": "smoke",
        "boot": "d41c7a90b2ef",
        "sequence": sequence,
        "utc": utc(_BEGIN.utc_ns),
        "percent_per_m": 7.8,
    }
    body: JsonObject = {
        "specversion": "1.0",
        "id": f"d41c7a90b2ef.{sequence}",
        "source": f"/safecity/{_ORIGIN.region}/{gateway}/smoke-1",
        "type": "safecity.reading.v1",
        "time": utc(_BEGIN.utc_ns),
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:reading:{SCHEMA}",
        "data": data,
    }
    topic = Origin(_ORIGIN.region, gateway).topic("reading", "smoke-1")
    return RedactedMessage(topic, encode(body), Urgency.NOTICE)


def _status(state: NodeState) -> RedactedMessage:
    return status(
        _ORIGIN, state, boot=BOOT, connected=_BEGIN, version="0.1.0", cameras=("plaza", "street", "gate")
    )


def _redactor() -> Redactor:
    seed = b"an example's seed is no secret"
    return Redactor(_SPEC, "plaza", Pseudonyms(seed, "plaza", _SPEC.policy.rotation_s))
