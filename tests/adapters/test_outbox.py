"""The outbox on SQLite: bounds, open events, several processes, and what damage does to it."""

import json
import multiprocessing
import sqlite3
import time
from pathlib import Path

import pytest

from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.adapters.outbox_gaps import MOST_GAPS
from edge.adapters.outbox_store import Store
from edge.privacy.reports import gap
from edge.privacy.spec import Origin
from edge.values.delivery import Pending, Settlement
from edge.values.errors import StorageError
from edge.values.gap import GapCause
from edge.values.lanes import Passage
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, EVENTS, event, gap_message, name_of, notice, reported, sequence_of, state

LIMITS = OutboxLimits(size_bytes=40_000, payload_bytes=4_096)


def backlog_of(path: Path, boot: str = BOOT, limits: OutboxLimits | None = None) -> SqliteBacklog:
    return SqliteBacklog(SqliteOutbox(path, boot, limits), gap_message, FakeClock())


def drain(backlog: SqliteBacklog) -> list[Pending]:
    everything: list[Pending] = []
    while taken := backlog.take(100):
        everything += taken
        backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))
    return everything


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def test_what_was_put_survives_closing_and_older_boots_come_first(path: Path) -> None:
    first = SqliteOutbox(path, "boot-1")
    first.put([event("a"), event("b")])
    first.close()
    SqliteOutbox(path, "boot-2").put([event("c")])
    first = SqliteOutbox(path, "boot-1")
    first.put([event("d")])
    taken = drain(backlog_of(path, "boot-2"))
    assert [(name_of(one), sequence_of(one)) for one in taken] == [("a", 0), ("b", 1), ("d", 2), ("c", 0)]


def test_what_an_older_boot_commits_after_its_turn_is_not_left_behind(path: Path) -> None:
    """A worker outlives its supervisor for a moment, or was started by hand, while the next boot is read."""
    older = SqliteOutbox(path, "boot-1")
    older.put([event("a")])
    backlog = backlog_of(path, "boot-2")
    SqliteOutbox(path, "boot-2").put([event("b")])
    assert [name_of(one) for one in drain(backlog)] == ["a", "b"]
    older.put([event("c"), event("d")])
    assert [name_of(one) for one in backlog.take(1)] == ["c"]
    assert [name_of(one) for one in backlog.take(5)] == ["d"]
    assert backlog.take(5) == []


def test_handed_out_rows_come_again_after_a_restart_of_the_reader(path: Path) -> None:
    SqliteOutbox(path, BOOT).put([event("a")])
    crashed = backlog_of(path)
    before = crashed.take(10)
    crashed.close()
    assert backlog_of(path).take(10) == before


def test_a_second_reader_is_refused(path: Path) -> None:
    reader = backlog_of(path)
    with pytest.raises(StorageError, match="already publishes"):
        backlog_of(path)
    reader.close()
    backlog_of(path).close()


def test_when_full_the_least_urgent_and_oldest_go_first_and_every_one_is_reported(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT, LIMITS)
    begun = time.time_ns()
    outbox.put([state(f"c{n}", 0, size=500) for n in range(10)])  # sequences 0..9
    outbox.put([notice(f"n{n}", size=500) for n in range(10)])  # 10..19
    outbox.put([event(f"a{n}", size=500) for n in range(50)])  # 20..69
    taken = drain(backlog_of(path, limits=LIMITS))
    arrived = {sequence_of(one) for one in taken if not one.topic.endswith("/gap")}
    lost = reported(taken)
    assert {one.cause for one in lost} == {GapCause.SHED}
    assert all(begun <= (one.from_utc_ns or 0) <= (one.until_utc_ns or 0) <= time.time_ns() for one in lost)
    accounted = {n for one in lost for n in range(one.first, one.last + 1)}
    assert arrived | accounted == set(range(70))
    assert not arrived & accounted
    assert accounted == set(range(70 - len(arrived)))
    assert set(range(20)) < accounted


