"""The outbox on a disk that is full: a file system of 24 megabytes, which only root can make."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.adapters.outbox_ballast import Ballast
from edge.values.delivery import Settlement
from edge.values.errors import StorageError
from edge.values.gap import GapCause
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, event, gap_message, name_of, reported

pytestmark = pytest.mark.process


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], stderr=subprocess.DEVNULL
    )
    if not mounted:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.check_call(["umount", "-l", str(folder)])


def fill(folder: Path) -> Path:
    """Something else, such as a log, takes every byte that is left."""
    greedy = folder / "greedy"
    with greedy.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return greedy


def test_on_a_full_disk_the_backlog_is_drained_and_new_events_are_committed(small_disk: Path) -> None:
    outbox = SqliteOutbox(small_disk / "outbox.db", BOOT)
    backlog = SqliteBacklog(SqliteOutbox(small_disk / "outbox.db", BOOT), gap_message, FakeClock())
    outbox.put([event(f"old{n}", size=2_000) for n in range(200)])
    fill(small_disk)
    taken = backlog.take(200)
    backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))
    for n in range(100):
        outbox.put([event(f"new{n}", size=2_000)])
    assert [name_of(one) for one in backlog.take(200)] == [f"new{n}" for n in range(100)]


def test_a_disk_that_takes_no_change_at_all_still_lets_everything_be_sent_once(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.adapters.outbox_backlog.PAY_EVERY_S", 0.0)
    outbox = SqliteOutbox(small_disk / "outbox.db", BOOT)
    backlog = SqliteBacklog(SqliteOutbox(small_disk / "outbox.db", BOOT), gap_message, FakeClock())
    outbox.put([event(f"e{n}", size=2_000) for n in range(300)])
    fill(small_disk)
    (small_disk / "outbox.db.ballast").unlink()
    greedy = fill(small_disk)
    (first,) = backlog.take(1)
    backlog.settle(Settlement(back=frozenset({first.key})))
    sent: list[str] = []
    while taken := backlog.take(20):
        backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))
        sent += [name_of(one) for one in taken]
    assert sent == [f"e{n}" for n in range(300)]
    assert backlog.stock().owed > 0
    backlog.settle(Settlement(back=frozenset({first.key})))
    assert backlog.take(20) == []
    greedy.unlink()
    assert backlog.take(20) == []
    assert (backlog.stock().owed, backlog.stock().size_bytes) == (0, 0)


def test_what_a_broker_refuses_while_the_disk_takes_no_change_is_not_sent_again_and_is_told_later(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.adapters.outbox_backlog.PAY_EVERY_S", 0.0)
    outbox = SqliteOutbox(small_disk / "outbox.db", BOOT)
    backlog = SqliteBacklog(SqliteOutbox(small_disk / "outbox.db", BOOT), gap_message, FakeClock())
    outbox.put([event("a"), event("b")])
    fill(small_disk)
    (small_disk / "outbox.db.ballast").unlink()
    greedy = fill(small_disk)
    first, second = backlog.take(2)
    backlog.settle(Settlement(refused=frozenset({first.key}), back=frozenset({second.key})))
    assert backlog.stock().owed, "the disk takes no change"
    backlog.settle(Settlement(back=frozenset({first.key})))
    assert [name_of(one) for one in backlog.take(2)] == ["b"]
    greedy.unlink()
    (told,) = reported(backlog.take(2))
    assert (told.first, told.last, told.cause) == (0, 0, GapCause.REFUSED)


def test_when_nothing_helps_a_storage_error_commits_nothing_and_room_mends_it(small_disk: Path) -> None:
    outbox = SqliteOutbox(small_disk / "outbox.db", BOOT)
    greedy = fill(small_disk)
    kept: list[str] = []
    with pytest.raises(StorageError, match="full"):
        for n in range(10_000):
            outbox.put([event(f"e{n}", size=2_000)])
            kept.append(f"e{n}")
    greedy.unlink()
    outbox.put([event("after")])
    backlog = SqliteBacklog(outbox, gap_message, FakeClock())
    assert [name_of(one) for one in backlog.take(10_000)] == [*kept, "after"]


def test_ballast_is_taken_again_only_when_the_disk_has_plenty(small_disk: Path) -> None:
    ballast = Ballast(small_disk / "ballast")
    ballast.restore()
    assert (small_disk / "ballast").stat().st_blocks * 512 >= 4 << 20
    greedy = fill(small_disk)
    assert ballast.drop()
    assert not ballast.drop()
    ballast.restore()
    assert not (small_disk / "ballast").exists()
    greedy.unlink()
    ballast.restore()
    assert (small_disk / "ballast").exists()
