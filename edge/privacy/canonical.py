"""One way to write each thing, so that the same event is always the same bytes.

Law: sorted keys, no spaces, UTF-8, finite numbers of four decimals, UTC in RFC 3339 with milliseconds.
"""

import json
import math
from datetime import UTC, datetime, timedelta

from edge.privacy.shapes import DECIMALS
from edge.values import json_text
from edge.values.errors import RedactionError
from edge.values.moment import Moment

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

Json = str | int | float | bool | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def encode(body: JsonObject) -> bytes:
    """Canonical JSON."""
    return _ENCODER.encode(body).encode()


def decode(body: bytes) -> JsonObject:
    """The object that `encode` wrote.

    Raises:
        RedactionError: these bytes are no JSON object.
    """
    try:
        found = json_text.read(body)
    except ValueError:
        raise RedactionError("a message wants a JSON object, got bytes that are none") from None
    if not isinstance(found, dict):
        raise RedactionError(f"a message wants a JSON object, got a {type(found).__name__}")
    return found


def number(value: float, what: str) -> float:
    """The value with four decimals, and never minus zero.

    Raises:
        RedactionError: it is not finite.
    """
    if not math.isfinite(value):
        raise RedactionError(f"{what}: wanted a finite number")
    return round(float(value), DECIMALS) + 0.0


def utc(utc_ns: int) -> str:
    """UTC in RFC 3339 with milliseconds, cut, not rounded, so that order is kept.

    Raises:
        RedactionError: after the year 9999.
    """
    try:
        when = _EPOCH + timedelta(milliseconds=utc_ns // 1_000_000)
    except OverflowError:
        raise RedactionError("a time wants a year up to 9999") from None
    return when.isoformat(timespec="milliseconds") + "Z"


def mono_us(moment: Moment) -> int:
    """Monotonic time in microseconds: as ns it would leave the integers that JSON carries everywhere.

    RFC 7493 (I-JSON) section 2.2: exact up to 2^53 - 1, which ns pass after 104 days and µs after 285 years.
    """
    return moment.mono_ns // 1_000
