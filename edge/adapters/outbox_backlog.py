"""The outbox's reading end: what is to be sent, in order, and what becomes of it.

Law: one process reads. Rows leave only by `settle`; a row that was handed out and not settled is handed
out again after a restart. A row whose hash is wrong is set aside and becomes a gap, never a message. Which
row goes next is decided in `outbox_order` and nowhere else; how losses are told, in `outbox_gaps`.
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
from edge.adapters.outbox_gaps import GapMessage, Gaps
from edge.adapters.outbox_lanes import INDEX, FastLane
from edge.adapters.outbox_losses import bury, forget, lose, lost_by_cause, tell_again
from edge.adapters.outbox_order import Look, Order
from edge.adapters.outbox_receipts import BootNames, keys_of, remove
from edge.adapters.outbox_rows import SELECT_MESSAGES, MessageRow
from edge.adapters.outbox_store import Stamp
from edge.ports import Clock
from edge.values.delivery import Pending, Settlement, Stock
from edge.values.errors import StorageError
from edge.values.gap import GapCause
from edge.values.lanes import FREE, Passage
from edge.values.message import Urgency

PARK_S = 30.0
"""How long a topic rests after the broker denied it: rights change by a person's hand."""

BALLAST_EVERY_S = 60.0
PAY_EVERY_S = 1.0


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
        self._gaps = Gaps(outbox, gap_message, clock)
        self._seal = seal
        self._lock = _claim(self._store.path.with_name(self._store.path.name + ".reader"))
        self._order = Order(FastLane() if overtaking else None)
        self._boots = BootNames()
        self._batches = Batches()
        self._dry: tuple[Stamp, bool, Passage] | None = None
        self._owed = Settlement()
        self._pay_after = 0.0
        self._ballast_due = 0.0
        self._store.check()
        self._store.write(_begin_anew)
        if overtaking:
            self._store.write(lambda db: db.execute(INDEX))

    def take(self, limit: int, urgent: bool = False, passage: Passage = FREE) -> Sequence[Pending]:
        """The next messages in the order they are to be sent; none of them twice until it is settled back.

        `urgent` asks for live alarms alone; without `overtaking` there are none.

        Raises:
            StorageError: nothing was taken.
        """
        if self._order.unpark(time.monotonic()):
            self._dry = None
        stamp = self._store.stamp()
        if self._dry in ((stamp, False, passage), (stamp, urgent, passage)):
            return ()
        self._pay()
        reported = not self._owed and self._gaps.tell()
        rows = self._hand_out(limit, urgent, passage)
        self._dry = (stamp, urgent, passage) if reported and not rows else None
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
        self._order.park(settlement.denied, time.monotonic() + PARK_S)
        if returned := settlement.back | settlement.denied:
            self._order.back(returned)
            self._dry = None
        for key in (*settlement.keys, *self._received(settlement)):
            self._order.out.pop(key, None)
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
        if not settlement.receipts or not self._order.out:
            return []
        named = self._store.read(lambda db: keys_of(db, settlement.receipts))
        return [key for key in self._order.out if key in named]

    def _hand_out(self, limit: int, urgent: bool, passage: Passage) -> list[MessageRow]:
        """The next rows, which are out then; unmarked while the disk takes no changes."""
        while True:
            try:
                look = self._store.write(lambda db: self._mark(db, limit, urgent, passage), durable=False)
            except StorageError:
                look = self._store.read(lambda db: self._look(db, limit, urgent, passage))
            self._order.went(look)
            if look.sound or not look.more:
                return look.sound

    def _mark(self, db: sqlite3.Connection, limit: int, urgent: bool, passage: Passage) -> Look:
        """Look, bury what is damaged, and mark the rest as handed out."""
        look = self._look(db, limit, urgent, passage)
        self._bury(db, look.damaged, GapCause.DAMAGED)
        db.executemany("INSERT OR IGNORE INTO handed_out VALUES (?)", ((row.key,) for row in look.sound))
        return look

    def _look(self, db: sqlite3.Connection, limit: int, urgent: bool, passage: Passage) -> Look:
        return self._order.look(db, limit, urgent, passage, self._is_settled)

    def _is_settled(self, key: int) -> bool:
        return key in self._owed.sent or key in self._owed.refused

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
            self._gaps.rest(PARK_S)

    def _count(self, db: sqlite3.Connection) -> Stock:
        rows, size_bytes = db.execute("SELECT rows, bytes FROM stock").fetchone()
        (dead,) = db.execute("SELECT count(*) FROM dead").fetchone()
        waiting = db.execute(
            "SELECT key, committed_utc_ns FROM messages WHERE key > ? ORDER BY key",
            (self._order.read_to,),
        )
        oldest = next((utc_ns for key, utc_ns in waiting if key not in self._order.out), None)
        oldest_s = None if oldest is None else max(0.0, (time.time_ns() - oldest) / 1e9)
        return Stock(
            max(0, rows - len(self._order.out)),
            size_bytes,
            dead,
            oldest_s,
            lost_by_cause(db),
            len(self._owed.keys),
        )


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
