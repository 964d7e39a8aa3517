"""Which messages were committed together: what a signature over all of them needs of each.

Law: a batch is written in the transaction that commits it, as the leaf hashes of its messages, so its proofs
can be made when they are sent although some of it was shed by then. Committing one message writes nothing
here, committing several hashes them and no more. A batch that the disk altered or lost binds nobody: each of
its messages is then one alone. A batch goes when no message up to its last waits any more.
"""

import sqlite3
from collections.abc import Sequence

from edge.adapters.outbox_rows import MessageRow
from edge.audit.batch import placed
from edge.audit.merkle import Hash, Proof, inclusions, leaf_hash

HASH_BYTES = 32


def enter_batch(db: sqlite3.Connection, rows: Sequence[MessageRow]) -> None:
    """Write down that these rows, whose keys follow each other, are committed together."""
    if len(rows) > 1:
        leaves = b"".join(leaf_hash(row.payload) for row in rows)
        db.execute("INSERT INTO batches VALUES (?, ?, ?)", (rows[0].key, rows[-1].key, leaves))


def forget_batches(db: sqlite3.Connection) -> None:
    """Let go of batches of which nothing waits."""
    (oldest,) = db.execute("SELECT coalesce(min(key), ?) FROM messages", (1 << 62,)).fetchone()
    # The first key alone is indexed: it keeps a long backlog from being looked through at every settlement.
    db.execute("DELETE FROM batches WHERE first < ? AND last < ?", (oldest, oldest))


class Batches:
    """Tells messages their places; remembers the batch it looked at last."""

    def __init__(self) -> None:
        self._first, self._last = 0, -1
        self._leaves: list[Hash] = []
        self._proofs: list[Proof] = []

    def placed(self, db: sqlite3.Connection, row: MessageRow) -> bytes:
        """The payload of a row with its place in its batch; as it is where it was committed alone."""
        if not self._first <= row.key <= self._last:
            self._find(db, row.key)
        index = row.key - self._first
        if len(self._leaves) < 2 or self._leaves[index] != leaf_hash(row.payload):
            return row.payload
        return placed(row.payload, index, len(self._leaves), self._proofs[index])

    def _find(self, db: sqlite3.Connection, key: int) -> None:
        self._first, self._last, self._leaves, self._proofs = key, key, [], []
        row = db.execute(
            "SELECT first, last, CAST(leaves AS BLOB) FROM batches WHERE first <= ?"
            " ORDER BY first DESC LIMIT 1",
            (key,),
        ).fetchone()
        if row is None or not row[0] <= key <= row[1]:
            return
        first, last, raw = row
        if len(raw) == HASH_BYTES * (last - first + 1):
            self._first, self._last = first, last
            self._leaves = [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]
            _, self._proofs = inclusions(self._leaves)
