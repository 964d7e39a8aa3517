"""Whose receipt it is: what the centre did not sign, for this box, in these words, is not believed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.messages.receipt import ReceiptMessage, parse_receipt, receipt_bytes, topic_of
from edge.privacy.spec import Origin
from edge.run.trust import ReceiptTrust
from edge.values.errors import MessageError
from edge.values.receipt import Receipt
from edge.values.spans import Spans

ORIGIN = Origin("r", "n")
TOLD = [Receipt("boot-1", Spans(((0, 4), (7, 7))))]
CENTRE, OTHER = Ed25519Signer.fresh(), Ed25519Signer.fresh()


class Keys:
    """Two ingesters are known, the first with the key of before too."""

    def of(self, node: str) -> tuple[bytes, ...]:
        return {"centre-1": (OTHER.key, CENTRE.key), "centre-2": (OTHER.key,)}.get(node, ())


TRUST = ReceiptTrust(Keys(), Ed25519Verifier())


def said(payload: bytes) -> ReceiptMessage:
    return parse_receipt(topic_of(ORIGIN), payload)


def test_what_the_centre_signed_is_believed_however_the_json_is_written() -> None:
    payload = receipt_bytes("centre-1", ORIGIN, TOLD, CENTRE)
    assert TRUST.doubt(said(payload)) == ""
    assert TRUST.doubt(said(json.dumps(json.loads(payload), indent=2).encode())) == ""
    assert receipt_bytes("centre-1", ORIGIN, TOLD, CENTRE) == payload, "the same content is the same bytes"


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (receipt_bytes("centre-1", ORIGIN, TOLD), "got none"),
        (receipt_bytes("centre-2", ORIGIN, TOLD, CENTRE), "not signed with a key of centre-2"),
        (receipt_bytes("centre-1", ORIGIN, TOLD, Ed25519Signer.fresh()), "not signed"),
        (receipt_bytes("centre-9", ORIGIN, TOLD, CENTRE), "no certificate of centre-9"),
        (receipt_bytes("n", ORIGIN, TOLD, CENTRE), "no certificate of n"),
    ],
)
def test_what_it_did_not_sign_is_refused_with_the_reason(payload: bytes, why: str) -> None:
    assert why in TRUST.doubt(said(payload))


CHANGES: list[dict[str, Any]] = [
    {"boots": [{"boot": "boot-2", "upto": f"{5:020d}", "ranges": []}]},
    {"boots": [{"boot": "boot-1", "upto": f"{6:020d}", "ranges": []}]},
    {
        "boots": [
            {"boot": "boot-1", "upto": f"{5:020d}", "ranges": [{"first": f"{7:020d}", "last": f"{8:020d}"}]}
        ]
    },
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_boot_another_number_or_another_range_is_another_receipt(change: dict[str, Any]) -> None:
    body = json.loads(receipt_bytes("centre-1", ORIGIN, TOLD, CENTRE))
    body["data"] |= change
    assert TRUST.doubt(said(json.dumps(body).encode())) == "it is not signed with a key of centre-1"


def test_a_receipt_of_another_box_is_none_here_even_when_its_address_is_changed() -> None:
    payload = receipt_bytes("centre-1", Origin("r", "n2"), TOLD, CENTRE)
    with pytest.raises(MessageError):
        said(payload)
    assert TRUST.doubt(said(payload.replace(b'"node":"n2"', b'"node":"n"')))


@given(st.integers(0, 63), st.integers(1, 255))
def test_a_signature_of_which_one_byte_differs_is_none(at: int, by: int) -> None:
    body = json.loads(receipt_bytes("centre-1", ORIGIN, TOLD, CENTRE))
    signature = bytearray.fromhex(body["signature"])
    signature[at] ^= by
    body["signature"] = signature.hex()
    assert TRUST.doubt(said(json.dumps(body).encode()))
