"""One way to write what is signed, so that any program in any language signs and hashes the same bytes.

Law: JSON with sorted keys, no spaces, UTF-8, and no numbers but integers: RFC 8785 for such values.
Signatures cover a domain line and these bytes, so that a signature for one purpose is worth nothing for
another.
"""

import hashlib
import json

Plain = str | int | bool | list["Plain"] | dict[str, "Plain"]


def encode(value: Plain) -> bytes:
    """Canonical JSON.

    Raises:
        ValueError: the value holds a number that is no integer, or something that JSON cannot carry.
    """
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(value: Plain) -> str:
    """SHA-256 of the canonical bytes, 64 hex digits."""
    return hashlib.sha256(encode(value)).hexdigest()


def to_sign(domain: str, value: Plain) -> bytes:
    """The bytes that a signature covers: the domain, a line end, the canonical bytes."""
    return domain.encode() + b"\n" + encode(value)


def _check(value: object) -> None:
    if type(value) is dict:
        for key, item in value.items():
            _check_key(key)
            _check(item)
    elif type(value) is list:
        for item in value:
            _check(item)
    elif type(value) not in (str, int, bool):
        raise ValueError(
            f"canonical JSON wants text, integers, lists and objects, got {type(value).__name__}"
        )


def _check_key(key: object) -> None:
    if type(key) is not str or not key.isascii():
        raise ValueError(f"canonical JSON wants keys of ASCII text, got {key!r}")