def test_losses_that_grow_together_are_told_from_the_first_to_the_last_of_them(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([state("c1", 0)])
    alter(path, "UPDATE messages SET committed_utc_ns = 1000")
    outbox.put([state("c1", 1)])
    alter(path, "UPDATE messages SET committed_utc_ns = 3000")
    outbox.put([state("c1", 2)])
    (lost,) = reported(drain(backlog_of(path)))
    assert (lost.first, lost.last, lost.from_utc_ns, lost.until_utc_ns) == (0, 1, 1000, 3000)


def test_a_shed_row_whose_time_the_disk_altered_is_told_without_a_time(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([state("c1", 0)])
    alter(path, "UPDATE messages SET committed_utc_ns = 'then'")
    outbox.put([state("c1", 1)])
    (lost,) = reported(drain(backlog_of(path)))
    assert (lost.cause, lost.from_utc_ns, lost.until_utc_ns) == (GapCause.SUPERSEDED, None, None)


def test_a_loss_is_told_while_an_earlier_gap_message_is_still_on_its_way(path: Path) -> None:
    """What is lost in the last seconds before a stop is told before the farewell."""
    outbox, backlog = SqliteOutbox(path, BOOT), backlog_of(path)
    taken: list[Pending] = []
    for n in range(4):
        outbox.put([state(f"c{n}", 0), state(f"c{n}", 1)])
        outbox.put([state(f"c{n}", 2)])
        taken += backlog.take(100)
    assert sum(one.count for one in reported(taken)) == 8


def test_gap_messages_that_nobody_takes_do_not_pile_up(path: Path) -> None:
    outbox, backlog = SqliteOutbox(path, BOOT), backlog_of(path)
    taken: list[Pending] = []
    for n in range(3 * MOST_GAPS):
        outbox.put([state("c", n)])
        outbox.put([state("c", n)])
        taken += backlog.take(100)
    out = [one.key for one in taken if one.topic.endswith("/gap")]
    assert len(out) == MOST_GAPS
    backlog.settle(Settlement(sent=frozenset(out)))
    taken += drain(backlog)
    assert sum(one.count for one in reported(taken)) == 3 * MOST_GAPS


def test_gap_messages_are_never_shed(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT, LIMITS)
    backlog = backlog_of(path, limits=LIMITS)
    outbox.put([event(f"a{n}", size=500) for n in range(60)])
    (told,) = [one for one in backlog.take(100) if one.topic.endswith("/gap")]
    outbox.put([event(f"b{n}", size=500) for n in range(100)])
    backlog.settle(Settlement(back=frozenset({told.key})))
    assert told.key in {one.key for one in drain(backlog)}


def test_an_oversized_message_becomes_a_dead_letter_and_a_gap_and_its_companions_go_on(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT, LIMITS)
    outbox.put([event("a"), event("big", size=5_000), event("b")])
    backlog = backlog_of(path, limits=LIMITS)
    taken = drain(backlog)
    assert [sequence_of(one) for one in taken] == [0, 2, 3]
    (lost,) = reported(taken)
    assert (lost.first, lost.last, lost.cause) == (1, 1, GapCause.OVERSIZE)
    assert backlog.stock().dead == 1


def test_events_that_did_not_end_are_known_by_their_last_message_also_after_delivery(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    last = event("long", 1, closes=False)
    outbox.put(
        [event("long", 0, closes=False), last, event("short"), event("other", camera="c2", closes=False)]
    )
    drain(backlog_of(path))
    again = SqliteOutbox(path, "boot-2")
    assert again.open_messages(f"{EVENTS}/c1/") == (last,)
    again.put([event("long", 2)])
    assert again.open_messages(f"{EVENTS}/c1/") == ()
    assert [one.event_id for one in again.open_messages(EVENTS)] == ["other"]


def test_a_boot_id_that_would_break_the_message_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="boot id"):
        SqliteOutbox(path, 'x","y":"')


def write_many(path: Path, camera: str, count: int) -> None:
    outbox = SqliteOutbox(path, BOOT)
    for n in range(count):
        outbox.put([event(f"{camera}-{n}", camera=camera), event(f"{camera}-{n}-b", camera=camera)])


@pytest.mark.process
def test_several_processes_share_one_sequence_without_holes_while_it_is_read(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write_many, args=(path, camera, 40)) for camera in ("c1", "c2", "c3")]
    for writer in writers:
        writer.start()
    backlog, taken = backlog_of(path), list[Pending]()
    while any(writer.is_alive() for writer in writers):
        taken += drain(backlog)
    taken += drain(backlog)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert [sequence_of(one) for one in taken] == list(range(240))
    for camera in ("c1", "c2", "c3"):
        mine = [name_of(one) for one in taken if f"/{camera}/" in one.topic]
        assert mine == [f"{camera}-{n}{suffix}" for n in range(40) for suffix in ("", "-b")]


def alter(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()


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


def test_no_key_is_used_again_after_the_file_was_begun_anew(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("a")])
    reader = backlog_of(path)
    (old,) = reader.take(1)
    path.with_name("outbox.1.db").touch()
    outbox.put([event("b")])
    reader.settle(Settlement(sent=frozenset({old.key})))
    assert [name_of(one) for one in drain(reader) if "/event/" in one.topic] == ["b"]


def test_ranges_of_losses_are_folded_and_still_say_how_many_they_hold(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.adapters.outbox_losses.MOST_RANGES", 8)
    outbox = SqliteOutbox(path, BOOT)
    begun = time.time_ns()
    for n in range(30):
        outbox.put([state("c1", n), event(f"e{n}")])
    lost = reported(drain(backlog_of(path)))
    assert len(lost) <= 9
    assert all(begun <= (one.from_utc_ns or 0) <= (one.until_utc_ns or 0) <= time.time_ns() for one in lost)
    assert sum(one.count for one in lost) == 29


def test_stock_tells_what_waits_how_old_it_is_and_what_was_lost(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    backlog = backlog_of(path)
    assert (backlog.stock().rows, backlog.stock().oldest_s) == (0, None)
    outbox.put([state("c1", 1), event("a")])
    outbox.put([state("c1", 2)])
    stock = backlog.stock()
    assert (stock.rows, stock.lost) == (2, {"superseded": 1})
    assert stock.oldest_s is not None
    assert stock.oldest_s < 60
    backlog.take(10)
    assert (backlog.stock().rows, backlog.stock().oldest_s) == (0, None)


def test_what_was_out_and_is_receipted_counts_no_more(path: Path) -> None:
    outbox, backlog = SqliteOutbox(path, BOOT), backlog_of(path)
    outbox.put([event(name) for name in "abcdef"])
    backlog.take(3)
    backlog.settle(Settlement(receipts=(Receipt(BOOT, Spans(((1, 2), (4, 4)))),)))
    assert backlog.stock().rows == 2


def test_a_busy_file_is_waited_for_and_then_a_storage_error_commits_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.adapters.outbox_store.BUSY_S", 0.05)
    outbox = SqliteOutbox(path, BOOT)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        outbox.put([event("a")])
    blocker.execute("COMMIT")
    blocker.close()
    outbox.put([event("b")])
    assert [sequence_of(one) for one in drain(backlog_of(path))] == [0]


def test_a_transaction_that_fails_in_the_middle_gives_its_sequence_numbers_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = SqliteOutbox(path, BOOT)

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr("edge.adapters.outbox._supersede", fail)
        with pytest.raises(StorageError):
            outbox.put([event("a")])
    outbox.put([event("b")])
    assert [(name_of(one), sequence_of(one)) for one in drain(backlog_of(path))] == [("b", 0)]


def test_a_file_of_a_newer_version_is_not_touched(path: Path) -> None:
    SqliteOutbox(path, BOOT).close()
    alter(path, "PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="newer version"):
        SqliteOutbox(path, BOOT)


def test_a_file_of_the_first_layout_is_brought_up_to_date_with_all_that_it_holds(path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([state("c1", 0), event("a")])
    outbox.put([state("c1", 1)])
    outbox.close()
    for column in ("from_utc_ns", "until_utc_ns"):
        alter(path, f"ALTER TABLE losses DROP COLUMN {column}")
    alter(path, "DROP TABLE batches")
    alter(path, "CREATE TRIGGER message_came AFTER INSERT ON messages BEGIN UPDATE stock SET rows = 99; END")
    alter(path, "PRAGMA user_version = 1")
    backlog = backlog_of(path)
    SqliteOutbox(path, BOOT).put([event("b")])
    assert backlog.stock().rows == 3
    taken = drain(backlog)
    assert [sequence_of(one) for one in taken] == [1, 2, 3, 4]
    (lost,) = reported(taken)
    assert (lost.first, lost.cause, lost.from_utc_ns) == (0, GapCause.SUPERSEDED, None)


def test_a_denied_topic_is_tried_again_after_its_rest(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.adapters.outbox_backlog.PARK_S", 0.05)
    SqliteOutbox(path, BOOT).put([event("a"), event("b", camera="c2")])
    backlog = backlog_of(path)
    denied, other = backlog.take(2)
    backlog.settle(Settlement(denied=frozenset({denied.key}), sent=frozenset({other.key})))
    assert backlog.take(10) == []
    time.sleep(0.06)
    assert backlog.take(10) == [denied]


def test_a_denied_topic_of_a_lane_that_catches_up_is_tried_again_too(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.adapters.outbox_backlog.PARK_S", 0.05)
    SqliteOutbox(path, BOOT).put([event("a"), notice("b"), notice("c"), notice("d"), event("e", camera="c2")])
    backlog = backlog_of(path)
    c1_rests = Passage(frozenset({"camera/c2"}), frozenset({"camera/c1"}))
    assert [name_of(one) for one in backlog.take(10, passage=c1_rests)] == ["e"]
    (denied,) = backlog.take(1)
    backlog.settle(Settlement(denied=frozenset({denied.key})))
    assert [name_of(one) for one in backlog.take(1)] == ["b"]
    time.sleep(0.06)
    assert [name_of(one) for one in backlog.take(10)] == ["a", "c", "d"]


def test_a_look_is_short_and_is_repeated_until_something_is_found(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.adapters.outbox_order.LOOK_ROWS", 3)
    SqliteOutbox(path, BOOT).put([*(event(f"c1-{n}") for n in range(20)), event("c2-0", camera="c2")])
    backlog = backlog_of(path)
    everybody = frozenset({"camera/c1", "camera/c2"})
    taken = backlog.take(10, passage=Passage(everybody, frozenset({"camera/c1"})))
    assert [name_of(one) for one in taken] == ["c2-0"]
    caught_up: list[Pending] = []
    while taken := backlog.take(10, passage=Passage(everybody)):
        caught_up += taken
    assert [name_of(one) for one in caught_up] == [f"c1-{n}" for n in range(20)]


def test_only_what_may_be_undone_is_not_synced_and_what_follows_is_again(path: Path) -> None:
    """SQLite says 2 for FULL, with which a commit is on the disk, and 1 for NORMAL, with which it is not."""
    store = Store(path)
    synced = [
        store.write(lambda db: db.execute("PRAGMA synchronous").fetchone(), how)
        for how in (True, False, True)
    ]
    assert synced == [(2,), (1,), (2,)]
    store.write(lambda db: None, durable=False)
    store.close()
    assert store.write(lambda db: db.execute("PRAGMA synchronous").fetchone()) == (2,)
