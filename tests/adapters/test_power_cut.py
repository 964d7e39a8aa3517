"""The power goes while the outbox is written: what was committed is there, the rest is whole or is not."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.adapters import outbox_store
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.values.delivery import Settlement
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, event, gap_message, name_of
from tests.fakes.power import Journal

CUTS_PER_DAY = 20


@dataclass
class Day:
    """What an outbox was given and when: places in the journal.

    Attributes:
        groups: names of what was put together, and the place by which that was committed.
        settled: the place from which a name may be gone, because it was delivered.
        opened: the place by which the file was there.
    """

    journal: Journal = field(default_factory=Journal)
    groups: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    settled: dict[str, int] = field(default_factory=dict)
    opened: int = 0

    def live(self, path: Path, chance: random.Random) -> "Day":
        """Put, deliver and open again."""
        with self.journal.kept():
            outbox = SqliteOutbox(path, BOOT)
            self.opened = len(self.journal.entries)
            for _ in range(3):
                backlog = SqliteBacklog(SqliteOutbox(path, BOOT), gap_message, FakeClock())
                for _ in range(25):
                    self._put(outbox, chance)
                    if chance.random() < 0.4:
                        self._deliver(backlog, chance.randrange(1, 5))
                outbox.close()
                backlog.close()
        return self

    def _put(self, outbox: SqliteOutbox, chance: random.Random) -> None:
        names = tuple(f"e{len(self.groups)}.{n}" for n in range(chance.randrange(1, 4)))
        outbox.put([event(name, size=chance.randrange(200, 9000)) for name in names])
        self.groups.append((names, len(self.journal.entries)))

    def _deliver(self, backlog: SqliteBacklog, count: int) -> None:
        taken = backlog.take(count)
        for each in taken:
            self.settled[name_of(each)] = len(self.journal.entries)
        backlog.settle(Settlement(sent=frozenset(each.key for each in taken)))

    def faults(self, cut: int, folder: Path) -> Iterator[str]:
        """What is not as promised in the files that a cut left."""
        backlog = SqliteBacklog(SqliteOutbox(folder / "outbox.db", "boot-2"), gap_message, FakeClock())
        found = [name_of(each) for each in backlog.take(10_000)]
        backlog.close()
        if len(list(folder.glob("outbox*.db"))) > 1:
            yield "the file was damaged"
        if found != sorted(set(found), key=lambda name: tuple(map(int, name[1:].split(".")))):
            yield "out of order, or twice"
        for names, committed in self.groups:
            there = [name for name in names if name in found]
            gone = [name for name in names if name not in found and self.settled.get(name, cut + 1) > cut]
            if committed <= cut and gone:
                yield f"committed and lost: {gone}"
            if committed > cut and there and len(there) < len(names):
                yield f"half of what was put together: {there} of {names}"


def faults(seeds: range, folder: Path) -> list[str]:
    """What is wrong after a cut for each seed, on days of their own."""
    found: list[str] = []
    day = Day()
    for number, seed in enumerate(seeds):
        chance = random.Random(seed)
        if number % CUTS_PER_DAY == 0:
            day = Day().live(folder / f"day-{seed}" / "outbox.db", chance)
        cut = chance.randrange(day.opened, len(day.journal.entries) + 1)
        after = folder / f"after-{seed}"
        day.journal.folder_after(cut, chance, after)
        found += [f"seed {seed}, cut {cut}: {fault}" for fault in day.faults(cut, after)]
    return found


@pytest.mark.parametrize(
    "seeds",
    [range(20), pytest.param(range(200), marks=[pytest.mark.soak, pytest.mark.timeout(900)])],
    ids=len,
)
def test_what_was_committed_survives_a_power_cut(seeds: range, tmp_path: Path) -> None:
    assert faults(seeds, tmp_path) == []


class Lax(sqlite3.Connection):
    """A connection that does not wait for the disk, though it is asked to."""

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:  # type: ignore[override]
        return super().execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), *parameters)  # type: ignore[arg-type]


def test_an_outbox_that_does_not_wait_for_the_disk_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sqlite3.connect
    monkeypatch.setattr(outbox_store.sqlite3, "connect", lambda *a, **k: real(*a, factory=Lax, **k))
    assert any("committed and lost" in fault for fault in faults(range(20), tmp_path))
