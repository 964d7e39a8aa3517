"""One entry as one line of the log, and back.

Law: canonical JSON in ASCII, closed keys, one writing for each entry: a line that is not exactly what this
file would write is none. Each line carries the leaf hash of the one before it.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from edge.audit.merkle import Hash, leaf_hash
from edge.values import json_text
from edge.values.audit import Action, AuditEntry
from edge.values.moment import ClockTrust, Moment

NOTHING = "0" * 64
"""What the first line says of the one before it."""

MAX_BYTES = 16_384
"""Of a line, its end included."""

_HASH = re.compile(r"[0-9a-f]{64}")
_UTC = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.([0-9]{9})Z")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEYS = frozenset(
    {"action", "actor", "case", "clock", "index", "mono_us", "previous", "subject", "utc", "words"}
)


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry in its place.

    Attributes:
        index: its number, from 0.
        previous: leaf hash of the line before it, hex.
        entry: what was done.
    """

    index: int
    previous: str
    entry: AuditEntry


def write(logged: Logged) -> bytes:
    """The line, without its end.

    Raises:
        ValueError: it would be longer than a line may be.
    """
    entry = logged.entry
    said = {
        "action": entry.action.value,
        "actor": entry.actor,
        "case": entry.case,
        "clock": entry.moment.trust.value,
        "index": logged.index,
        "mono_us": entry.moment.mono_ns // 1000,
        "previous": logged.previous,
        "subject": entry.subject,
        "utc": _utc(entry.moment.utc_ns),
        "words": entry.words,
    }
    line = _ENCODER.encode(said).encode()
    if len(line) >= MAX_BYTES:
        raise ValueError(f"an audit entry wants a line under {MAX_BYTES} bytes, got {len(line)}")
    return line


def read(line: bytes) -> Logged:
    """The entry of a line without its end.

    Raises:
        ValueError: it is no line of a log.
    """
    try:
        said = json_text.read(line)
    except ValueError:
        raise ValueError("no JSON") from None
    if type(said) is not dict or said.keys() != _KEYS:
        raise ValueError("not the keys of an entry")
    try:
        logged = _logged(said)
    except (ValueError, TypeError, OverflowError):
        raise ValueError("a value that no entry has") from None
    if write(logged) != line:
        raise ValueError("not written as an entry is written")
    return logged


def hash_of(line: bytes) -> Hash:
    """The line's leaf in the tree; in hex it is what the next line says of this one."""
    return leaf_hash(line)


def begins(action: Action) -> bytes:
    """How every line of that action begins, to find it without reading all of it."""
    return f'{{"action":"{action.value}",'.encode()


def _logged(said: dict[str, object]) -> Logged:
    if type(said["index"]) is not int or type(said["mono_us"]) is not int:
        raise ValueError("numbers")
    texts = {key: _text(said[key]) for key in _KEYS - {"index", "mono_us"}}
    if said["index"] < 0 or _HASH.fullmatch(texts["previous"]) is None:
        raise ValueError("place")
    moment = Moment(said["mono_us"] * 1000, _utc_ns(texts["utc"]), ClockTrust(texts["clock"]))
    entry = AuditEntry(
        moment, texts["actor"], Action(texts["action"]), texts["subject"], texts["case"], texts["words"]
    )
    return Logged(said["index"], texts["previous"], entry)


def _text(value: object) -> str:
    if type(value) is not str:
        raise ValueError("text")
    return value


def _utc(utc_ns: int) -> str:
    seconds, ns = divmod(utc_ns, 1_000_000_000)
    return f"{(_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]}.{ns:09d}Z"


def _utc_ns(text: str) -> int:
    match = _UTC.fullmatch(text)
    if match is None:
        raise ValueError("time")
    seconds = int((datetime.fromisoformat(match[1]).replace(tzinfo=UTC) - _EPOCH).total_seconds())
    return seconds * 1_000_000_000 + int(match[2])
