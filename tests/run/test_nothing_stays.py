"""Nothing of Python's stays of an event that is over: from a picture through rules and outbox to its receipt.

What an hour of four cameras shows in sum (`tests/process/test_endurance.py`), counted here block by block.
"""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.rules.spec import RuleSpec
from edge.run.newest_slot import NewestSlot
from edge.run.started import all_started
from edge.values.delivery import Settlement
from edge.values.detections import Detections
from edge.values.event import Kind
from edge.values.frame import Frame
from tests.fakes.blocks import MOST_BLOCKS_PER_EVENT, blocks_per_event
from tests.fakes.clock import FakeClock
from tests.fakes.lanes import CROWD, NOBODY, PERIOD_NS, SIZE, lane
from tests.fakes.outbox import BOOT, gap_message

ENTRY = RuleSpec("entry", Kind.ZONE_ENTRY, ("square",))
PASSAGE = RuleSpec("passage", Kind.LINE_CROSSING, ("middle",))
WALK = tuple(Detections.of([[x - 4, 10, x + 4, 28]], [0.9], [0]) for x in range(4, 61, 8))
STEP_S = PERIOD_NS / 1e9
LIVE = tuple(np.full((SIZE.height, SIZE.width, 3), level, np.uint8) for level in (110, 118))
"""No picture is like the one before: the same for a minute would be a frozen camera's."""

PAUSE = 7
VISITS_BETWEEN_LOOKS = 20
"""A minute: what is known of the last minute is as much at each look."""


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
        for self.answer in (*WALK, *[NOBODY] * PAUSE):
            self.clock.pass_s(STEP_S)
            self.pictures += 1
            seen = Frame("plaza", "run", self.pictures, self.clock.now(), LIVE[self.pictures % 2], SIZE)
            messages = self.lane.analyse(seen, self)
            self.outbox.put(messages)
            self.lane.committed(self.clock.now(), bool(messages))
            self.ended += sum(message.closes for message in messages)
        while taken := self.backlog.take(100):
            self.backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))


def measured(folder: Path, leaks: int, looks: int) -> tuple[float, int]:
    """Blocks that stay per event, and how many events ended; so many more are kept on purpose of each."""
    street = Street(folder)
    held: list[bytes] = []

    def some_visits() -> int:
        before = street.ended
        for _ in range(VISITS_BETWEEN_LOOKS):
            street.visit()
        ended = street.ended - before
        held.extend(bytes(100) for _ in range(leaks * ended))
        return ended

    all_started()
    return blocks_per_event(some_visits, looks), street.ended


ALONE = """
import sys
from pathlib import Path
from tests.run.test_nothing_stays import measured
print(*measured(Path(sys.argv[1]), *map(int, sys.argv[2:])))
"""


@pytest.mark.parametrize(("leaks", "looks", "grows"), [(0, 5, False), (1, 3, True)])
def test_nothing_stays_of_an_event_that_is_over(tmp_path: Path, leaks: int, looks: int, grows: bool) -> None:
    """In a process of its own: blocks of other tests would come and go meanwhile."""
    command = [sys.executable, "-c", ALONE, str(tmp_path), str(leaks), str(looks)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    per_event, ended = map(float, done.stdout.split())
    assert (per_event > MOST_BLOCKS_PER_EVENT) is grows, f"{per_event:.2f} blocks per event"
    assert ended >= 3 * looks * VISITS_BETWEEN_LOOKS, "an entry, a passage and a crowd each time"
