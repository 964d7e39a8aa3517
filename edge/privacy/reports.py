"""What the box says about itself: how its cameras are, whether it is there, and what it had to drop.

Law: built and checked like events. A loss is itself a message, and so is blindness.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from edge.privacy.allowed import AUDIT_HEAD, CAMERA_STATE, NODE_STATUS, OUTBOX_GAP, check
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.canonical import JsonObject, encode, mono_us, utc
from edge.privacy.spec import Origin
from edge.values.camera_state import CameraReport
from edge.values.gap import GapRange, GapReport
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment
from edge.values.onvif import TOPICS
from edge.values.policy_term import PolicyTerm

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
    origin: Origin,
    report: CameraReport,
    counts: Counts,
    decoding: Decoding | None = None,
    rules_off: Sequence[str] = (),
) -> RedactedMessage:
    """How a camera is doing; retained, and gone three minutes after the box stops repeating it.

    `rules_off` are the rules that cannot be judged now because the camera moves.
    """
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
    if report.reason in TOPICS:
        data["onvif"] = TOPICS[report.reason]
    if rules_off:
        data["rules_off"] = list(rules_off)
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
    policy: PolicyTerm | None = None,
) -> RedactedMessage:
    """Birth, orderly death or last will of the node; retained, sent as it is, without a sequence number.

    `connected` is when the connection began that this is about; a last will has no other time, because
    it is written before it comes true. `cameras` is what to expect of this node, `policy` until when the
    state lets it look; None where it has none of the state.
    """
    data: JsonObject = {
        **_who(origin),
        "state": state.value,
        "boot": boot,
        "version": version,
        "connected": utc(connected.utc_ns),
        "cameras": list(cameras),
    }
    if policy is not None:
        data["policy"] = {
            "version": policy.version,
            "expires": policy.expires.isoformat(),
            "standing": policy.standing.value,
        }
    body: JsonObject = {
        **_envelope(NODE_STATUS, "node-status", data),
        "id": f"{boot}.{connected.utc_ns}.{state.value}",
        "source": origin.source(),
    }
    if state is NodeState.ONLINE:
        body["time"] = utc(connected.utc_ns)
    return _message(origin.topic("status"), body, Urgency.STATE, retain=True)


def gap(origin: Origin, report: GapReport) -> RedactedMessage:
    """What was committed and will never arrive; goes through the outbox like an event, and is never shed."""
    moment = report.moment
    data: JsonObject = {
        **_who(origin),
        **_clock(moment),
        "lost": sum(lost.count for lost in report.ranges),
        "unknown": report.unknown,
        "ranges": [_range(lost) for lost in report.ranges],
    }
    body: JsonObject = {
        **_envelope(OUTBOX_GAP, "outbox-gap", data),
        "id": f"gap.{moment.utc_ns}",
        "source": origin.source(),
        "time": utc(moment.utc_ns),
    }
    return _message(origin.topic("gap"), body, Urgency.GAP)


@dataclass(frozen=True, slots=True)
class AuditHead:
    """A signed head of the audit log: `size` entries under `root`; all in bytes as they were signed."""

    size: int
    root: bytes
    key: bytes
    signature: bytes


def audit_head(origin: Origin, head: AuditHead, moment: Moment) -> RedactedMessage:
    """The state of the audit log, for a witness elsewhere; retained, and shed last."""
    data: JsonObject = {
        **_who(origin),
        **_clock(moment),
        "size": head.size,
        "root": head.root.hex(),
        "key": head.key.hex(),
        "signature": head.signature.hex(),
    }
    body: JsonObject = {
        **_envelope(AUDIT_HEAD, "audit-head", data),
        "id": f"audit.{head.size}",
        "source": origin.source(),
        "time": utc(moment.utc_ns),
    }
    return _message(origin.topic("audit"), body, Urgency.ALARM, retain=True)


def _range(lost: GapRange) -> JsonObject:
    told: JsonObject = {
        "first": f"{lost.first:020d}",
        "last": f"{lost.last:020d}",
        "count": lost.count,
        "cause": lost.cause.value,
    }
    if lost.boot:
        told["boot"] = lost.boot
    if lost.from_utc_ns is not None and lost.until_utc_ns is not None:
        told |= {"from": utc(lost.from_utc_ns), "until": utc(lost.until_utc_ns)}
    return told


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
