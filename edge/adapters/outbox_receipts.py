"""Receipts as the outbox understands them: ranges of keys whose rows may go.

Law: a receipt for numbers that were never given out is nonsense and frees nothing of its boot. A row that a
receipt names goes whether it was handed out or not: the centre has it.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator

from edge.adapters.outbox_rows import key_of, split
from edge.values.receipt import Receipt
from edge.values.spans import Span, Spans

log = logging.getLogger("publish")


def keys_of(db: sqlite3.Connection, receipts: Iterable[Receipt]) -> Spans:
    """The keys that these receipts name; boots that this outbox does not know are none of its business."""
    return Spans.of(span for receipt in receipts for span in _spans(db, receipt))


def remove(db: sqlite3.Connection, keys: Spans) -> None:
    """Let these rows go, and what their gap messages told."""
    for first, last in keys:
        db.execute("DELETE FROM messages WHERE key BETWEEN ? AND ?", (first, last))
        db.execute("DELETE FROM handed_out WHERE key BETWEEN ? AND ?", (first, last))
        db.execute("DELETE FROM losses WHERE told_by BETWEEN ? AND ?", (first, last))


class BootNames:
    """Names of boots by the ordinal in a key."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def of(self, db: sqlite3.Connection, key: int) -> str:
        """The boot under which a key was given out."""
        ordinal, _ = split(key)
        if ordinal not in self._names:
            self._names = dict(db.execute("SELECT id, name FROM boots"))
        return self._names.get(ordinal, "")


def _spans(db: sqlite3.Connection, receipt: Receipt) -> Iterator[Span]:
    row = db.execute("SELECT id, next FROM boots WHERE name = ?", (receipt.boot,)).fetchone()
    if row is None or not receipt.numbers:
        return
    ordinal, following = row
    _, highest = receipt.numbers.ranges[-1]
    if highest >= following:
        log.warning("receipt for message %d of boot %s, which was never committed", highest, receipt.boot)
        return
    yield from ((key_of(ordinal, first), key_of(ordinal, last)) for first, last in receipt.numbers)
