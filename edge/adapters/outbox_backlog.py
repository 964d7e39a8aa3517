"""The outbox's reading end: what is to be sent, in order, and what becomes of it.

Law: one process reads. Rows leave only by `settle`; a row that was handed out and not settled is handed
out again after a restart. A row whose hash is wrong is set aside and becomes a gap, never a message.
Losses are told by gap messages, of which at most one waits to be sent: while nobody listens, losses
gather in ranges instead of in messages. Which row goes next is decided in `_look` and nowhere else: in the
order of commits, and where receipts are awaited with a fast lane for live alarms (`outbox_lanes`).
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_batches import Batches, forget_batches
from edge.adapters.outbox_lanes import INDEX, FastLane
from edge.adapters.outbox_losses import (
    begin_telling,
    bury,
    end_telling,
    forget,
    has_untold,
    lose,
    lost_by_cause,
    tell_again,
)
from edge.adapters.outbox_receipts import BootNames, keys_of, remove
from edge.adapters.outbox_rows import SELECT_MESSAGES, MessageRow
from edge.adapters.outbox_store import Stamp
from edge.ports import Clock
from edge.values.delivery import Pending, Settlement, Stock
from edge.values.errors import RedactionError, StorageError
from edge.values.gap import GapCause, GapReport
from edge.values.message import RedactedMessage, Urgency

PARK_S = 30.0
"""How long a topic rests after the broker denied it: rights change by a person's hand."""

LIVE_SHARE = 75
"""Percent of what is taken at once that live alarms may have, so that the backlog moves too."""

MOST_GAPS = 8
"""Gap messages on their way at once; what is lost meanwhile waits in the account, where it takes no room."""

BALLAST_EVERY_S = 60.0
PAY_EVERY_S = 1.0

GapMessage = Callable[[GapReport], RedactedMessage]


