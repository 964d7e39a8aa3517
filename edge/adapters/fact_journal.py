"""The memory of a fusion on disk: the facts that may still matter, where its rules stand, what it told.

Law: one `commit` is one transaction and survives a power cut once it returned; what it holds is confirmed to
the broker only after it. A reader, `told`, opens the file for itself and changes nothing.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from edge.adapters.fact_lines import fact_of, line_of, saved_of, standing_lines
from edge.fusion.facts import Fact
from edge.fusion.fusion import Saved
from edge.values.errors import StorageError
from edge.values.message import RedactedMessage

REMEMBERED = 20_000
"""Messages of fused events that `rules explain` finds by id."""

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS standing (only INTEGER PRIMARY KEY CHECK (only = 1), line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS told (
    number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, revision INTEGER NOT NULL,
    body BLOB NOT NULL, UNIQUE (event_id, revision)
);
"""


class FactJournal:
    """One fusion's memory; one thread writes it, which need not be the one that opened it.

    Raises:
        StorageError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _named(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_TABLES)

    def load(self) -> tuple[Saved, list[Fact]] | None:
        """Where it stood and what it knew; None before the first commit.

        Raises:
            StorageError: the file cannot be read, or is of another version.
        """
        with _named(self._path):
            standing = self._db.execute("SELECT line FROM standing").fetchone()
            lines = self._db.execute("SELECT line FROM facts").fetchall()
        if standing is None:
            return None
        try:
            return saved_of(standing[0]), [fact_of(line) for (line,) in lines]
        except (ValueError, KeyError, TypeError) as failure:
            raise StorageError(
                f"{self._path}: written by another version, or damaged: {failure}; move it away to begin anew"
            ) from failure

    def commit(self, saved: Saved, fresh: Iterable[Fact], told: Sequence[RedactedMessage]) -> None:
        """Add facts and messages, and take down where the rules stand now.

        Raises:
            StorageError: nothing was committed.
        """
        with self._transaction() as db:
            db.executemany("INSERT INTO facts VALUES (?)", [(line_of(fact),) for fact in fresh])
            self._write(db, saved, told)

    def compact(self, saved: Saved, facts: Iterable[Fact]) -> None:
        """Keep these facts alone, and the last messages.

        Raises:
            StorageError: everything is as it was.
        """
        with self._transaction() as db:
            db.execute("DELETE FROM facts")
            db.executemany("INSERT INTO facts VALUES (?)", [(line_of(fact),) for fact in facts])
            db.execute("DELETE FROM told WHERE number <= (SELECT max(number) FROM told) - ?", (REMEMBERED,))
            self._write(db, saved, ())

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _write(self, db: sqlite3.Connection, saved: Saved, told: Sequence[RedactedMessage]) -> None:
        db.execute(
            "INSERT INTO standing VALUES (1, ?) ON CONFLICT(only) DO UPDATE SET line = excluded.line",
            (standing_lines(saved),),
        )
        db.executemany(
            "INSERT OR IGNORE INTO told(event_id, revision, body) VALUES (?, ?, ?)",
            [(each.event_id, each.revision, each.body) for each in told],
        )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _named(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def told(path: Path, event_id: str) -> list[bytes]:
    """Every message of an event that is remembered, the first revision first.

    Raises:
        StorageError: there is no such memory, or it cannot be read.
    """
    with _named(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT body FROM told WHERE event_id = ? ORDER BY revision", (event_id,))
        return [bytes(body) for (body,) in rows]


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as failure:
        raise StorageError(f"{path}: {failure}") from failure
