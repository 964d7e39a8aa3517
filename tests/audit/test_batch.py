"""What is signed together: every message proves itself, and nothing of it can be changed or moved."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.audit.batch import BATCH, Batched, BatchSigner, BatchVerifier, key_id, placed, read
from edge.audit.merkle import inclusion, inclusions, leaf_hash, root

ORIGIN = "safecity/north/box-17"
SIGNER = Ed25519Signer.fresh()


def payloads(count: int) -> list[bytes]:
    return [
        json.dumps({"id": str(n), "signature": "x"}, separators=(",", ":")).encode() for n in range(count)
    ]


def bound(plain: list[bytes]) -> list[bytes]:
    if len(plain) == 1:
        return plain
    _, proofs = inclusions([leaf_hash(each) for each in plain])
    return [placed(each, n, len(plain), proofs[n]) for n, each in enumerate(plain)]


def sent(count: int, signer: Ed25519Signer = SIGNER, origin: str = ORIGIN) -> list[bytes]:
    made = BatchSigner(signer, origin)
    return [made.signed(each) for each in bound(payloads(count))]


def is_good(payload: bytes, origin: str = ORIGIN, key: bytes = SIGNER.key) -> bool:
    try:
        return BatchVerifier(Ed25519Verifier()).is_good(read(payload), origin, key)
    except ValueError:
        return False


@given(st.integers(0, 70))
def test_all_proofs_at_once_are_those_of_the_standard(count: int) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(count)]
    whole, proofs = inclusions(leaves)
    assert whole == root(leaves)
    assert proofs == [inclusion(leaves, n) for n in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 8, 21])
def test_every_message_of_a_batch_is_good_by_itself(count: int) -> None:
    for plain, each in zip(payloads(count), sent(count), strict=True):
        assert is_good(each)
        assert read(each).leaf == plain
        assert json.loads(each).items() >= {"id": json.loads(plain)["id"]}.items()


def test_a_message_alone_says_nothing_of_a_batch() -> None:
    assert "batch" not in json.loads(sent(1)[0])


@given(st.integers(1, 9), st.data())
def test_no_byte_can_be_changed(count: int, data: st.DataObject) -> None:
    each = data.draw(st.sampled_from(sent(count)))
    at = data.draw(st.integers(0, len(each) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != each[at]))
    changed = each[:at] + bytes([other]) + each[at + 1 :]
    assert not is_good(changed)


def read_or_none(payload: bytes) -> Batched | None:
    try:
        return read(payload)
    except ValueError:
        return None


def test_a_signature_holds_for_its_box_and_its_key_alone() -> None:
    (each,) = sent(1)
    assert not is_good(each, "safecity/north/box-18")
    assert not is_good(each, "safecity/south/box-17")
    assert not is_good(each, key=Ed25519Signer.fresh().key)
    assert read(each).key_id == key_id(SIGNER.key)


def test_a_place_cannot_be_taken_by_another_message() -> None:
    first, second = sent(2)
    batch = json.loads(first)["batch"]
    assert not is_good(second.replace(json.loads(second)["batch"].encode(), batch.encode()))


def test_a_smaller_batch_cannot_be_made_of_a_larger_one() -> None:
    each = sent(3)[2]  # its proof is one node, as in a batch of two
    assert is_good(each)
    assert not is_good(each.replace(b'"2/3/', b'"1/2/'))


def test_what_is_signed_again_is_the_same_bytes() -> None:
    assert sent(5) == sent(5)


def test_a_batch_costs_one_signature_and_one_check() -> None:
    calls = {"sign": 0, "verify": 0}

    class Counting(Ed25519Signer):
        def sign(self, covered: bytes) -> bytes:
            calls["sign"] += 1
            return super().sign(covered)

    class Checking(Ed25519Verifier):
        def verify(self, key: bytes, covered: bytes, signature: bytes) -> bool:
            calls["verify"] += 1
            return super().verify(key, covered, signature)

    signer, verifier = Counting.fresh(), BatchVerifier(Checking())
    made = sent(20, signer)
    assert all(verifier.is_good(read(each), ORIGIN, signer.key) for each in made)
    assert calls == {"sign": 1, "verify": 1}


def test_a_bad_signature_is_not_remembered_as_good() -> None:
    (each,), verifier = sent(1), BatchVerifier(Ed25519Verifier())
    assert verifier.is_good(read(each), ORIGIN, SIGNER.key)
    signature = base64.b64encode(bytes(64))
    forged = each[:-91] + signature + b'"}'
    assert not verifier.is_good(read(forged), ORIGIN, SIGNER.key)


@pytest.mark.parametrize("place", ["1/1/", "5/3/", f"0/2/{'A' * 43}", "0/2/", "0/1/" + "A" * 43 + "="])
def test_a_place_that_cannot_be_is_told(place: str) -> None:
    with pytest.raises(ValueError, match=r"batch|base64"):
        read(b'{"id":"0","batch":"' + place.encode() + b'"}')


@given(st.binary(max_size=200), st.from_regex(BATCH, fullmatch=True))
def test_whatever_comes_is_read_or_refused(head: bytes, place: str) -> None:
    read_or_none(head)
    read_or_none(b"{" + head + b',"batch":"' + place.encode() + b'"}')
