"""Rows of the catalogue: values to columns and back, each row with a hash over itself."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from edge.values.audit import Receipt
from edge.values.deletion import Deletion
from edge.values.hold import Hold, HoldOrigin, Release
from edge.values.moment import ClockTrust, Moment
from edge.values.retention import Rule
from edge.values.segment import FootageClass, Segment, SegmentId, SlotId

Columns = tuple[str | int, ...]


def row_hash(columns: Sequence[str | int]) -> str:
    """BLAKE2b over all columns, each with its length, so that nothing can move from one to the next."""
    digest = hashlib.blake2b(digest_size=16)
    for column in columns:
        said = f"{type(column).__name__[0]}{column}".encode()
        digest.update(len(said).to_bytes(4, "big") + said)
    return digest.hexdigest()


def intact(row: Sequence[Any]) -> bool:
    """Whether the last column is the hash of the others."""
    return bool(row_hash(row[:-1]) == row[-1])


def segment_columns(segment: Segment) -> Columns:
    """The columns of a segment's row, without its hash."""
    return (
        segment.id.slot.camera,
        segment.id.slot.start_s,
        segment.id.sequence,
        segment.began_ns,
        segment.ended_ns,
        segment.clock.value,
        segment.codec,
        segment.footage_class.value,
        segment.size_bytes,
        segment.sha256,
        segment.policy_sha256,
    )


def segment_of(row: Sequence[Any]) -> Segment:
    """The segment of an intact row."""
    camera, start_s, sequence, began_ns, ended_ns, clock, codec, footage_class, size, sha256, policy, _ = row
    return Segment(
        SegmentId(SlotId(camera, start_s), sequence),
        began_ns,
        ended_ns,
        ClockTrust(clock),
        codec,
        FootageClass(footage_class),
        size,
        sha256,
        policy,
    )


def hold_body(hold: Hold) -> str:
    """A hold as canonical JSON."""
    return _json(asdict(hold))


def hold_of(body: str) -> Hold:
    """The hold that `hold_body` wrote."""
    told = json.loads(body)
    released = told.pop("released")
    if released is not None:
        released = Release(_moment(released["moment"]), released["by"], released["reason"])
    told |= {
        "origin": HoldOrigin(told["origin"]),
        "cameras": tuple(told["cameras"]),
        "placed": _moment(told["placed"]),
        "released": released,
    }
    return Hold(**told)


def deletion_body(deletion: Deletion) -> str:
    """A certificate as canonical JSON."""
    return _json(asdict(deletion))


def deletion_of(body: str) -> Deletion:
    """The certificate that `deletion_body` wrote."""
    told = json.loads(body)
    told |= {
        "slot": SlotId(**told["slot"]),
        "rule": Rule(told["rule"]),
        "moment": _moment(told["moment"]),
        "receipt": Receipt(**told["receipt"]),
    }
    return Deletion(**told)


def _moment(told: dict[str, Any]) -> Moment:
    return Moment(told["mono_ns"], told["utc_ns"], ClockTrust(told["trust"]))


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"))
