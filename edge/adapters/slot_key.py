"""The key of one camera and slot: made of two shares, one the state's and one the box's.

Law: the state's share S exists in the clear for the moment in which it is sealed to every pair of keyholders
and the key is derived. The box keeps its own share B on its key ring, and of the key only what it needs to
seal the running slot, in memory; `forget` ends that, and from then on this box cannot open the slot.
"""

import os
from collections.abc import Mapping

import pyrage
from pyrage import x25519

from edge.adapters.sealing import KEY_BYTES, derived, wipe
from edge.values.errors import FootageError
from edge.values.keyholders import KeyHolders
from edge.values.segment import SealedShare, SealedSlot, SlotId

PART_BYTES = 8
SLOT_INFO = b"safecity-edge footage slot v1\0"
SEGMENT_INFO = b"safecity-edge footage segment v1\0"


class SlotKey:
    """Derives the keys of a slot's segments.

    Attributes:
        sealed: what goes into every segment's header.
    """

    __slots__ = ("_key", "sealed")

    def __init__(self, sealed: SealedSlot, share_s: bytearray, share_b: bytes) -> None:
        """From both shares; `share_s` is wiped."""
        both = bytearray(share_s + share_b)
        wipe(share_s)
        name = f"{sealed.slot}\0{sealed.part}\0{sealed.policy_sha256}".encode()
        self._key = derived(both, b"", SLOT_INFO + name)
        self.sealed = sealed
        wipe(both)

    @classmethod
    def new(cls, slot: SlotId, policy_sha256: str, holders: KeyHolders, share_b: bytes) -> "SlotKey":
        """A fresh key, its state's share sealed to every pair of keyholders."""
        share_s = bytearray(os.urandom(KEY_BYTES))
        shares = tuple(
            SealedShare(inner.id, outer.id, _nested(share_s, inner.seal_recipient, outer.seal_recipient))
            for inner, outer in holders.pairs()
        )
        part = os.urandom(PART_BYTES).hex()
        return cls(SealedSlot(slot, part, policy_sha256, shares), share_s, share_b)

    @property
    def forgotten(self) -> bool:
        """Whether it can derive nothing any more."""
        return not any(self._key)

    def segment_key(self, sequence: int, salt: bytes) -> bytearray:
        """The key of one segment; to be wiped by the caller.

        Raises:
            FootageError: the key was forgotten.
        """
        if self.forgotten:
            raise FootageError(f"the key of slot {self.sealed.slot} was forgotten")
        return derived(self._key, salt, SEGMENT_INFO + sequence.to_bytes(4, "big"))

    def forget(self) -> None:
        """Wipe the key."""
        wipe(self._key)

    def __repr__(self) -> str:
        return f"SlotKey({self.sealed.slot})"


def _nested(share: bytearray, inner: str, outer: str) -> bytes:
    once: bytes = pyrage.encrypt(bytes(share), [x25519.Recipient.from_str(inner)])
    twice: bytes = pyrage.encrypt(once, [x25519.Recipient.from_str(outer)])
    return twice


def released_share(sealed: SealedSlot, identities: Mapping[str, x25519.Identity]) -> bytearray:
    """The state's share, opened by two keyholders; to be wiped by the caller.

    Args:
        sealed: of a segment's header.
        identities: private keys by keyholder.

    Raises:
        FootageError: no pair among these keyholders opens it.
    """
    for share in sealed.shares:
        if share.inner in identities and share.outer in identities:
            try:
                once = pyrage.decrypt(share.sealed, [identities[share.outer]])
                return bytearray(pyrage.decrypt(once, [identities[share.inner]]))
            except pyrage.DecryptError:
                raise FootageError(
                    f"slot {sealed.slot}: its share is sealed to other keys of {share.inner} and "
                    f"{share.outer}"
                ) from None
    given = ", ".join(sorted(identities)) or "none"
    wanted = ", ".join(f"{share.inner} with {share.outer}" for share in sealed.shares)
    raise FootageError(f"slot {sealed.slot} wants two keyholders, one pair of {wanted}; got {given}")
