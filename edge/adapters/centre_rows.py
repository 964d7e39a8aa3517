"""Received messages as rows of a monitoring centre's tables."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from edge.messages.arrival import Arrival, Unfit, instant
from edge.messages.background import BackgroundMessage
from edge.messages.camera import CameraMessage
from edge.messages.event import EventMessage
from edge.messages.fused import FusedMessage
from edge.messages.heat import HeatMessage
from edge.messages.node import GapMessage, StatusMessage
from edge.privacy.reports import NodeState

Row = dict[str, Any]
"""Columns by name, as SQLAlchemy wants them."""

KEPT_BYTES = 4096
KEPT_CHARACTERS = 512

UNKNOWN = "unknown"
"""Cause of a loss of which nobody can say how much it was."""

CAMERAS = (EventMessage, CameraMessage, HeatMessage, BackgroundMessage)
"""Messages about one camera."""
_RANK = {NodeState.ONLINE: 0, NodeState.STOPPED: 1, NodeState.LOST: 1}


def message_row(arrival: Arrival, boot_id: int, received: datetime) -> Row:
    """A numbered message with its bytes."""
    message = arrival.message
    assert not isinstance(message, StatusMessage)
    event = message.data if isinstance(message, EventMessage | FusedMessage) else None
    return {
        "boot_id": boot_id,
        "sequence": int(message.sequence),
        "utc": instant(message.data.utc),
        "type": message.type,
        "camera": message.data.camera if isinstance(message, CAMERAS) else None,
        "event_id": None if event is None else event.event_id,
        "revision": None if event is None else event.revision,
        "received": received,
        "payload": arrival.payload,
    }


def episode_rows(arrivals: Iterable[Arrival], node_ids: Sequence[int]) -> list[Row]:
    """One row for each event among the arrivals, of its highest revision."""
    latest: dict[tuple[int, str], Row] = {}
    for arrival, node_id in zip(arrivals, node_ids, strict=True):
        if isinstance(arrival.message, EventMessage | FusedMessage):
            row = _row_of(arrival.message, node_id, arrival.payload)
            key = node_id, row["event_id"]
            if key not in latest or latest[key]["revision"] < row["revision"]:
                latest[key] = row
    return [latest[key] for key in sorted(latest)]


def camera_rows(stored: Iterable[tuple[Arrival, int, int]]) -> list[Row]:
    """One row for each camera whose state is among the messages, of the newest; with node and boot."""
    latest: dict[tuple[int, str], Row] = {}
    for arrival, node_id, boot_id in stored:
        if isinstance(arrival.message, CameraMessage):
            row = _camera(arrival.message, node_id, boot_id)
            key = node_id, row["camera"]
            if key not in latest or _age(latest[key]) < _age(row):
                latest[key] = row
    return [latest[key] for key in sorted(latest)]


def background_rows(stored: Iterable[tuple[Arrival, int, int]]) -> list[Row]:
    """One row for each camera whose street is among the messages, of the newest; with node and boot."""
    latest: dict[tuple[int, str], Row] = {}
    for arrival, node_id, boot_id in stored:
        if isinstance(arrival.message, BackgroundMessage):
            row = _background(arrival.message, node_id, boot_id, arrival.payload)
            key = node_id, row["camera"]
            if key not in latest or _age(latest[key]) < _age(row):
                latest[key] = row
    return [latest[key] for key in sorted(latest)]


def gap_rows(message: GapMessage, node_id: int) -> list[Row]:
    """One row for each range that a gap message tells, and one for what nobody can count."""
    told = instant(message.data.utc)
    rows = [
        {
            "node_id": node_id,
            "boot": lost.boot or "",
            "first": int(lost.first),
            "last": int(lost.last),
            "count": lost.count,
            "cause": lost.cause.value,
            "since": None if lost.from_ is None else instant(lost.from_),
            "until": None if lost.until is None else instant(lost.until),
            "told": told,
        }
        for lost in message.data.ranges
    ]
    if message.data.unknown:
        nothing: Row = {"boot": "", "first": 0, "last": 0, "count": 0, "since": None, "until": None}
        rows.append({"node_id": node_id, **nothing, "cause": UNKNOWN, "told": told})
    return rows


def node_rows(arrivals: Iterable[tuple[Arrival, int]]) -> list[Row]:
    """One row for each node that tells how it is, by its newest connection; death comes after birth."""
    latest: dict[int, Row] = {}
    for arrival, node_id in arrivals:
        if isinstance(arrival.message, StatusMessage):
            row = _status(arrival.message, node_id)
            if node_id not in latest or _turn(latest[node_id]) <= _turn(row):
                latest[node_id] = row
    return [latest[node_id] for node_id in sorted(latest)]


def quarantine_row(unfit: Unfit, received: datetime) -> Row:
    """A payload that is no message, cut to a bounded size."""
    return {
        "received": received,
        "topic": unfit.topic[:KEPT_CHARACTERS].replace("\0", "?"),
        "why": unfit.why[:KEPT_CHARACTERS].replace("\0", "?"),
        "size_bytes": len(unfit.payload),
        "payload": unfit.payload[:KEPT_BYTES],
    }


def _row_of(message: EventMessage | FusedMessage, node_id: int, payload: bytes) -> Row:
    if isinstance(message, EventMessage):
        return _episode(message, node_id, payload)
    return _fused(message, node_id, payload)


def _fused(message: FusedMessage, node_id: int, payload: bytes) -> Row:
    """A fused event among the others: its rule where they have a place, its sources where they have objects.

    `camera` is the source that it is around, `confidence` whether it is known to go on.
    """
    data = message.data
    sources = {fact.source for clause in data.reason for fact in clause.facts or ()}
    return {
        "node_id": node_id,
        "event_id": data.event_id,
        "revision": data.revision,
        "phase": data.phase.value,
        "cause": None if data.cause is None else data.cause.value,
        "kind": "fused",
        "severity": data.severity,
        "camera": (data.around or "").rpartition("/")[2],
        "rule": data.rule,
        "place": data.rule,
        "started": instant(data.started),
        "utc": instant(data.utc),
        "duration_s": data.duration_s,
        "count": len(sources),
        "peak": len(sources),
        "confidence": 0.0 if data.doubtful else 1.0,
        "payload": payload,
    }


def _episode(message: EventMessage, node_id: int, payload: bytes) -> Row:
    data = message.data
    return {
        "node_id": node_id,
        "event_id": data.event_id,
        "revision": data.revision,
        "phase": data.phase.value,
        "cause": None if data.cause is None else data.cause.value,
        "kind": data.kind.value,
        "severity": data.severity,
        "camera": data.camera,
        "rule": data.rule,
        "place": data.place.id,
        "started": instant(data.started),
        "utc": instant(data.utc),
        "duration_s": data.duration_s,
        "count": data.count,
        "peak": data.peak,
        "confidence": data.confidence,
        "payload": payload,
    }


def _camera(message: CameraMessage, node_id: int, boot_id: int) -> Row:
    data = message.data
    return {
        "node_id": node_id,
        "camera": data.camera,
        "state": data.state.value,
        "reason": data.reason.value,
        "since": instant(data.since),
        "utc": instant(data.utc),
        "boot_id": boot_id,
        "sequence": int(message.sequence),
    }


def _background(message: BackgroundMessage, node_id: int, boot_id: int, payload: bytes) -> Row:
    return {
        "node_id": node_id,
        "camera": message.data.camera,
        "boot_id": boot_id,
        "sequence": int(message.sequence),
        "payload": payload,
    }


def _age(row: Row) -> tuple[int, int]:
    return row["boot_id"], row["sequence"]


def _status(message: StatusMessage, node_id: int) -> Row:
    data = message.data
    return {
        "of": node_id,
        "state": data.state.value,
        "boot": data.boot,
        "version": data.version,
        "cameras": len(data.cameras),
        "connected": instant(data.connected),
        "over": _RANK[data.state],
    }


def policy_rows(arrivals: Iterable[tuple[Arrival, int]]) -> list[Row]:
    """What each node says of its policy, by its newest connection."""
    latest: dict[int, Row] = {}
    for arrival, node_id in arrivals:
        if isinstance(arrival.message, StatusMessage):
            row = _policy(arrival.message, node_id)
            if node_id not in latest or latest[node_id]["connected"] <= row["connected"]:
                latest[node_id] = row
    return [latest[node_id] for node_id in sorted(latest)]


def _policy(message: StatusMessage, node_id: int) -> Row:
    told = message.data.policy
    return {
        "node_id": node_id,
        "connected": instant(message.data.connected),
        "version": None if told is None else told.version,
        "expires": None if told is None else told.expires,
        "standing": None if told is None else told.standing.value,
    }


def _turn(row: Row) -> tuple[datetime, int]:
    return row["connected"], row["over"]
