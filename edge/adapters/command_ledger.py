"""Which commands a box has taken: the last sequence of each signer, and what is not yet carried out.

Law: `take` is one transaction with fsync, before anything happens; a sequence is never taken twice, whatever
the clock says. What was taken and not finished is there after a crash. Sequences are never forgotten.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from edge.values.errors import StorageError

BUSY_S = 10.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS signers(name TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS open(nonce TEXT PRIMARY KEY, payload BLOB NOT NULL);
"""

Done = TypeVar("Done")


class CommandLedger:
    """The ledger in one file, for one thread at a time.

    Raises:
        StorageError: the file cannot be used, also with every method; nothing was changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guarded(lambda db: db.executescript(SCHEMA))
        path.chmod(0o600)

    def take(self, signer: str, sequence: int, nonce: str, payload: bytes) -> bool:
        """Enter a command to be carried out; False where its sequence is not above the signer's last."""

        def enter(db: sqlite3.Connection) -> bool:
            raised = db.execute(
                "INSERT INTO signers VALUES (?, ?) ON CONFLICT(name) DO UPDATE"
                " SET sequence = excluded.sequence WHERE excluded.sequence > sequence",
                (signer, sequence),
            ).rowcount
            if raised:
                db.execute("INSERT OR REPLACE INTO open VALUES (?, ?)", (nonce, payload))
            return bool(raised)

        return self._guarded(enter)

    def finish(self, nonce: str) -> None:
        """A command was carried out and answered."""
        self._guarded(lambda db: db.execute("DELETE FROM open WHERE nonce = ?", (nonce,)))

    def unfinished(self) -> tuple[bytes, ...]:
        """The commands that were taken and not finished, oldest first."""
        rows = self._guarded(lambda db: db.execute("SELECT payload FROM open ORDER BY rowid").fetchall())
        return tuple(payload for (payload,) in rows)

    def _guarded(self, work: Callable[[sqlite3.Connection], Done]) -> Done:
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_S)) as db:
                db.execute("PRAGMA synchronous=FULL")
                with db:
                    return work(db)
        except sqlite3.Error as failure:
            raise StorageError(f"{self._path}: {failure}") from failure
