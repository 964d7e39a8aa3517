"""A deck: whatever a camera or the disk does, recording goes on, and every hole has a cause."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from edge.footage.admission import Mode
from edge.ports import Tape
from edge.run.deck import Deck, DeckSpec
from edge.run.record import RecordWorker
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.recorded import Recorded
from edge.values.segment import FootageClass
from edge.values.unrecorded import Unrecorded, UnrecordedCause
from tests.fakes.clock import FakeClock
from tests.fakes.footage_store import FakeTape, MemoryStore
from tests.fakes.vaults import in_pieces, misdated, moment, stretch


class NoWait(random.Random):
    """Jitter that makes every wait of a back-off short."""

    def uniform(self, a: float, b: float) -> float:
        return 0.01 - b


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def deck_of(
    store: MemoryStore, tapes: list[FakeTape | CameraError], spec: DeckSpec | None = None, **more: object
) -> Deck:
    left: Iterator[FakeTape | CameraError] = iter(tapes)

    def opener() -> Tape:
        tape = next(left, None) or FakeTape([], hang=True)
        if isinstance(tape, CameraError):
            raise tape
        return tape

    return Deck("plaza", opener, store, FakeClock(moment(0)), NoWait(), spec or DeckSpec(), **more)  # type: ignore[arg-type]


def until(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def ran(deck: Deck, look: Callable[[], bool]) -> None:
    deck.start()
    until(look)
    deck.stop()
    assert deck.join(20)
    assert deck.fault is None


LOST = CameraError("rtsp://camera did not answer in time", Reason.HUNG)


def test_stretches_go_into_the_store_in_order(store: MemoryStore) -> None:
    tape = FakeTape([stretch(at) for at in (0, 20, 40)])
    ran(deck_of(store, [tape]), lambda: len(store.stretches) == 3)
    assert [each.began for each in store.stretches] == [moment(at) for at in (0, 20, 40)]
    assert store.gaps == {}


def test_a_camera_that_comes_back_leaves_a_gap_with_a_cause(store: MemoryStore) -> None:
    tapes = [FakeTape([stretch(0)], LOST), LOST, FakeTape([stretch(90)])]
    ran(deck_of(store, tapes), lambda: len(store.stretches) == 2)
    (gap,) = store.gaps.values()
    assert (gap.began_ns, gap.ended_ns) == (moment(20).utc_ns, moment(90).utc_ns)
    assert gap.cause is UnrecordedCause.CAMERA


def test_what_cannot_be_recorded_is_told_as_such(store: MemoryStore) -> None:
    odd = CameraError("sends mjpeg", Reason.CORRUPT)
    ran(
        deck_of(store, [FakeTape([stretch(0)], odd), FakeTape([stretch(50)])]),
        lambda: len(store.stretches) == 2,
    )
    assert [gap.cause for gap in store.gaps.values()] == [UnrecordedCause.FORMAT]


def test_the_time_before_this_process_is_a_gap(store: MemoryStore) -> None:
    deck = deck_of(store, [FakeTape([stretch(5)])], ended_ns=moment(-60).utc_ns)
    ran(deck, lambda: bool(store.gaps))
    (gap,) = store.gaps.values()
    assert (gap.began_ns, gap.ended_ns, gap.cause) == (
        moment(-60).utc_ns, moment(5).utc_ns, UnrecordedCause.STOPPED,
    )  # fmt: skip


def test_on_a_full_disk_recording_goes_on_and_the_hole_is_told_later(store: MemoryStore) -> None:
    store.full = True
    tape = FakeTape([stretch(0), stretch(20), stretch(40)])
    read, deck = tape.read, deck_of(store, [tape])

    def freed() -> Recorded | None:
        store.full = len(tape._left) > 1
        return read()

    tape.read = freed  # type: ignore[method-assign]
    ran(deck, lambda: len(store.stretches) == 1)
    (gap,) = store.gaps.values()
    assert (gap.began_ns, gap.ended_ns, gap.cause) == (
        moment(0).utc_ns, moment(40).utc_ns, UnrecordedCause.DISK,
    )  # fmt: skip
    assert deck.count.unsealed == 2


def test_a_gap_that_goes_on_is_written_down_and_becomes_longer(store: MemoryStore) -> None:
    deck = deck_of(store, [LOST] * 1000)
    deck.start()
    for second in (30, 60, 90):
        deck.tell_gap(moment(second))
    deck.stop()
    assert [(gap.began_ns, gap.ended_ns) for gap in store.gaps.values()] == [
        (moment(0).utc_ns, moment(90).utc_ns)
    ]


@pytest.mark.parametrize("step_s", [3_600, -3_600, 315_360_000])
def test_a_clock_that_is_set_makes_no_gap_and_hides_none(store: MemoryStore, step_s: int) -> None:
    first, back = stretch(0), misdated(stretch(20), step_s)
    tapes = [FakeTape([first, back], LOST), FakeTape([misdated(stretch(100), step_s)])]
    ran(deck_of(store, tapes), lambda: len(store.stretches) == 3)
    (gap,) = store.gaps.values()
    began_ns, ended_ns = (moment(second).utc_ns + step_s * 10**9 for second in (40, 100))
    assert (gap.began_ns, gap.ended_ns) == (began_ns, ended_ns)


def test_a_gap_is_told_at_once_when_the_clock_was_set_back_in_it(store: MemoryStore) -> None:
    deck = deck_of(store, [FakeTape([stretch(0)], LOST), *[LOST] * 1000])
    deck.start()
    until(lambda: deck.count.failures > 1)
    hour_ns = 3_600 * 10**9
    now = moment(90)
    deck.tell_gap(replace(now, utc_ns=now.utc_ns - hour_ns))
    deck.stop()
    assert [(gap.began_ns, gap.ended_ns) for gap in store.gaps.values()] == [
        (moment(20).utc_ns - hour_ns, now.utc_ns - hour_ns)
    ]


class SlowToTell(MemoryStore):
    """Takes its time over a gap."""

    def put(self, what: Recorded | Unrecorded) -> None:
        super().put(what)
        if isinstance(what, Unrecorded):
            time.sleep(0.05)


def test_two_threads_that_tell_of_one_gap_take_turns() -> None:
    store = SlowToTell()
    deck = deck_of(store, [FakeTape([stretch(5)])], ended_ns=moment(-600).utc_ns)
    deck.start()
    while not store.stretches and deck.fault is None:
        deck.tell_gap(moment(5))
    deck.stop()
    assert deck.join(20)
    assert deck.fault is None


def test_a_stretch_that_is_under_way_is_no_gap(store: MemoryStore) -> None:
    first, *_ = in_pieces(stretch(5, lasts_s=60), 3)
    deck = deck_of(store, [FakeTape([first], hang=True)], ended_ns=moment(-600).utc_ns)
    deck.start()
    until(lambda: bool(store.stretches))
    until(lambda: deck.state == "recording")
    deck.tell_gap(moment(60))
    deck.stop()
    assert deck.join(20)
    (gap,) = store.gaps.values()
    assert (gap.began_ns, gap.ended_ns) == (moment(-600).utc_ns, moment(5).utc_ns)


def test_a_stretch_of_which_one_piece_was_lost_is_lost_and_the_next_is_kept(store: MemoryStore) -> None:
    lost, kept = in_pieces(stretch(0), 3), in_pieces(stretch(20), 3)
    tape = FakeTape([*lost, *kept])
    read, deck = tape.read, deck_of(store, [tape])

    def full_once() -> Recorded | None:
        store.full = len(tape._left) == 5  # its second piece
        return read()

    tape.read = full_once  # type: ignore[method-assign]
    ran(deck, lambda: len(store.stretches) == 4)
    assert [each.began for each in store.stretches] == [moment(0), *[moment(20)] * 3]
    (gap,) = store.gaps.values()
    assert (gap.began_ns, gap.ended_ns, gap.cause) == (
        moment(0).utc_ns, moment(20).utc_ns, UnrecordedCause.DISK,
    )  # fmt: skip
    assert (deck.count.unsealed, deck.count.segments) == (1, 1)


def test_without_room_pieces_wait_until_a_hold_has_judged_the_whole(store: MemoryStore) -> None:
    tape = FakeTape([*in_pieces(stretch(0), 2), *in_pieces(stretch(20, b"held"), 2)])
    deck = deck_of(store, [tape], room=lambda: False, held=lambda each: each.ended == moment(40))
    ran(deck, lambda: deck.count.refused == 1 and bool(store.stretches))
    (kept,) = store.stretches
    assert (bytes(kept.container), kept.began, kept.opens, kept.closes) == (b"held", moment(20), True, True)
    assert kept.footage_class is FootageClass.EVENT


def test_without_room_routine_footage_is_refused_and_what_is_held_is_not(store: MemoryStore) -> None:
    tape = FakeTape([stretch(0), stretch(20), stretch(40)])
    deck = deck_of(store, [tape], room=lambda: False, held=lambda each: each.began == moment(20))
    ran(deck, lambda: deck.count.refused == 2)
    assert [(each.began, each.footage_class) for each in store.stretches] == [
        (moment(20), FootageClass.EVENT)
    ]


def test_on_hold_alone_the_past_waits_in_memory_until_a_hold_asks_for_it(store: MemoryStore) -> None:
    tape = FakeTape([stretch(at) for at in (0, 20, 40, 60, 80, 100, 120)])
    spec = DeckSpec(mode=Mode.ON_HOLD, before_s=45)
    deck = deck_of(store, [tape], spec, held=lambda each: each.began == moment(100))
    ran(deck, lambda: len(store.stretches) >= 3)
    assert [each.began for each in store.stretches] == [moment(at) for at in (40, 60, 80, 100)]
    assert {each.footage_class for each in store.stretches} == {FootageClass.EVENT}
    assert store.gaps == {}


def test_a_read_that_hangs_is_noticed(store: MemoryStore) -> None:
    deck = deck_of(store, [FakeTape([stretch(0)], hang=True)])
    deck.start()
    until(lambda: len(store.stretches) == 1)
    assert not deck.is_stuck(moment(0))
    patience = DeckSpec().patience_s
    assert not deck.is_stuck(moment(patience - 1))
    assert deck.is_stuck(moment(patience + 1))
    with pytest.raises(CameraError, match="plaza"):
        worker = RecordWorker([deck], store, FakeClock(moment(patience + 2)), lambda _: None)
        worker._turn()
    deck.stop()


def test_a_camera_that_is_away_is_not_stuck(store: MemoryStore) -> None:
    deck = deck_of(store, [LOST] * 100_000)
    assert not deck.is_stuck(moment(0))
    assert not deck.is_stuck(moment(1000))


def test_a_crash_between_a_gap_and_its_segment_leaves_no_hole_untold(store: MemoryStore) -> None:
    """The gap is written first: wherever the process dies, a hole is told or its segment is not there."""
    order: list[str] = []
    put = store.put

    def noted(item: object) -> None:
        order.append(type(item).__name__)
        put(item)  # type: ignore[arg-type]

    store.put = noted  # type: ignore[method-assign, assignment]
    ran(deck_of(store, [FakeTape([stretch(50)])], ended_ns=moment(10).utc_ns), lambda: len(order) == 2)
    assert order == ["Unrecorded", "Recorded"]
