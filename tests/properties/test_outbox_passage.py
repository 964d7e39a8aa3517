"""Whichever lanes rest, wake, ask in vain and come back: each keeps its order, and only what may go goes."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.adapters import outbox_backlog, outbox_order
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.values.delivery import Pending, Settlement
from edge.values.lanes import FREE, Passage, lane_of
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, event, gap_message, sequence_of

MEMORY = Path("/dev/shm")
CAMERAS = ("c1", "c2", "c3")
LANES = [f"camera/{camera}" for camera in CAMERAS]
SHORT_LOOK = {"PARK_S": (outbox_backlog, 0.0), "LOOK_ROWS": (outbox_order, 2)}
"""Topics rest no time, and a look sees two rows, so that it ends in the middle of everything."""


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    lanes = {lane: draw(st.sampled_from(["heard", "asks", "rests"])) for lane in LANES}
    return Passage(
        frozenset(lane for lane in LANES if lanes[lane] == "heard"),
        frozenset(lane for lane in LANES if lanes[lane] == "rests"),
    )


class PassageMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.before: list[tuple[Any, str, object]] = []
        for name, (module, value) in SHORT_LOOK.items():
            self.before.append((module, name, getattr(module, name)))
            setattr(module, name, value)
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.names = 0
        self.waiting: dict[str, list[int]] = {lane: [] for lane in LANES}
        self.out: dict[int, Pending] = {}
        self.open()

    def open(self) -> None:
        self.outbox = SqliteOutbox(Path(self.folder.name) / "outbox.db", BOOT)
        self.backlog = SqliteBacklog(self.outbox, gap_message, FakeClock())

    @rule(cameras=st.lists(st.sampled_from(CAMERAS), min_size=1, max_size=12))
    def put(self, cameras: list[str]) -> None:
        batch = []
        for camera in cameras:
            self.waiting[f"camera/{camera}"].append(self.names)
            self.names += 1
            batch.append(event(f"e{self.names}", camera=camera))
        self.outbox.put(batch)

    @rule(limit=st.integers(1, 8), passage=passages())
    def take(self, limit: int, passage: Passage) -> None:
        taken = self.backlog.take(limit, passage=passage)
        assert len(taken) <= limit
        for lane in LANES:
            of_lane = [sequence_of(one) for one in taken if lane_of(one.topic) == lane]
            assert of_lane == self.waiting[lane][: len(of_lane)], "in its order, from its first"
            assert not (of_lane and lane in passage.resting)
            assert len(of_lane) <= 1 or passage.is_heard(lane)
            del self.waiting[lane][: len(of_lane)]
        if not taken:
            assert not [lane for lane in LANES if self.waiting[lane] and lane not in passage.resting]
        self.out.update((one.key, one) for one in taken)

    @rule(choices=st.lists(st.sampled_from(["sent", "back", "denied"]), min_size=1, max_size=12))
    def settle(self, choices: list[str]) -> None:
        picked = dict(zip(sorted(self.out), choices, strict=False))
        parts = {
            choice: frozenset(key for key, picks in picked.items() if picks == choice) for choice in choices
        }
        self.backlog.settle(Settlement(**parts))
        for key, choice in picked.items():
            one = self.out.pop(key)
            if choice != "sent":
                lane = lane_of(one.topic)
                self.waiting[lane] = sorted([*self.waiting[lane], sequence_of(one)])

    @rule()
    def crash(self) -> None:
        self.backlog.close()
        for one in self.out.values():
            lane = lane_of(one.topic)
            self.waiting[lane] = sorted([*self.waiting[lane], sequence_of(one)])
        self.out.clear()
        self.open()

    @invariant()
    def counted(self) -> None:
        assert self.backlog.stock().rows == sum(map(len, self.waiting.values()))

    def teardown(self) -> None:
        """Once nothing rests everything comes, once, each camera's in its order."""
        while any(self.waiting.values()):
            self.take(5, FREE)
        assert not self.backlog.take(5)
        self.backlog.close()
        self.folder.cleanup()
        for module, name, value in self.before:
            setattr(module, name, value)


TestPassageMachine = PassageMachine.TestCase
TestPassageMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
