"""The outbox's writing end: what was seen is committed before anything else happens to it.

Law: one `put` is one transaction; sequence numbers are given out inside it, without holes, over all
processes of the box that share a boot id. A message that was put is delivered, or is in the account of
losses (`outbox_losses`); nothing disappears. What is put together is one batch (`outbox_batches`),
which is signed when it is handed out. Putting the same revision of an event twice is
putting it once, and nothing follows an event's end. What leaves the table, and when, is the business of
`outbox_backlog`.
"""

import re
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.adapters.outbox_batches import enter_batch
from edge.adapters.outbox_losses import bury, lose
from edge.adapters.outbox_rows import SELECT_OPEN_EVENTS, EventRow, MessageRow, insert, key_of
from edge.adapters.outbox_store import Store
from edge.values.gap import GapCause
from edge.values.message import RedactedMessage, Urgency

BOOT = re.compile(r"[0-9a-z][0-9a-z-]{0,54}[0-9a-z]")

REMEMBERED_EVENTS = 8192
"""Ended events remembered, so that a `put` repeated after an unclear error is recognised."""

REMEMBER = (
    "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(event_id) DO UPDATE SET"
    " revision = excluded.revision, topic = excluded.topic, urgency = excluded.urgency,"
    " retain = excluded.retain, expiry_s = excluded.expiry_s, body = excluded.body, digest = excluded.digest"
    " WHERE excluded.revision > events.revision AND events.body IS NOT NULL"
)
"""Changes a row if, and only if, the message is new: one statement looks the event up and changes it."""

ROOM_AFTER_SHEDDING = 0.95

LEAST_PAYLOAD_BYTES = 4096
MOST_RANGES_PER_GAP = 256
RANGE_BYTES = 290
"""One range in a gap message, generously; `GAP_BYTES` is the rest of it."""
GAP_BYTES = 1024


@dataclass(frozen=True, slots=True)
class OutboxLimits:
    """How large an outbox may grow.

    Attributes:
        size_bytes: undelivered messages, payload and topic plus 256 bytes each; from there on they are
            shed, lowest urgency first, oldest first, gap messages never.
        payload_bytes: the largest message; a larger one becomes a dead letter. Brokers have a limit too.
    """

    size_bytes: int = 64 << 20
    payload_bytes: int = 64 << 10

    def __post_init__(self) -> None:
        if not LEAST_PAYLOAD_BYTES <= self.payload_bytes <= self.size_bytes:
            raise ValueError(
                f"an outbox wants {LEAST_PAYLOAD_BYTES} <= payload_bytes <= size_bytes, got "
                f"{self.payload_bytes} and {self.size_bytes}"
            )


