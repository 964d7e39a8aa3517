"""Ids of events: the same names give the same id, which tells nobody what they are.

Law: an id is a UUID of version 8 (RFC 9562, section 5.8) made of the first 122 free bits of SHA-256 over the
names.
"""

from hashlib import sha256
from uuid import UUID

_VERSION = 0xF000 << 64, 0x8000 << 64
_VARIANT = 0xC000 << 48, 0x8000 << 48


def event_id(*names: str) -> str:
    """The id of what has these names."""
    bits = int.from_bytes(sha256("\x1f".join(names).encode()).digest()[:16])
    for mask, value in (_VERSION, _VARIANT):
        bits = bits & ~mask | value
    return str(UUID(int=bits))
