"""What damage does to the outbox: an altered row, an altered account, a file that is none."""

import json
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.privacy.reports import gap
from edge.privacy.spec import Origin
from edge.values.gap import GapCause
from tests.fakes.backlog import alter, backlog_of, drain
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, EVENTS, event, name_of, reported, sequence_of, state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def test_a_shed_row_whose_time_the_disk_altered_is_told_without_a_time(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([state("c1", 0)])
    alter(path, "UPDATE messages SET committed_utc_ns = 'then'")
    outbox.put([state("c1", 1)])
    (lost,) = reported(drain(backlog_of(path)))
    assert (lost.cause, lost.from_utc_ns, lost.until_utc_ns) == (GapCause.SUPERSEDED, None, None)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE messages SET payload = CAST(replace(CAST(payload AS TEXT), 'b', 'x') AS BLOB)",
        "UPDATE messages SET topic = topic || 'x'",
        "UPDATE messages SET topic = CAST(x'ff' AS TEXT)",
        "UPDATE messages SET payload = 17",
        "UPDATE messages SET retain = 1",
        "UPDATE messages SET committed_utc_ns = 0",
        "UPDATE messages SET digest = x''",
    ],
)
def test_a_row_that_the_disk_altered_is_set_aside_and_reported_never_sent(path: Path, change: str) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("a"), event("b"), event("c")])
    alter(path, change + " WHERE key & 255 = 1")
    backlog = backlog_of(path)
    taken = drain(backlog)
    assert [sequence_of(one) for one in taken] == [0, 2, 3]
    (lost,) = reported(taken)
    assert (lost.first, lost.last, lost.cause) == (1, 1, GapCause.DAMAGED)
    assert (lost.from_utc_ns, lost.until_utc_ns) == (None, None)  # what a damaged row says is not believed
    assert backlog.stock().dead == 1


def test_an_altered_open_event_is_not_brought_back(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("long", 0, closes=False)])
    alter(path, "UPDATE events SET topic = topic || 'x'")
    assert outbox.open_messages(EVENTS) == ()


def test_an_altered_account_of_losses_is_told_as_a_loss_of_unknown_size(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([state("c1", 1)])
    outbox.put([state("c1", 2)])
    alter(path, "UPDATE losses SET cause = 'nonsense'")
    gaps = [one for one in drain(backlog_of(path)) if one.topic.endswith("/gap")]
    assert b'"unknown":true' in gaps[0].payload


def test_losses_are_told_in_messages_that_the_allow_list_lets_out(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    for n in range(600):
        outbox.put([state("c1", n), event(f"e{n}")])
    outbox.close()
    alter(path, "UPDATE losses SET boot = 'no boot' WHERE first = 0")
    origin = Origin("region", "node")
    backlog = SqliteBacklog(SqliteOutbox(path, BOOT), lambda report: gap(origin, report), FakeClock())
    told = [json.loads(one.payload)["data"] for one in drain(backlog) if one.topic.endswith("/gap")]
    whole = 599 // outbox.ranges_per_gap * outbox.ranges_per_gap
    assert sum(one["lost"] for one in told) == whole  # and the rest is in the one of unknown size
    assert [one["unknown"] for one in told].count(True) == 1


def test_a_file_that_is_no_database_is_left_beside_and_a_new_one_begun_loudly(path: Path) -> None:
    path.write_bytes(b"not a database, " * 1000)
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("a")])
    taken = drain(backlog_of(path))
    assert path.read_bytes().startswith(b"not a database")
    assert [name_of(one) for one in taken[:1]] == ["a"]
    assert b'"boot":"boot-1-1"' in taken[0].payload
    assert b'"unknown":true' in taken[1].payload


def test_every_process_moves_on_when_one_finds_the_file_damaged(path: Path) -> None:
    unaware = SqliteOutbox(path, BOOT)
    unaware.put([event("a"), event("b")])
    unaware.close()
    damage(path)
    reader = backlog_of(path)
    unaware.put([event("c")])
    taken = drain(reader)
    assert [name_of(one) for one in taken if "/event/" in one.topic] == ["c"]
    assert sequence_of(taken[0]) == 0
    assert any(b'"unknown":true' in one.payload for one in taken)


def damage(path: Path) -> None:
    """Overwrite the middle of every page but the first of a database that nobody has open."""
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    path.write_bytes(content)
