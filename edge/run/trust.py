"""Whether a receipt is the monitoring centre's own: signed with a key that the centre's certificate names.

Law: a receipt lets a box forget, so this fails closed. A name without a certificate, a receipt without a
signature and one by another key free nothing. What a receipt says is not judged here: it is true whenever it
comes, so one that is played back frees only what the centre had when it said so.
"""

from typing import Protocol

from edge.messages.receipt import ReceiptMessage
from edge.ports import Verifier


class Keys(Protocol):
    """The keys that certificates name."""

    def of(self, node: str) -> tuple[bytes, ...]:
        """The keys with which whoever is called so may sign; none where no certificate names one."""


class ReceiptTrust:
    """Judges receipts by the centre's certificates."""

    def __init__(self, keys: Keys, verifier: Verifier) -> None:
        self._keys = keys
        self._verifier = verifier

    def doubt(self, message: ReceiptMessage) -> str:
        """Why this receipt is not believed, "" where it is."""
        name = message.centre
        keys = self._keys.of(name)
        if not keys:
            return f"no certificate of {name} here names the key with which it signs"
        if message.signature is None:
            return f"wanted one that {name} signed, got none"
        covered, signature = message.covered(), bytes.fromhex(message.signature)
        if any(self._verifier.verify(key, covered, signature) for key in keys):
            return ""
        return f"it is not signed with a key of {name}"
