import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.messages import examples
from edge.messages.receipt import MOST_BOOTS, MOST_BYTES, MOST_RANGES, parse_receipt, receipt_bytes, topic_of
from edge.privacy.spec import Origin
from edge.values.errors import MessageError
from edge.values.receipt import Receipt
from edge.values.spans import Spans

ORIGIN = Origin("samarkand", "registan-01")
TOPIC = "safecity/v1/samarkand/registan-01/receipt"
SETS = st.sets(st.integers(0, 30), min_size=1).map(Spans.numbers)


@given(st.lists(SETS, min_size=1, max_size=2))
def test_what_is_told_is_what_is_understood(sets: list[Spans]) -> None:
    told = [Receipt(f"boot-{at}", numbers) for at, numbers in enumerate(sets)]
    assert parse_receipt(TOPIC, receipt_bytes("centre-1", ORIGIN, told)).receipts() == tuple(told)


def test_the_same_content_is_the_same_bytes() -> None:
    one = receipt_bytes("c", ORIGIN, [Receipt("b", Spans.of([(3, 4), (0, 1)]))])
    other = receipt_bytes("c", ORIGIN, [Receipt("b", Spans(((0, 1), (3, 4))))])
    assert one == other
    assert json.loads(one)["id"] != json.loads(receipt_bytes("c", ORIGIN, [Receipt("b", Spans())]))["id"]


def test_the_largest_receipt_keeps_within_its_bound() -> None:
    far = 10**11
    ranges = [(far + 10 * at, far + 10 * at + 5) for at in range(MOST_RANGES // MOST_BOOTS)]
    told = [Receipt("b" * 62 + f"{at:02}", Spans.of(ranges)) for at in range(MOST_BOOTS)]
    payload = receipt_bytes("c" * 40, Origin("r" * 40, "n" * 40), told)
    assert len(payload) <= MOST_BYTES
    assert parse_receipt(topic_of(Origin("r" * 40, "n" * 40)), payload).receipts() == tuple(told)


def test_a_receipt_for_another_box_is_refused() -> None:
    with pytest.raises(MessageError, match="registan-01"):
        parse_receipt("safecity/v1/samarkand/registan-02/receipt", examples.receipt().body)


@pytest.mark.parametrize(
    "change",
    [
        {"boots": []},
        {"boots": [{"boot": "b", "upto": "5", "ranges": []}]},
        {
            "boots": [
                {"boot": "b", "upto": "0" * 20, "ranges": [{"first": "9".zfill(20), "last": "8".zfill(20)}]}
            ]
        },
        {"boots": [{"boot": "b", "upto": "0" * 20, "ranges": [], "note": "x"}]},
        {"node": "registan-01", "extra": 1},
    ],
)
def test_what_is_not_of_the_form_is_refused(change: dict[str, object]) -> None:
    body = json.loads(examples.receipt().body)
    body["data"] |= change
    with pytest.raises(MessageError):
        parse_receipt(TOPIC, json.dumps(body).encode())


def test_a_payload_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(MessageError, match="4096"):
        parse_receipt(TOPIC, b" " * 5000)
