"""What was committed together stays provable, whatever becomes of some of it, and always the same bytes."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.audit.batch import BatchSigner, BatchVerifier, read
from edge.values.delivery import Pending, Settlement
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, event, gap_message, sequence_of, state

ORIGIN = "safecity/r/n"
SIGNER = Ed25519Signer.fresh()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def backlog_of(path: Path) -> SqliteBacklog:
    seal = BatchSigner(SIGNER, ORIGIN).signed
    return SqliteBacklog(SqliteOutbox(path, BOOT), gap_message, FakeClock(), seal=seal)


def is_good(one: Pending) -> bool:
    return BatchVerifier(Ed25519Verifier()).is_good(read(one.payload), ORIGIN, SIGNER.key)


def sizes(taken: Sequence[Pending]) -> list[int]:
    return [read(one.payload).size for one in taken]


def batches(path: Path) -> int:
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT count(*) FROM batches").fetchone()[0])


def test_messages_of_one_put_are_one_batch_and_one_alone_is_none(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("a"), event("b"), event("c")])
    outbox.put([event("d")])
    outbox.put([event("e"), event("f")])
    taken = backlog_of(path).take(10)
    assert sizes(taken) == [3, 3, 3, 1, 2, 2]
    assert len({read(one.payload).root for one in taken}) == 3
    assert all(map(is_good, taken))
    assert batches(path) == 2


def test_a_batch_of_which_some_was_superseded_is_still_provable(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([state("c1", 0), event("a"), state("c2", 0)])
    outbox.put([state("c1", 1), state("c2", 1)])
    taken = [one for one in backlog_of(path).take(10) if sequence_of(one) < 5]
    assert [sequence_of(one) for one in taken] == [1, 3, 4]
    assert sizes(taken) == [3, 2, 2]
    assert all(map(is_good, taken))


def test_the_bytes_are_the_same_whoever_sends_them_and_in_whatever_company(path: Path) -> None:
    SqliteOutbox(path, BOOT).put([event(name) for name in "abcdefg"])
    crashed = backlog_of(path)
    before = crashed.take(10)
    crashed.close()
    again = backlog_of(path)
    first = again.take(3)
    again.settle(Settlement(sent=frozenset({first[0].key}), back=frozenset(one.key for one in first[1:])))
    assert [*first[:1], *again.take(2), *again.take(10)] == before


def test_batches_go_when_nothing_of_them_waits(path: Path) -> None:
    SqliteOutbox(path, BOOT).put([event("a"), event("b")])
    backlog = backlog_of(path)
    first, second = backlog.take(10)
    backlog.settle(Settlement(sent=frozenset({first.key})))
    assert batches(path) == 1
    backlog.settle(Settlement(sent=frozenset({second.key})))
    assert batches(path) == 0


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM batches",
        "UPDATE batches SET leaves = x'00'",
        "UPDATE batches SET leaves = zeroblob(64)",
        "UPDATE batches SET leaves = 'text'",
        "UPDATE batches SET last = last + 1",
    ],
)
def test_a_batch_that_the_disk_altered_leaves_each_message_good_alone(path: Path, damage: str) -> None:
    SqliteOutbox(path, BOOT).put([event("a"), event("b")])
    with sqlite3.connect(path) as db:
        db.execute(damage)
    taken = backlog_of(path).take(10)
    assert sizes(taken) == [1, 1]
    assert all(map(is_good, taken))
