"""Whether what came was signed by the box that it names: what is not, is no message.

Law: a box that has a key signs everything, so who leaves the signature out gains nothing. A box without an
enrolled key is believed only where the centre was told to. Which keys there are is not decided here.
"""

from typing import Protocol

from edge.audit.batch import BatchVerifier, read
from edge.audit.head import origin_of
from edge.messages.arrival import Arrival, Unfit, understood
from edge.ports import Verifier


class Keys(Protocol):
    """The enrolled keys."""

    def of(self, node: str) -> tuple[bytes, ...]:
        """The keys with which this box may sign; none for a box that is not enrolled."""


class Nobody:
    """No box is enrolled."""

    def of(self, node: str) -> tuple[bytes, ...]:  # noqa: ARG002 (the protocol's)
        """None."""
        return ()


class Signatures:
    """Takes in messages, and refuses those that their box did not sign."""

    def __init__(self, keys: Keys, verifier: Verifier, accept_unsigned: bool) -> None:
        self._keys = keys
        self._verifier = BatchVerifier(verifier)
        self._accept_unsigned = accept_unsigned

    def understood(self, topic: str, payload: bytes) -> Arrival | Unfit:
        """What came, held to the strict schemas and to the key of its box."""
        found = understood(topic, payload)
        if isinstance(found, Unfit):
            return found
        doubt = self._doubt(found)
        return Unfit(topic, payload, f"signature: {doubt}") if doubt else found

    def _doubt(self, arrival: Arrival) -> str:
        """Why this message is not believed to be its box's, "" where it is."""
        node = arrival.origin.node
        keys = self._keys.of(node)
        if not keys:
            return "" if self._accept_unsigned else f"no certificate of {node} here names its events key"
        try:
            batched = read(arrival.payload)
        except ValueError as error:
            return str(error)
        if not batched.signature:
            return f"wanted one of {node}, got none"
        origin = origin_of(arrival.origin.region, node)
        if any(self._verifier.is_good(batched, origin, key) for key in keys):
            return ""
        return f"by key {batched.key_id.hex()}, does not fit the message and a key of {node}"
