"""Rows of the outbox, and the hash that shows whether the disk still tells the truth.

Law: SQLite has no page checksums, so every row that can be sent carries BLAKE2b over all its columns; a
row whose hash is wrong is never sent. A key holds the boot's ordinal above the sequence number, so
ascending keys are the order of commits, older boots first.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from edge.values.delivery import Pending
from edge.values.message import RedactedMessage, Urgency

SEQUENCE_BITS = 38
"""A boot may commit 2.7e11 messages: 100 per second for 87 years."""

DIGEST_BYTES = 16

SELECT_MESSAGES = (
    "SELECT key, urgency, topic, retain, expiry_s, event_id, revision, committed_utc_ns,"
    " coalesce(CAST(payload AS BLOB), x''), digest FROM messages "
)
"""The cast makes bytes of whatever a damaged page shows, for the hash to judge."""

SELECT_OPEN_EVENTS = (
    "SELECT event_id, revision, topic, urgency, retain, expiry_s, CAST(body AS BLOB), digest"
    " FROM events WHERE body IS NOT NULL "
)


def key_of(boot_ordinal: int, sequence: int) -> int:
    """The key of a boot's message."""
    return boot_ordinal << SEQUENCE_BITS | sequence


def split(key: int) -> tuple[int, int]:
    """The boot's ordinal and the sequence number in a key."""
    return key >> SEQUENCE_BITS, key & ((1 << SEQUENCE_BITS) - 1)


def _digest(blob: bytes, *columns: object) -> bytes:
    """BLAKE2b (RFC 7693) of a row: its large column, then the others."""
    hashed = hashlib.blake2b(blob, digest_size=DIGEST_BYTES)
    hashed.update(repr((len(blob), columns)).encode())
    return hashed.digest()


class MessageRow(NamedTuple):
    """A committed message that is not delivered."""

    key: int
    urgency: int
    topic: str
    retain: int
    expiry_s: int | None
    event_id: str
    revision: int
    committed_utc_ns: int
    payload: bytes
    digest: bytes

    @classmethod
    def of(cls, message: RedactedMessage, key: int, payload: bytes, utc_ns: int) -> "MessageRow":
        """The row of a message stamped under this key."""
        columns = (
            key,
            int(message.urgency),
            message.topic,
            int(message.retain),
            message.expiry_s,
            message.event_id,
            message.revision,
            utc_ns,
        )
        return cls(*columns, payload, _digest(payload, *columns))

    @property
    def intact(self) -> bool:
        """Whether the row is what was committed."""
        return self.digest == _digest(self.payload, *self[:-2])

    def pending(self, boot: str, payload: bytes) -> Pending:
        """The row as the publisher wants it, with the bytes to send; `boot` is the name of its boot."""
        return Pending(
            self.key,
            self.topic,
            payload,
            bool(self.retain),
            self.expiry_s,
            self.committed_utc_ns,
            boot,
            split(self.key)[1],
        )


class EventRow(NamedTuple):
    """The last committed message of an event that has not ended."""

    event_id: str
    revision: int
    topic: str
    urgency: int
    retain: int
    expiry_s: int | None
    body: bytes
    digest: bytes

    @classmethod
    def of(cls, message: RedactedMessage) -> "EventRow":
        """The row of an event's latest message."""
        columns = (
            message.event_id,
            message.revision,
            message.topic,
            int(message.urgency),
            int(message.retain),
            message.expiry_s,
        )
        return cls(*columns, message.body, _digest(message.body, *columns))

    @property
    def intact(self) -> bool:
        """Whether the row is what was committed."""
        return self.digest == _digest(self.body, *self[:-2])

    def message(self) -> RedactedMessage:
        """The message as it was put; the row must be intact."""
        return RedactedMessage(
            self.topic,
            self.body,
            Urgency(self.urgency),
            self.event_id,
            self.revision,
            closes=False,
            retain=bool(self.retain),
            expiry_s=self.expiry_s,
        )


def insert(db: sqlite3.Connection, rows: Sequence[MessageRow]) -> None:
    """Add messages to the table, and to the stock that is counted beside it."""
    db.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    size_bytes = sum(256 + len(row.topic) + len(row.payload) for row in rows)
    counting = "UPDATE stock SET rows = rows + ?, bytes = bytes + ? WHERE one = 1"
    db.execute(counting, (len(rows), size_bytes))
