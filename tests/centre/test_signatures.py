"""What a centre believes: signed by the box that it names, or of a box that it was told to believe."""

from dataclasses import dataclass, field

import pytest

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.audit.batch import BatchSigner
from edge.centre.signatures import Signatures
from edge.messages.arrival import Arrival, Unfit
from tests.fakes.outbox import BOOT
from tests.fakes.sayings import event_id, real_vitals, saying

SIGNER = Ed25519Signer.fresh()
SAID = saying(event_id(0, 0))
PLAIN = SAID.stamped(BOOT, 0)
SIGNED = BatchSigner(SIGNER, "safecity/r/n").signed(PLAIN)


@dataclass
class Keys:
    held: dict[str, tuple[bytes, ...]] = field(default_factory=lambda: {"n": (SIGNER.key,)})

    def of(self, node: str) -> tuple[bytes, ...]:
        return self.held.get(node, ())


def judged(payload: bytes, keys: Keys | None = None, accept: bool = False) -> Arrival | Unfit:
    return Signatures(keys or Keys(), Ed25519Verifier(), accept).understood(SAID.topic, payload)


def test_a_signed_message_of_an_enrolled_box_is_taken() -> None:
    found = judged(SIGNED)
    assert isinstance(found, Arrival)
    assert found.payload == SIGNED


def test_the_older_of_two_keys_still_counts() -> None:
    assert isinstance(judged(SIGNED, Keys({"n": (Ed25519Signer.fresh().key, SIGNER.key)})), Arrival)


@pytest.mark.parametrize("accept", [False, True])
@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (PLAIN, "wanted one of n, got none"),
        (SIGNED.replace(b'"severity":"minor"', b'"severity":"severe"'), "does not fit the message"),
        (BatchSigner(Ed25519Signer.fresh(), "safecity/r/n").signed(PLAIN), "does not fit the message"),
        (BatchSigner(SIGNER, "safecity/r/other").signed(PLAIN), "does not fit the message"),
        (PLAIN[:-1] + b',"batch":"3/2/"}', "none for its place"),
    ],
    ids=["left out", "altered", "another key", "another box", "no place"],
)
def test_an_enrolled_box_is_believed_by_its_signature_alone(payload: bytes, why: str, accept: bool) -> None:
    found = judged(payload, accept=accept)
    assert isinstance(found, Unfit)
    assert found.why.startswith("signature: ")
    assert why in found.why


def test_a_box_that_is_not_enrolled_is_believed_only_where_that_is_said() -> None:
    for payload in (PLAIN, SIGNED):
        refused = judged(payload, Keys({}))
        assert isinstance(refused, Unfit)
        assert "no certificate of n here" in refused.why
        assert isinstance(judged(payload, Keys({}), accept=True), Arrival)


def test_what_is_no_message_is_told_as_such() -> None:
    found = judged(b"{}")
    assert isinstance(found, Unfit)
    assert "signature" not in found.why


def test_birth_and_last_will_are_signed_too() -> None:
    for said in (real_vitals().birth, real_vitals().will):
        signed = BatchSigner(SIGNER, "safecity/r/n").signed(said.body)
        judge = Signatures(Keys(), Ed25519Verifier(), accept_unsigned=False)
        assert isinstance(judge.understood(said.topic, signed), Arrival)
        assert isinstance(judge.understood(said.topic, said.body), Unfit)
