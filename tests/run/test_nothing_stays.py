"""Nothing of Python's stays of an event that is over: from a picture through rules and outbox to its receipt.

What an hour of four cameras shows in sum (`tests/process/test_endurance.py`), counted here block by block.
"""

import gc
import sys
import threading
from itertools import combinations
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.rules.spec import RuleSpec
from edge.run.newest_slot import NewestSlot
from edge.values.delivery import Settlement
from edge.values.detections import Detections
from edge.values.event import Kind
from edge.values.frame import Frame
from tests.fakes.clock import FakeClock
from tests.fakes.lanes import CROWD, NOBODY, PERIOD_NS, SIZE, lane
from tests.fakes.outbox import BOOT, gap_message

ENTRY = RuleSpec("entry", Kind.ZONE_ENTRY, ("square",))
PASSAGE = RuleSpec("passage", Kind.LINE_CROSSING, ("middle",))
WALK = tuple(Detections.of([[x - 4, 10, x + 4, 28]], [0.9], [0]) for x in range(4, 61, 8))
STEP_S = PERIOD_NS / 1e9
GREY = np.full((SIZE.height, SIZE.width, 3), 114, np.uint8)

WARM_VISITS = 15
LOOKS = 6
VISITS_BETWEEN_LOOKS = 8
MOST_BLOCKS_PER_EVENT = 0.5
"""One string or number that stays of each event makes 1."""


class Street:
    """Somebody walks across a square, and what that led to is delivered."""

    labels = ("person", "car")

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        slot = NewestSlot(PERIOD_NS, threading.Event())
        self.lane = lane("plaza", slot, self.clock, CROWD, ENTRY, PASSAGE)
        self.outbox = SqliteOutbox(folder / "outbox.db", BOOT)
        self.backlog = SqliteBacklog(SqliteOutbox(folder / "outbox.db", BOOT), gap_message, self.clock)
        self.answer = NOBODY
        self.pictures = self.ended = 0

    def detect(self, _: Frame) -> Detections:
        return self.answer

    def visit(self) -> None:
        for self.answer in (*WALK, *[NOBODY] * 7):
            self.clock.pass_s(STEP_S)
            self.pictures += 1
            seen = Frame("plaza", "run", self.pictures, self.clock.now(), GREY, SIZE)
            messages = self.lane.analyse(seen, self)
            self.outbox.put(messages)
            self.lane.committed(self.clock.now(), bool(messages))
            self.ended += sum(message.closes for message in messages)
        while taken := self.backlog.take(100):
            self.backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))


def blocks() -> int:
    """What Python has allocated, but for what it keeps for the next use."""
    sys._clear_type_cache()
    gc.collect()
    return sys.getallocatedblocks()


def growth(street: Street, held: list[object]) -> float:
    """Blocks that stay per event that ended, the median between any two looks: a table may grow once."""
    for _ in range(WARM_VISITS):
        street.visit()
    looks: list[tuple[int, int]] = []
    for _ in range(LOOKS):
        for _ in range(VISITS_BETWEEN_LOOKS):
            before = street.ended
            street.visit()
            held.extend(bytes(100) for _ in range(street.ended - before) if held)
        looks.append((street.ended, blocks()))
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(looks, 2))


@pytest.mark.parametrize(("held", "grows"), [([], False), ([b"leaks"], True)])
def test_nothing_stays_of_an_event_that_is_over(tmp_path: Path, held: list[object], grows: bool) -> None:
    street = Street(tmp_path)
    assert (growth(street, held) > MOST_BLOCKS_PER_EVENT) is grows
    assert street.ended >= 3 * LOOKS * VISITS_BETWEEN_LOOKS, "an entry, a passage and a crowd each time"
