"""Whatever is put, taken, settled, crashed and shed: every sequence number arrives, waits, or is reported."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.adapters import outbox_backlog
from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.values.delivery import Pending, Settlement
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, event, gap_message, notice, reported, sequence_of, state

MEMORY = Path("/dev/shm")  # no real disk is needed here, and its fsync would be most of the time
LIMITS = OutboxLimits(size_bytes=8_000, payload_bytes=4_096)


class OutboxMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.park_s, outbox_backlog.PARK_S = outbox_backlog.PARK_S, 0.0
        self.names = 0
        self.delivered: list[Pending] = []
        self.out: dict[int, Pending] = {}
        self.open()

    def open(self) -> None:
        path = Path(self.folder.name) / "outbox.db"
        self.outbox = SqliteOutbox(path, BOOT, LIMITS)
        self.backlog = SqliteBacklog(self.outbox, gap_message, FakeClock())

    @rule(kinds=st.lists(st.sampled_from(["event", "notice", "state", "big"]), min_size=1, max_size=12))
    def put(self, kinds: list[str]) -> None:
        batch = []
        for kind in kinds:
            self.names += 1
            name = f"e{self.names}"
            batch.append(
                {
                    "event": event(name, size=200),
                    "notice": notice(name, size=200),
                    "state": state("c1", self.names),
                    "big": event(name, size=5_000),
                }[kind]
            )
        self.outbox.put(batch)

    @rule(limit=st.integers(1, 20))
    def take(self, limit: int) -> None:
        taken = self.backlog.take(limit)
        keys = [one.key for one in taken]
        assert keys == sorted(keys)
        assert not self.out.keys() & set(keys)
        self.out.update((one.key, one) for one in taken)

    @rule(choices=st.lists(st.sampled_from(["sent", "back", "refused"]), min_size=1, max_size=20))
    def settle(self, choices: list[str]) -> None:
        picked = dict(zip(sorted(self.out), choices, strict=False))
        self.delivered += [self.out[key] for key, choice in picked.items() if choice == "sent"]
        self.backlog.settle(
            Settlement(
                sent=frozenset(key for key, choice in picked.items() if choice == "sent"),
                refused=frozenset(key for key, choice in picked.items() if choice == "refused"),
                back=frozenset(key for key, choice in picked.items() if choice == "back"),
            )
        )
        self.out = {key: one for key, one in self.out.items() if key not in picked}

    @rule()
    def crash(self) -> None:
        self.backlog.close()
        self.out.clear()
        self.open()

    @invariant()
    def bounded(self) -> None:
        assert (
            self.backlog.stock().size_bytes <= LIMITS.size_bytes + 24_000
        )  # gap messages stay, and what is out

    def teardown(self) -> None:
        """Everything that did not arrive is told, and nothing else."""
        self.backlog.settle(Settlement(back=frozenset(self.out)))
        while taken := self.backlog.take(100):
            self.delivered += taken
            self.backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))
        arrived = {sequence_of(one) for one in self.delivered}
        told = {n for one in reported(self.delivered) for n in range(one.first, one.last + 1)}
        highest = max(arrived | told, default=-1)
        assert arrived | told == set(range(highest + 1))
        assert not arrived & told
        assert highest + 1 >= self.names
        self.backlog.close()
        self.folder.cleanup()
        outbox_backlog.PARK_S = self.park_s


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
