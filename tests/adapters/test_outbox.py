"""The outbox on SQLite: bounds, open events, and several processes."""

import multiprocessing
import sqlite3
import time
from pathlib import Path

import pytest

from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.adapters.outbox_gaps import MOST_GAPS
from edge.adapters.outbox_store import Store
from edge.values.delivery import Pending, Settlement
from edge.values.errors import StorageError
from edge.values.gap import GapCause
from edge.values.lanes import Passage
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.backlog import alter, backlog_of, drain
from tests.fakes.outbox import BOOT, EVENTS, event, name_of, notice, reported, sequence_of, state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


LIMITS = OutboxLimits(size_bytes=40_000, payload_bytes=4_096)


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
