"""Ids of events: the same clip, configuration and run give the same ids again.

Law: an id is a UUID of version 8 (RFC 9562, section 5.8) made of the first 122 free bits of
SHA-256 over node, camera, run, rule and the rule's ordinal; it tells nobody what these are.
"""

from hashlib import sha256
from uuid import UUID

_VERSION = 0xF000 << 64, 0x8000 << 64
_VARIANT = 0xC000 << 48, 0x8000 << 48


class Issuer:
    """Hands out the ids of one rule's events, in order."""

    def __init__(self, node: str, camera: str, run: str, rule: str) -> None:
        self._name = "\x1f".join((node, camera, run, rule))
        self._ordinal = 0

    def issue(self) -> str:
        """The next id."""
        digest = sha256(f"{self._name}\x1f{self._ordinal}".encode()).digest()
        self._ordinal += 1
        bits = int.from_bytes(digest[:16])
        for mask, value in (_VERSION, _VARIANT):
            bits = bits & ~mask | value
        return str(UUID(int=bits))