class SqliteOutbox:
    """The `Outbox` port on SQLite; any number of processes may put into one file.

    `boot` names this run of the box; all its processes are given the same. After the file was found
    damaged and begun anew, sequence numbers begin anew too, under the boot id with the file's generation
    appended, so that no sequence number is ever used twice.

    Raises:
        StorageError: the file cannot be opened.
    """

    def __init__(self, path: Path, boot: str, limits: OutboxLimits | None = None) -> None:
        if BOOT.fullmatch(boot) is None:
            raise ValueError(f"a boot id wants {BOOT.pattern}, got {boot!r}")
        self._boot = boot
        self._limits = limits or OutboxLimits()
        self.store = Store(path)
        self._since_tidying = 0

    @property
    def ranges_per_gap(self) -> int:
        """How many ranges a gap message may hold, so that it is never oversized itself."""
        return min(MOST_RANGES_PER_GAP, (self._limits.payload_bytes - GAP_BYTES) // RANGE_BYTES)

    def put(self, messages: Sequence[RedactedMessage]) -> None:
        """Commit all messages, in order, or none; they survive a power cut once this returns.

        Raises:
            StorageError: nothing was committed.
        """
        if messages:
            self.store.write(lambda db: self.enter(db, messages))

    def open_messages(self, topic_prefix: str) -> tuple[RedactedMessage, ...]:
        """The last committed message of each event below a topic that has not ended, oldest event first.

        Raises:
            StorageError: the file cannot be read.
        """
        found = self.store.read(
            lambda db: db.execute(
                SELECT_OPEN_EVENTS + "AND substr(topic, 1, ?) = ? ORDER BY rowid",
                (len(topic_prefix), topic_prefix),
            ).fetchall()
        )
        return tuple(row.message() for row in map(EventRow._make, found) if row.intact)

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()

    def enter(self, db: sqlite3.Connection, messages: Sequence[RedactedMessage]) -> Sequence[MessageRow]:
        """Enter messages within a transaction of the caller's; the rows of those not seen before."""
        fresh = [message for message in messages if _is_new(db, message)]
        if not fresh:
            return ()
        rows = self._stamp(db, fresh)
        fitting = [row for row in rows if len(row.payload) <= self._limits.payload_bytes]
        self._bury_oversized(db, rows)
        insert(db, fitting)
        enter_batch(db, rows)
        _supersede(db, fitting)
        self._shed(db)
        self._tidy(db, len(fresh))
        return rows

    def _stamp(self, db: sqlite3.Connection, messages: Sequence[RedactedMessage]) -> list[MessageRow]:
        boot = f"{self._boot}-{self.store.generation}" if self.store.generation else self._boot
        ordinal, first = _counter(db, boot)
        db.execute("UPDATE boots SET next = ? WHERE id = ?", (first + len(messages), ordinal))
        now = time.time_ns()
        sequences = range(first, first + len(messages))
        return [
            MessageRow.of(message, key_of(ordinal, sequence), message.stamped(boot, sequence), now)
            for sequence, message in zip(sequences, messages, strict=True)
        ]

    def _bury_oversized(self, db: sqlite3.Connection, rows: Sequence[MessageRow]) -> None:
        oversized = [row for row in rows if len(row.payload) > self._limits.payload_bytes]
        for row in oversized:
            bury(db, row, GapCause.OVERSIZE, row.committed_utc_ns)
        if oversized:
            lose(db, {row.key: row.committed_utc_ns for row in oversized}, GapCause.OVERSIZE)

    def _shed(self, db: sqlite3.Connection) -> None:
        (size_bytes,) = db.execute("SELECT bytes FROM stock").fetchone()
        if size_bytes <= self._limits.size_bytes:
            return
        excess = size_bytes - int(self._limits.size_bytes * ROOM_AFTER_SHEDDING)
        shed: dict[int, int] = {}
        cheapest_first = db.execute(
            "SELECT key, committed_utc_ns, 256 + length(topic) + length(payload) FROM messages"
            " WHERE urgency < ? AND key NOT IN (SELECT key FROM handed_out) ORDER BY urgency, key",
            (Urgency.GAP,),
        )
        for key, utc_ns, weight in cheapest_first:
            shed[key] = utc_ns
            excess -= weight
            if excess <= 0:
                break
        db.executemany("DELETE FROM messages WHERE key = ?", [(key,) for key in shed])
        lose(db, shed, GapCause.SHED)

    def _tidy(self, db: sqlite3.Connection, entered: int) -> None:
        self._since_tidying += entered
        if self._since_tidying < REMEMBERED_EVENTS // 2:
            return
        self._since_tidying = 0
        db.execute(
            "DELETE FROM events WHERE body IS NULL AND rowid <= (SELECT max(rowid) FROM events) - ?",
            (REMEMBERED_EVENTS,),
        )


def _is_new(db: sqlite3.Connection, message: RedactedMessage) -> bool:
    """Whether this revision was not committed before and its event has not ended; from now on it was.

    Of events that last the latest message is kept, of those that ended the bare revision.
    """
    if not message.event_id:
        return True
    ended = (message.event_id, message.revision, None, None, None, None, None, None)
    return db.execute(REMEMBER, ended if message.closes else EventRow.of(message)).rowcount > 0


def _counter(db: sqlite3.Connection, boot: str) -> tuple[int, int]:
    """A boot's ordinal and its next sequence number; a boot not heard of before begins at 0."""
    while (found := db.execute("SELECT id, next FROM boots WHERE name = ?", (boot,)).fetchone()) is None:
        db.execute("INSERT INTO boots(name, next) VALUES (?, 0)", (boot,))
    ordinal, first = found
    return ordinal, first


def _supersede(db: sqlite3.Connection, rows: Sequence[MessageRow]) -> None:
    """A state that was not sent gives way to a newer one of its topic."""
    newest = {row.topic: row.key for row in rows if row.urgency == Urgency.STATE}
    stale: dict[int, int] = {}
    for topic, key in newest.items():
        gone = db.execute(
            "DELETE FROM messages WHERE urgency = 0 AND topic = ? AND key < ?"
            " AND key NOT IN (SELECT key FROM handed_out) RETURNING key, committed_utc_ns",
            (topic, key),
        )
        stale.update(gone)
    if stale:
        lose(db, stale, GapCause.SUPERSEDED)
