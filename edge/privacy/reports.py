"""What the box says about itself: how its cameras are, whether it is there, and what it had to drop.

Law: built and checked like events. A loss is itself a message, and so is blindness.
"""

from dataclasses import dataclass
from enum import StrEnum

from edge.privacy.allowed import CAMERA_STATE, NODE_STATUS, OUTBOX_GAP, SCHEMA, check
from edge.privacy.canonical import JsonObject, encode, mono_us, utc
from edge.privacy.spec import Origin
from edge.values.camera_state import CameraReport
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment

STATE_EXPIRY_S = 180
"""A retained camera state outlives its last repetition by this; repeat it every minute or so."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a camera's frames since its worker started.

    Attributes:
        sampled: frames taken from the stream.
        answered: frames that the detector answered.
        still: frames that the motion gate let pass without asking.
        unanswered: frames for which the detector gave no answer.
        dropped: frames that a newer one replaced before they were looked at.
        refused: messages that the allow-list refused.
        reconnects: times the stream was opened again.
    """

    sampled: int = 0
    answered: int = 0
    still: int = 0
    unanswered: int = 0
    dropped: int = 0
    refused: int = 0
    reconnects: int = 0


@dataclass(frozen=True, slots=True)
class Decoding:
    """Which decoder the configuration wants, and which one works: `software`, `vaapi`, `cuda`, ..."""

    wanted: str
    used: str


def camera_state(
    origin: Origin, report: CameraReport, counts: Counts, decoding: Decoding | None = None
) -> RedactedMessage:
    """How a camera is doing; retained, and gone three minutes after the box stops repeating it."""
    moment = report.moment
    data: JsonObject = {
        **_who(origin),
        "camera": report.camera,
        "state": report.state.value,
        "reason": report.reason.value,
        "since": utc(report.since.utc_ns),
        **_clock(moment),
        "counts": {
            "sampled": counts.sampled,
            "answered": counts.answered,
            "still": counts.still,
            "unanswered": counts.unanswered,
            "dropped": counts.dropped,
            "refused": counts.refused,
            "reconnects": counts.reconnects,
        },
    }
    if decoding is not None:
        data["decoder"] = {"wanted": decoding.wanted, "used": decoding.used}
    body: JsonObject = {
        **_envelope(CAMERA_STATE, "camera-state", data),
        "id": f"{report.camera}.{moment.utc_ns}",
        "source": origin.source(report.camera),
        "subject": report.camera,
        "time": utc(moment.utc_ns),
    }
    topic = origin.topic("state", report.camera)
    return _message(topic, body, Urgency.STATE, retain=True, expiry_s=STATE_EXPIRY_S)


class NodeState(StrEnum):
    """Whether the box speaks."""

    ONLINE = "online"  # birth
    STOPPED = "stopped"  # it was told to stop, and said so
    LOST = "lost"  # the last will: the broker says it when the box fell silent


def status(
    origin: Origin,
    state: NodeState,
    *,
    boot: str,
    connected: Moment,
    version: str,
    cameras: tuple[str, ...],
) -> RedactedMessage:
    """Birth, orderly death or last will of the node; retained, sent as it is, without a sequence number.

    `connected` is when the connection began that this is about; a last will has no other time, because
    it is written before it comes true. `cameras` is what to expect of this node.
    """
    data: JsonObject = {
        **_who(origin),
        "state": state.value,
        "boot": boot,
        "version": version,
        "connected": utc(connected.utc_ns),
        "cameras": list(cameras),
    }
    body: JsonObject = {
        **_envelope(NODE_STATUS, "node-status", data),
        "id": f"{boot}.{connected.utc_ns}.{state.value}",
        "source": origin.source(),
    }
    if state is NodeState.ONLINE:
        body["time"] = utc(connected.utc_ns)
    return _message(origin.topic("status"), body, Urgency.STATE, retain=True)


class GapReason(StrEnum):
    """Why messages did not leave."""

    OUTBOX_FULL = "outbox-full"  # shed, least urgent first
    POISON = "poison"  # the broker refuses them, again and again
    OVERSIZED = "oversized"  # larger than any broker would take


@dataclass(frozen=True, slots=True)
class Loss:
    """So many lost messages of one urgency; `what` is an event kind or `camera-state` (`what_of`)."""

    urgency: Urgency
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages that were committed and will not be sent.

    Attributes:
        reason: why.
        first_sequence: lowest sequence number lost.
        last_sequence: highest sequence number lost; not everything between need be lost.
        first_utc_ns: when the first of them was committed, ns since the Unix epoch.
        last_utc_ns: when the last of them was committed.
        losses: how many of what.
    """

    reason: GapReason
    first_sequence: int
    last_sequence: int
    first_utc_ns: int
    last_utc_ns: int
    losses: tuple[Loss, ...]


def gap(origin: Origin, lost: Gap, moment: Moment) -> RedactedMessage:
    """The report of a loss; goes through the outbox like an event and is never shed itself."""
    data: JsonObject = {
        **_who(origin),
        "reason": lost.reason.value,
        "first_sequence": f"{lost.first_sequence:020d}",
        "last_sequence": f"{lost.last_sequence:020d}",
        "from": utc(lost.first_utc_ns),
        "until": utc(lost.last_utc_ns),
        "lost": sum(loss.count for loss in lost.losses),
        "losses": [
            {"urgency": loss.urgency.name.lower(), "what": loss.what, "count": loss.count}
            for loss in lost.losses
        ],
        **_clock(moment),
    }
    body: JsonObject = {
        **_envelope(OUTBOX_GAP, "outbox-gap", data),
        "id": f"gap.{lost.first_sequence}.{lost.last_sequence}",
        "source": origin.source(),
        "time": utc(moment.utc_ns),
    }
    return _message(origin.topic("gap"), body, Urgency.GAP)


def what_of(topic: str) -> str:
    """What a message on this topic tells of, in the words of a `Loss`: an event kind or `camera-state`."""
    return topic.rsplit("/", 1)[1] if topic.split("/")[4:5] == ["event"] else "camera-state"


def _who(origin: Origin) -> JsonObject:
    return {"schema": SCHEMA, "region": origin.region, "node": origin.node}


def _clock(moment: Moment) -> JsonObject:
    return {"utc": utc(moment.utc_ns), "mono_us": mono_us(moment), "clock": moment.trust.value}


def _envelope(kind: str, schema: str, data: JsonObject) -> JsonObject:
    return {
        "specversion": "1.0",
        "type": kind,
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:{schema}:{SCHEMA}",
        "data": data,
    }


def _message(
    topic: str, body: JsonObject, urgency: Urgency, *, retain: bool = False, expiry_s: int | None = None
) -> RedactedMessage:
    check(body)
    return RedactedMessage(topic, encode(body), urgency, retain=retain, expiry_s=expiry_s)
