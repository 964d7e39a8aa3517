"""What is told to whom, and when."""

import json

from hypothesis import given
from hypothesis import strategies as st

from edge.centre.receipts import AFTER_MESSAGES, EVERY_S, Receipts
from edge.messages.arrival import Arrival, Committed, understood
from edge.messages.receipt import MOST_BOOTS, MOST_BYTES, parse_receipt
from edge.privacy.spec import Origin
from edge.values.receipt import Receipt, together
from edge.values.spans import Spans
from tests.fakes.outbox import BOOT
from tests.fakes.sayings import ORIGIN, event_id, saying, vitals_of


class FakeVoice:
    def __init__(self) -> None:
        self.said: list[tuple[str, bytes]] = []

    def say(self, topic: str, payload: bytes) -> None:
        assert len(payload) <= MOST_BYTES
        self.said.append((topic, payload))

    def receipts(self) -> tuple[Receipt, ...]:
        return together(
            each for topic, payload in self.said for each in parse_receipt(topic, payload).receipts()
        )


def heard(sequence: int, origin: Origin = ORIGIN) -> Arrival:
    message = saying(event_id(0, sequence), origin=origin)
    arrival = understood(message.topic, message.stamped(BOOT, sequence))
    assert isinstance(arrival, Arrival)
    return arrival


def stored(spans: Spans, *origins: Origin) -> Committed:
    return Committed({origin: (Receipt(BOOT, spans),) for origin in origins or (ORIGIN,)}, 1, 0, 0)


def test_receipts_are_gathered_for_a_moment_and_then_told_once() -> None:
    receipts, voice = Receipts("c"), FakeVoice()
    assert receipts.tell(100.0) == 0
    receipts.note([(voice, heard(0))], stored(Spans(((0, 0),))))
    assert receipts.tell(100.0) == 1
    receipts.note([(voice, heard(1))], stored(Spans(((0, 1),))))
    receipts.note([(voice, heard(2))], stored(Spans(((0, 2),))))
    assert receipts.tell(100.0 + EVERY_S / 2) == 0
    assert receipts.tell(100.0 + EVERY_S) == 1
    assert receipts.tell(200.0) == 0
    assert voice.receipts() == (Receipt(BOOT, Spans(((0, 2),))),)


def test_many_messages_do_not_wait() -> None:
    receipts, voice = Receipts("c"), FakeVoice()
    receipts.note([(voice, heard(0))], stored(Spans(((0, 0),))))
    receipts.tell(100.0)
    receipts.note([(voice, heard(1))] * AFTER_MESSAGES, stored(Spans(((0, 1),))))
    assert receipts.tell(100.0) == 1


def test_a_box_is_told_over_every_connection_it_was_heard_on_and_no_other() -> None:
    receipts, one, other, third = Receipts("c"), FakeVoice(), FakeVoice(), FakeVoice()
    neighbour = Origin("r", "m")
    receipts.note([(one, heard(0)), (other, heard(0))], stored(Spans(((0, 0),))))
    receipts.note([(third, heard(0, neighbour))], stored(Spans(((0, 0),)), neighbour))
    assert receipts.tell(1.0) == 2
    assert (
        [topic for topic, _ in one.said] == [topic for topic, _ in other.said] == ["safecity/v1/r/n/receipt"]
    )
    assert [topic for topic, _ in third.said] == ["safecity/v1/r/m/receipt"]


@given(st.sets(st.integers(0, 400), min_size=1), st.data())
def test_what_was_heard_is_told_and_nothing_that_is_not_stored(
    numbers: set[int], data: st.DataObject
) -> None:
    receipts, voice = Receipts("c"), FakeVoice()
    fresh = data.draw(st.sets(st.sampled_from(sorted(numbers)), min_size=1))
    whole = Spans.numbers(numbers)
    receipts.note([(voice, heard(n)) for n in fresh], stored(whole))
    receipts.tell(1.0)
    told = {n for each in voice.receipts() for first, last in each.numbers for n in range(first, last + 1)}
    assert fresh <= told <= numbers


def test_a_birth_is_answered_with_all_ranges_in_as_many_receipts_as_it_takes() -> None:
    receipts, voice = Receipts("c"), FakeVoice()
    birth = vitals_of(ORIGIN, BOOT).birth
    arrival = understood(birth.topic, birth.body)
    assert isinstance(arrival, Arrival)
    spans = Spans.numbers(range(0, 300, 3))
    receipts.note([(voice, arrival)], stored(spans))
    assert receipts.tell(1.0) == 3
    assert voice.receipts() == (Receipt(BOOT, spans),)


def test_what_was_not_heard_now_is_not_told_again_but_for_the_first_range() -> None:
    receipts, voice = Receipts("c"), FakeVoice()
    receipts.note([(voice, heard(20))], stored(Spans(((5, 6), (20, 21)))))
    receipts.note([(voice, heard(20, Origin("r", "m")))], stored(Spans(((0, 6), (20, 21))), Origin("r", "m")))
    receipts.tell(1.0)
    told = {
        parse_receipt(topic, payload).data.node: parse_receipt(topic, payload).receipts()
        for topic, payload in voice.said
    }
    assert told == {
        "n": (Receipt(BOOT, Spans(((20, 21),))),),
        "m": (Receipt(BOOT, Spans(((0, 6), (20, 21)))),),
    }


def test_a_box_of_many_runs_is_told_of_all_of_them() -> None:
    receipts, voice = Receipts("c"), FakeVoice()
    birth = vitals_of(ORIGIN, BOOT).birth
    arrival = understood(birth.topic, birth.body)
    assert isinstance(arrival, Arrival)
    runs = tuple(Receipt(f"boot-{n}", Spans(((0, n),))) for n in range(2 * MOST_BOOTS + 1))
    receipts.note([(voice, arrival)], Committed({ORIGIN: runs}, 0, 0, 0))
    assert receipts.tell(1.0) == 3
    assert voice.receipts() == runs


def test_a_box_of_which_nothing_is_stored_is_told_nothing() -> None:
    receipts, voice = Receipts("c"), FakeVoice()
    birth = vitals_of(ORIGIN, BOOT).birth
    arrival = understood(birth.topic, birth.body)
    assert isinstance(arrival, Arrival)
    receipts.note([(voice, arrival)], Committed({ORIGIN: ()}, 0, 0, 0))
    assert receipts.tell(1.0) == 0
    assert voice.said == []


def test_a_receipt_names_the_centre_that_gives_it() -> None:
    receipts, voice = Receipts("centre-7"), FakeVoice()
    receipts.note([(voice, heard(0))], stored(Spans(((0, 0),))))
    receipts.tell(1.0)
    assert json.loads(voice.said[0][1])["source"] == "urn:safecity:centre:centre-7"
