"""What a node says besides events, and what it is told: cameras, status, losses, footage, commands."""

import base64
from datetime import date

from edge.messages.command import command_bytes, order_of
from edge.messages.command import topic_of as command_topic
from edge.messages.receipt import receipt_bytes, topic_of
from edge.privacy import (
    AuditHead,
    Counts,
    Decoding,
    NodeState,
    Origin,
    audit_head,
    camera_state,
    gap,
    status,
)
from edge.privacy.answers import answer
from edge.privacy.footage_reports import alarm, footage_state
from edge.privacy.street_report import street_message
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.command import Answer, Camera, Doubt, Health, Outcome, Verb
from edge.values.footage_state import Alarm, FootageState, Keeping, Trigger
from edge.values.gap import GapCause, GapRange, GapReport
from edge.values.hold import Hold, HoldOrigin
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import ClockTrust, Moment
from edge.values.policy_term import PolicyStanding, PolicyTerm
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from edge.values.street_picture import StreetPicture

BOOT = "6f1d0c52a9e84b7b"

ORIGIN = Origin("samarkand", "registan-01")
BEGIN = Moment(731_204_500_000_000, 1_793_866_931_200_000_000, ClockTrust.SYNCED)
NONCE = "5e" * 16
_STREET = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAkCAMAAAAO0sygAAAAkFBMVEVGSlBwdXxUVFRGSlBgYGBgYGBgYGBsbGBsbGBsbGBsbGBs"
    "bGBsbGBsbGBsbGBsbGBsbGBsbGBsbGBsbGxsbGxsbGxsbGx4bGx4bGxwdXxwdXx4eHh4eHh4eHh4eHh4eHh4eHiotMCotMCotMCo"
    "tMCotMCotMCotMCotMCotMCotMCotMCotMCotMCotMCotMCr70HmAAAAkklEQVR42u3RMQ6AIBBE0YGYzAEsLKy8/yU1CooJTBa2"
    "M069/zWLzTn8wA98BFic8wOrGq+pExh6ScDUCwGmXAgw9k3BDjQEzPWxNiCcw7F8iI6eRa8BNlb0EqAErj4MA6lXABWQewFQAXf/"
    "ANN7VCv6kAN09Cx6B5B+WQdoXxUg+wUM5reA4T4JHuAUENM4tBh3eXaw7Qqwir8AAAAASUVORK5CYII="
)
"""A street of 64x36 pixels, written down: packers of other versions would pack it otherwise."""


def camera() -> RedactedMessage:
    """A camera whose stream hangs."""
    report = CameraReport("plaza", CameraState.DEAD, Reason.HUNG, BEGIN, BEGIN.plus(12.0))
    counts = Counts(sampled=51_830, answered=14_411, still=37_404, unanswered=2, dropped=13, reconnects=1)
    return camera_state(ORIGIN, report, counts, Decoding("auto", "software"))


def street() -> RedactedMessage:
    """A street as it looks without anybody, and a corner of it that was never seen free."""
    began, ended = BEGIN.utc_ns, BEGIN.plus(300.0).utc_ns
    seen = StreetPicture("plaza", began, ended, _STREET, 64, 36, 38.1, 0.0521)
    return street_message(ORIGIN, "3a" * 32, 40, seen, BEGIN.plus(301.0))


def birth() -> RedactedMessage:
    """A node comes up."""
    return _status(NodeState.ONLINE)


def last_will() -> RedactedMessage:
    """A node fell silent."""
    return _status(NodeState.LOST)


def losses() -> RedactedMessage:
    """A full outbox shed its least urgent messages."""
    first, last = BEGIN.plus(1_080.0).utc_ns, BEGIN.plus(3_590.0).utc_ns
    shed = GapRange(BOOT, 4_102, 4_460, 341, GapCause.SHED, first, last)
    return gap(ORIGIN, GapReport(BEGIN.plus(3_600.0), (shed,)))


def receipt() -> RedactedMessage:
    """The centre has nearly everything: in the dress of a message, although it goes the other way."""
    stored = Receipt(BOOT, Spans(((0, 4_459), (4_462, 4_471))))
    return RedactedMessage(
        topic_of(ORIGIN), receipt_bytes("centre-1", ORIGIN, [stored], _Signer()), Urgency.STATE
    )


def command() -> RedactedMessage:
    """An order, with a key that is no secret: in the dress of a message, although it goes the other way."""
    data = order_of(ORIGIN, Verb.HEALTH, "city-watch", NONCE, BEGIN.utc_ns, 60)
    return RedactedMessage(command_topic(ORIGIN), command_bytes(data, _Signer()), Urgency.STATE)


def health() -> RedactedMessage:
    """What a box says when it is asked how it is doing."""
    cameras = (Camera("plaza", "ok"), Camera("street", "dead"))
    told = Health("0.1.0", 86_412, 51_200, 6, 0, 1, 0, 0, 0, cameras)
    said = Answer(BEGIN.plus(1.0), NONCE, "city-watch", Verb.HEALTH, Outcome.DONE, health=told)
    return answer(ORIGIN, said)


def challenge() -> RedactedMessage:
    """A box whose clock runs free asks for its challenge to be signed."""
    asked = ("b7" * 16,)
    moment = Moment(BEGIN.mono_ns, BEGIN.utc_ns, ClockTrust.UNSYNCED)
    said = Answer(moment, NONCE, "city-watch", Verb.RESTART, Outcome.CHALLENGE, Doubt.CLOCK_UNSURE, *asked)
    return answer(ORIGIN, said)


class _Signer:
    """A signature that only looks like one: examples need no cipher, and prove nothing."""

    key = b"\x1f" * 32

    def sign(self, covered: bytes) -> bytes:  # noqa: ARG002 (the port's)
        """64 bytes."""
        return b"\xc3" * 64


def audit() -> RedactedMessage:
    """The audit log grew."""
    head = AuditHead(4_711, b"\x5e" * 32, b"\x1f" * 32, b"\xa7" * 64)
    return audit_head(ORIGIN, head, BEGIN)


def button() -> RedactedMessage:
    """Somebody pressed a panic button."""
    pressed = BEGIN.plus(7.0)
    began, ended = BEGIN.plus(-300.0).utc_ns, BEGIN.plus(900.0).utc_ns
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
        ORIGIN, Alarm(pressed, Trigger.COMMAND, ("plaza", "street", "gate"), ("plaza", "gate"), hold)
    )


def footage() -> RedactedMessage:
    """Holds fill the disk."""
    gib = 1 << 30
    crowded = Keeping(
        FootageState.CROWDED, 2_016, 95 * gib, 1_980, 93 * gib, gib, gib, BEGIN.plus(-86_400.0).utc_ns
    )
    return footage_state(ORIGIN, crowded, BEGIN)


def _status(state: NodeState) -> RedactedMessage:
    return status(
        ORIGIN,
        state,
        boot=BOOT,
        connected=BEGIN,
        version="0.1.0",
        cameras=("plaza", "street", "gate"),
        policy=PolicyTerm(7, date(2027, 3, 1), PolicyStanding.HOLDS),
    )
