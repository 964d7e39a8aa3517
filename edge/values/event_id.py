"""Ids of events: the same names give the same id, which tells nobody what they are.

Law: an id is a UUID of version 8 (RFC 9562, section 5.8) made of the first 122 free bits of SHA-256 over the
names.
"""

from hashlib import sha256

_VARIANTS = "89ab"
"""The two bits of the variant, 10, before the two that are free."""


def event_id(*names: str) -> str:
    """The id of what has these names."""
    bits = sha256("\x1f".join(names).encode()).hexdigest()
    variant = _VARIANTS[int(bits[16], 16) & 3]
    return f"{bits[:8]}-{bits[8:12]}-8{bits[13:16]}-{variant}{bits[17:20]}-{bits[20:32]}"