class SqliteBacklog:
    """The `Backlog` port on the file of an outbox; with `overtaking`, live alarms overtake what waits.

    `seal` makes of a committed payload the bytes that are sent, the same bytes every time; it signs them.

    Raises:
        StorageError: another process reads from this outbox, or the file cannot be opened.
    """

    def __init__(
        self,
        outbox: SqliteOutbox,
        gap_message: GapMessage,
        clock: Clock,
        *,
        overtaking: bool = False,
        seal: Callable[[bytes], bytes] = lambda payload: payload,
    ) -> None:
        self._outbox = outbox
        self._store = outbox.store
        self._gap_message = gap_message
        self._clock = clock
        self._seal = seal
        self._lock = _claim(self._store.path.with_name(self._store.path.name + ".reader"))
        self._lane = FastLane() if overtaking else None
        self._boots = BootNames()
        self._batches = Batches()
        self._after = -1
        self._dry: tuple[Stamp, bool] | None = None
        self._out: dict[int, str] = {}
        self._owed = Settlement()
        self._pay_after = 0.0
        self._parked: dict[str, float] = {}
        self._ballast_due = 0.0
        self._report_after = 0.0
        self._store.check()
        self._store.write(_begin_anew)
        if overtaking:
            self._store.write(lambda db: db.execute(INDEX))

    def take(self, limit: int, urgent: bool = False) -> Sequence[Pending]:
        """The next messages in the order they are to be sent; none of them twice until it is settled back.

        `urgent` asks for live alarms alone; without `overtaking` there are none.

        Raises:
            StorageError: nothing was taken.
        """
        self._unpark()
        stamp = self._store.stamp()
        if self._dry in ((stamp, False), (stamp, urgent)):
            return ()
        self._pay()
        reported = self._report_losses()
        rows, self._after = self._hand_out(limit, urgent)
        self._dry = (stamp, urgent) if reported and not rows else None
        self._out.update((row.key, row.topic) for row in rows)
        pending = self._store.read(
            lambda db: [
                row.pending(self._boots.of(db, row.key), self._batches.placed(db, row)) for row in rows
            ]
        )
        return [replace(each, payload=self._seal(each.payload)) for each in pending]

    def settle(self, settlement: Settlement) -> None:
        """Let go of delivered messages, set aside dead ones, and put the others back in their place.

        A power cut may undo it, and then the messages are sent again. While the disk takes no changes, it
        is owed (`Stock.owed`) and tried again with every call.
        """
        self._owed |= settlement
        self._pay()
        until = time.monotonic() + PARK_S
        self._parked.update((self._out[key], until) for key in settlement.denied if key in self._out)
        returned = settlement.back | settlement.denied
        if returned:
            self._after = min(self._after, min(returned) - 1)
            self._dry = None
        for key in (*settlement.keys, *self._received(settlement)):
            self._out.pop(key, None)
        if time.monotonic() >= self._ballast_due:
            self._ballast_due = time.monotonic() + BALLAST_EVERY_S
            self._store.restore_ballast()

    def stock(self) -> Stock:
        """What is in the outbox now.

        Raises:
            StorageError: the file cannot be read.
        """
        return self._store.read(self._count)

    def close(self) -> None:
        """Let another process read."""
        self._store.close()
        os.close(self._lock)

    def _report_losses(self) -> bool:
        """Put what was lost into a gap message, if one may go; False if that is still to be done."""
        if self._owed or time.monotonic() < self._report_after:
            return False
        try:
            if self._store.read(_report_is_due):
                self._store.write(self._report)
        except StorageError:
            self._report_after = time.monotonic() + PAY_EVERY_S
            return False
        return True

    def _pay(self) -> None:
        if not self._owed or time.monotonic() < self._pay_after:
            return
        try:
            self._store.write(lambda db: self._remove(db, self._owed), durable=False)
            self._owed = Settlement()
        except StorageError:
            self._pay_after = time.monotonic() + PAY_EVERY_S

    def _received(self, settlement: Settlement) -> list[int]:
        """The keys that are out and that a receipt names."""
        if not settlement.receipts or not self._out:
            return []
        named = self._store.read(lambda db: keys_of(db, settlement.receipts))
        return [key for key in self._out if key in named]

    def _hand_out(self, limit: int, urgent: bool) -> tuple[list[MessageRow], int]:
        """The next rows, and the last key looked at; unmarked while the disk takes no changes."""
        try:
            return self._store.write(lambda db: self._mark(db, limit, urgent), durable=False)
        except StorageError:
            sound, _, after = self._store.read(lambda db: self._look(db, limit, urgent))
            return sound, after

    def _mark(self, db: sqlite3.Connection, limit: int, urgent: bool) -> tuple[list[MessageRow], int]:
        """Look, bury what is damaged, and mark the rest as handed out."""
        sound, damaged, after = self._look(db, limit, urgent)
        self._bury(db, damaged, GapCause.DAMAGED)
        db.executemany("INSERT OR IGNORE INTO handed_out VALUES (?)", ((row.key,) for row in sound))
        return sound, after

    def _look(
        self, db: sqlite3.Connection, limit: int, urgent: bool
    ) -> tuple[list[MessageRow], list[MessageRow], int]:
        """The next rows: sound ones, damaged ones, and the last key looked at in the order of commits.

        Left out are rows that are out and those whose topic rests.
        """
        live = self._live(db, limit if urgent else max(1, limit * LIVE_SHARE // 100))
        after, sound = self._after, [row for row in live if row.intact]
        damaged = [row for row in live if not row.intact]
        if urgent:
            return sound, damaged, after
        ahead = {row.key for row in live}
        cursor = db.execute(SELECT_MESSAGES + "WHERE key > ? ORDER BY key", (after,))
        for row in map(MessageRow._make, cursor):
            if len(sound) == limit:
                break
            after = row.key
            if row.key not in ahead and not self._is_passed_over(row):
                (sound if row.intact else damaged).append(row)
        cursor.close()
        return sound, damaged, after

    def _live(self, db: sqlite3.Connection, most: int) -> list[MessageRow]:
        if self._lane is None:
            return []
        return self._lane.rows(db, time.monotonic(), most, self._is_passed_over)

    def _is_passed_over(self, row: MessageRow) -> bool:
        return self._is_settled_or_out(row.key) or row.topic in self._parked

    def _is_settled_or_out(self, key: int) -> bool:
        return key in self._out or key in self._owed.sent or key in self._owed.refused

    def _unpark(self) -> None:
        now = time.monotonic()
        rested = [topic for topic, until in self._parked.items() if until <= now]
        for topic in rested:
            del self._parked[topic]
            self._after = -1
            self._dry = None

    def _report(self, db: sqlite3.Connection) -> None:
        ranges, unknown = begin_telling(db, self._outbox.ranges_per_gap)
        now = self._clock.now()
        try:
            message = self._gap_message(GapReport(now, ranges, unknown))
        except RedactionError:  # the disk altered a range in a way that only the allow-list sees
            message = self._gap_message(GapReport(now, (), unknown=True))
        (row,) = self._outbox.enter(db, [message])
        end_telling(db, row.key)

    def _remove(self, db: sqlite3.Connection, settlement: Settlement) -> None:
        refused = [row for key in sorted(settlement.refused) for row in _rows(db, key)]
        self._bury(db, refused, GapCause.REFUSED)
        _delete(db, settlement.sent)
        forget(db, settlement.sent)
        remove(db, keys_of(db, settlement.receipts))
        forget_batches(db)
        db.executemany("DELETE FROM handed_out WHERE key = ?", ((key,) for key in settlement.keys))

    def _bury(self, db: sqlite3.Connection, rows: Sequence[MessageRow], cause: GapCause) -> None:
        if not rows:
            return
        now = time.time_ns()
        for row in rows:
            bury(db, row, cause, now)
        lose(db, {row.key: row.committed_utc_ns for row in rows}, cause)
        keys = [row.key for row in rows]
        _delete(db, keys)
        tell_again(db, keys)
        if any(row.urgency == Urgency.GAP for row in rows):
            self._report_after = time.monotonic() + PARK_S

    def _count(self, db: sqlite3.Connection) -> Stock:
        rows, size_bytes = db.execute("SELECT rows, bytes FROM stock").fetchone()
        (dead,) = db.execute("SELECT count(*) FROM dead").fetchone()
        waiting = db.execute(
            "SELECT key, committed_utc_ns FROM messages WHERE key > ? ORDER BY key",
            (-1 if self._parked else self._after,),
        )
        oldest = next((utc_ns for key, utc_ns in waiting if key not in self._out), None)
        oldest_s = None if oldest is None else max(0.0, (time.time_ns() - oldest) / 1e9)
        return Stock(
            max(0, rows - len(self._out)), size_bytes, dead, oldest_s, lost_by_cause(db), len(self._owed.keys)
        )


def _report_is_due(db: sqlite3.Connection) -> bool:
    if not has_untold(db):
        return False
    gaps, out = db.execute(
        "SELECT count(*), count(out.key) FROM messages LEFT JOIN handed_out AS out USING (key)"
        " WHERE urgency = ?",
        (Urgency.GAP,),
    ).fetchone()
    return bool(gaps == out < MOST_GAPS)


def _begin_anew(db: sqlite3.Connection) -> None:
    """Nothing is out, and the stock is what is there."""
    db.execute("DELETE FROM handed_out")
    db.execute(
        "UPDATE stock SET rows = (SELECT count(*) FROM messages), bytes = (SELECT"
        " coalesce(sum(256 + length(topic) + length(payload)), 0) FROM messages)"
    )


def _rows(db: sqlite3.Connection, key: int) -> Iterator[MessageRow]:
    found = db.execute(SELECT_MESSAGES + "WHERE key = ?", (key,))
    return (MessageRow._make(row) for row in found)


def _delete(db: sqlite3.Connection, keys: Iterable[int]) -> None:
    db.executemany("DELETE FROM messages WHERE key = ?", ((key,) for key in keys))


def _claim(path: Path) -> int:
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StorageError(f"outbox {path}: another process already publishes from it") from error
    return handle
