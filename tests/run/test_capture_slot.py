"""The slot between capture and analysis."""

import threading

from edge.run.newest_slot import NewestSlot
from tests.fakes.frames import grey_frame


def test_the_newest_frame_wins_and_losses_are_counted() -> None:
    arrived = threading.Event()
    slot = NewestSlot(300_000_000, arrived)
    assert slot.take() is None and slot.deadline_ns is None and not arrived.is_set()
    for seq in range(3):
        slot.put(grey_frame(seq=seq))
    assert arrived.is_set()
    assert slot.deadline_ns == 2 * 200_000_000 + 300_000_000
    frame = slot.take()
    assert frame is not None and frame.seq == 2
    assert slot.take() is None and slot.deadline_ns is None
    assert (slot.taken, slot.replaced) == (1, 2)


def test_nothing_is_lost_or_doubled_between_threads() -> None:
    slot, taken = NewestSlot(1, threading.Event()), list[int]()
    over = threading.Event()

    def take() -> None:
        while not over.is_set():
            frame = slot.take()
            if frame is not None:
                taken.append(frame.seq)

    taker = threading.Thread(target=take)
    taker.start()
    for seq in range(2000):
        slot.put(grey_frame(8, 8, seq))
    over.set()
    taker.join()
    last = slot.take()
    rest = [] if last is None else [last.seq]
    assert taken + rest == sorted(set(taken + rest))
    assert slot.taken + slot.replaced == 2000
