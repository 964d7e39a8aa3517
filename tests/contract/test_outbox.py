"""The contract of both ends of an outbox, on the one in memory and on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.ports import Backlog, Outbox
from edge.values.delivery import Settlement
from edge.values.gap import GapCause
from edge.values.lanes import FREE, Passage
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, MemoryOutbox, event, gap_message, name_of, reported, sequence_of, state

Ends = tuple[Outbox, Backlog]


@pytest.fixture(params=["memory", "sqlite"])
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ends]:
    if request.param == "memory":
        both = MemoryOutbox()
        yield both, both
        return
    outbox = SqliteOutbox(tmp_path / "outbox.db", BOOT)
    backlog = SqliteBacklog(SqliteOutbox(tmp_path / "outbox.db", BOOT), gap_message, FakeClock())
    yield outbox, backlog
    backlog.close()
    outbox.close()


def test_messages_come_out_in_the_order_they_were_put_with_sequence_numbers_without_holes(
    ends: Ends,
) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), event("b", camera="c2")])
    outbox.put([])
    outbox.put([event("c")])
    taken = backlog.take(10)
    assert [name_of(one) for one in taken] == ["a", "b", "c"]
    assert [sequence_of(one) for one in taken] == [0, 1, 2]
    assert [one.key for one in taken] == sorted(one.key for one in taken)


def test_the_stamped_payload_is_the_body_with_boot_and_sequence(ends: Ends) -> None:
    outbox, backlog = ends
    message = event("a")
    outbox.put([message])
    (taken,) = backlog.take(1)
    assert taken.payload == message.stamped(BOOT, 0)
    assert (taken.topic, taken.retain, taken.expiry_s) == (message.topic, False, None)


def test_a_message_is_handed_out_once_until_it_is_settled_back_to_its_old_place(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event(name) for name in "abcd"])
    first = backlog.take(2)
    second = backlog.take(1)
    assert [name_of(one) for one in (*first, *second)] == ["a", "b", "c"]
    backlog.settle(Settlement(back=frozenset(one.key for one in first)))
    assert [name_of(one) for one in backlog.take(10)] == ["a", "b", "d"]


def test_a_delivered_message_is_gone(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), event("b")])
    one, other = backlog.take(2)
    backlog.settle(Settlement(sent=frozenset({one.key}), back=frozenset({other.key})))
    assert [name_of(left) for left in backlog.take(10)] == ["b"]


def test_putting_a_revision_again_is_putting_it_once_also_after_its_delivery(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a", 0, closes=False), event("a", 0, closes=False), event("a", 1, closes=False)])
    taken = backlog.take(10)
    backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))
    outbox.put([event("a", 0, closes=False), event("a", 1, closes=False), event("a", 2)])
    outbox.put([event("a", 2)])
    again = backlog.take(10)
    assert len(taken) == 2
    assert [sequence_of(one) for one in again] == [2]


def test_nothing_follows_the_end_of_an_event(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a", 0, closes=False), event("a", 1), event("a", 2, closes=False)])
    outbox.put([event("a", 3, closes=False), event("b")])
    assert [name_of(one) for one in backlog.take(10)] == ["a", "a", "b"]


def test_a_newer_state_takes_the_place_of_an_unsent_one_and_the_hole_is_reported(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([state("c1", 1), state("c2", 1), event("a")])
    outbox.put([state("c1", 2)])
    outbox.put([state("c1", 3)])
    taken = backlog.take(10)
    assert [sequence_of(one) for one in taken] == [1, 2, 4, 5]
    lost = reported(taken)
    assert {n for one in lost for n in range(one.first, one.last + 1)} == {0, 3}
    assert {one.cause for one in lost} == {GapCause.SUPERSEDED}
    assert lost[0].until_utc_ns == taken[0].committed_utc_ns  # of one put


def test_a_refused_message_is_reported_as_a_gap_and_never_sent_again(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), event("b")])
    poison, other = backlog.take(2)
    backlog.settle(Settlement(refused=frozenset({poison.key}), back=frozenset({other.key})))
    taken = backlog.take(10)
    assert [sequence_of(one) for one in taken] == [1, 2]
    (lost,) = reported(taken)
    assert (lost.boot, lost.first, lost.last, lost.cause) == (BOOT, 0, 0, GapCause.REFUSED)
    assert lost.from_utc_ns == lost.until_utc_ns == poison.committed_utc_ns


def test_a_denied_topic_rests_and_the_others_go_on(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a", camera="c1"), event("b", camera="c2"), event("c", camera="c1")])
    denied, *rest = backlog.take(2)
    backlog.settle(Settlement(denied=frozenset({denied.key}), back=frozenset(one.key for one in rest)))
    assert [name_of(one) for one in backlog.take(10)] == ["b"]


def test_a_state_that_is_on_its_way_is_not_told_as_lost(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([state("c1", 1)])
    (on_its_way,) = backlog.take(1)
    outbox.put([state("c1", 2)])
    backlog.settle(Settlement(sent=frozenset({on_its_way.key})))
    assert [sequence_of(one) for one in backlog.take(10)] == [1]


def test_what_the_centre_has_is_gone_whether_it_was_handed_out_or_not(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event(name) for name in "abcdef"])
    first, *_ = backlog.take(3)
    backlog.settle(Settlement(receipts=(Receipt(BOOT, Spans(((1, 2), (4, 4)))),)))
    assert [name_of(one) for one in backlog.take(10)] == ["d", "f"]
    backlog.settle(Settlement(back=frozenset({first.key})))
    assert [name_of(one) for one in backlog.take(10)] == ["a"]


def test_a_receipt_for_another_boot_or_for_what_was_never_committed_frees_nothing(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), event("b")])
    elsewhere = Receipt("another-boot", Spans(((0, 1),)))
    nonsense = Receipt(BOOT, Spans(((0, 2),)))
    backlog.settle(Settlement(receipts=(elsewhere, nonsense)))
    assert [name_of(one) for one in backlog.take(10)] == ["a", "b"]


def test_what_is_handed_out_says_what_its_receipt_will_call_it(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), event("b")])
    taken = backlog.take(2)
    assert [(one.boot, one.sequence) for one in taken] == [(BOOT, 0), (BOOT, 1)]


def test_nothing_is_urgent_in_a_backlog_that_lets_nothing_overtake(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a")])
    assert backlog.take(10, urgent=True) == []
    assert [name_of(one) for one in backlog.take(10)] == ["a"]


def passage(*heard: str, resting: str = "") -> Passage:
    return Passage(
        frozenset(f"camera/{one}" for one in heard), frozenset(f"camera/{one}" for one in resting.split())
    )


def names(backlog: Backlog, limit: int, of: Passage = FREE) -> list[str]:
    return [name_of(one) for one in backlog.take(limit, passage=of)]


def test_what_rests_is_passed_and_comes_later_in_its_order(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event(f"{camera}-{n}", camera=camera) for n in range(3) for camera in ("c1", "c2")])
    assert names(backlog, 10, passage("c1", "c2", resting="c2")) == ["c1-0", "c1-1", "c1-2"]
    assert names(backlog, 10, passage("c1", "c2", resting="c2")) == []
    outbox.put([event("c2-3", camera="c2"), event("c1-3")])
    assert names(backlog, 10, passage("c1", "c2", resting="c2")) == ["c1-3"]
    got = names(backlog, 2, passage("c1", "c2")) + names(backlog, 10)
    assert got == ["c2-0", "c2-1", "c2-2", "c2-3"]


def test_of_a_lane_that_is_not_known_to_be_heard_one_goes_and_nothing_passes_the_next(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), event("b", camera="c2"), event("c"), event("d", camera="c3")])
    first = backlog.take(10, passage=passage())
    assert [name_of(one) for one in first] == ["a", "b"]
    backlog.settle(Settlement(sent=frozenset(one.key for one in first)))
    assert names(backlog, 10, passage("c1", "c2")) == ["c", "d"]


def test_a_message_that_asked_in_vain_asks_again_and_its_lane_waits_behind_it(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), event("b"), event("c", camera="c2"), event("d"), event("e", camera="c2")])
    for _ in range(3):
        (asks,) = backlog.take(1, passage=passage("c2"))
        assert name_of(asks) == "a"
        backlog.settle(Settlement(back=frozenset({asks.key})))
    assert names(backlog, 10, passage("c2", resting="c1")) == ["c", "e"]
    (asks,) = backlog.take(10, passage=passage("c2"))
    assert name_of(asks) == "a"
    backlog.settle(Settlement(sent=frozenset({asks.key})))
    assert names(backlog, 10, passage("c1", "c2")) == ["b", "d"]


def test_a_state_of_a_camera_that_rests_waits_with_its_events(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event("a"), state("c1", 1), state("c2", 1)])
    taken = backlog.take(10, passage=passage("c2", resting="c1"))
    assert [sequence_of(one) for one in taken] == [2]
    assert [sequence_of(one) for one in backlog.take(10)] == [0, 1]


def test_what_comes_back_while_lanes_rest_is_in_its_old_place(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([event(f"{camera}-{n}", camera=camera) for n in range(2) for camera in ("c1", "c2", "c3")])
    out = list(backlog.take(2, passage=passage("c1", "c3", resting="c2")))
    assert [name_of(one) for one in out] == ["c1-0", "c3-0"]
    backlog.settle(Settlement(back=frozenset(one.key for one in out)))
    everything = [one for one in iter(lambda: names(backlog, 1), []) for one in one]
    for camera in ("c1", "c2", "c3"):
        assert [one for one in everything if one.startswith(camera)] == [f"{camera}-0", f"{camera}-1"]
    assert len(everything) == 6


def test_what_comes_back_while_its_lane_catches_up_is_in_its_old_place(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([*(event(f"c1-{n}") for n in range(5)), event("c2-0", camera="c2")])
    assert names(backlog, 10, passage("c1", "c2", resting="c1")) == ["c2-0"]
    first = backlog.take(2, passage=passage("c1", "c2"))
    assert [name_of(one) for one in first] == ["c1-0", "c1-1"]
    backlog.settle(Settlement(back=frozenset(one.key for one in first)))
    assert names(backlog, 10, passage("c1", "c2")) == [f"c1-{n}" for n in range(5)]


def test_a_lane_that_catches_up_leaves_room_for_the_others(ends: Ends) -> None:
    outbox, backlog = ends
    outbox.put([*(event(f"c1-{n}") for n in range(30)), event("c2-0", camera="c2")])
    assert names(backlog, 10, passage("c1", "c2", resting="c1")) == ["c2-0"]
    outbox.put([event("c2-1", camera="c2")])
    assert "c2-1" in names(backlog, 40, passage("c1", "c2"))
