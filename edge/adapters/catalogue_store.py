"""The catalogue's file: SQLite in WAL mode, every commit on the disk before it returns.

Law: a transaction that returned survives a power cut (`synchronous=FULL`); one that raised changed nothing. A
damaged file is told and never repaired by guessing: without a catalogue nothing is deleted.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from edge.values.errors import StorageError

Done = TypeVar("Done")
BUSY_S = 10.0

LAYOUT = """
CREATE TABLE IF NOT EXISTS segments (
    camera TEXT, start_s INTEGER, sequence INTEGER, began_ns INTEGER, ended_ns INTEGER, clock TEXT,
    codec TEXT, class TEXT, size INTEGER, sha256 TEXT, policy TEXT, hash TEXT,
    PRIMARY KEY (camera, start_s, sequence)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unrecorded (
    camera TEXT, began_ns INTEGER, ended_ns INTEGER, cause TEXT, hash TEXT,
    PRIMARY KEY (camera, began_ns)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS doomed (camera TEXT, start_s INTEGER, rule TEXT, PRIMARY KEY (camera, start_s));
CREATE TABLE IF NOT EXISTS marked (camera TEXT, start_s INTEGER, PRIMARY KEY (camera, start_s)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holds (id TEXT PRIMARY KEY, body TEXT, hash TEXT);
CREATE TABLE IF NOT EXISTS deletions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, camera TEXT, start_s INTEGER, body TEXT, hash TEXT);
CREATE INDEX IF NOT EXISTS deletions_by_slot ON deletions (camera, start_s);
"""


class CatalogueStore:
    """One connection, shared by the threads of a process.

    Raises:
        StorageError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = self._guarded(self._connect)
        except OSError as failure:
            raise StorageError(f"catalogue {path}: {failure.strerror}") from failure

    def write(self, work: Callable[[sqlite3.Connection], Done]) -> Done:
        """What `work` returns, its changes committed and on the disk.

        Raises:
            StorageError: nothing was changed.
        """
        return self._guarded(lambda: self._transact(work))

    def rows(self, sql: str, given: Sequence[str | int] = ()) -> list[Any]:
        """The rows of a query.

        Raises:
            StorageError: the file cannot be read.
        """
        return self._guarded(lambda: self._db.execute(sql, given).fetchall())

    def check(self) -> None:
        """Read the whole file.

        Raises:
            StorageError: it is damaged.
        """
        ((said,),) = self.rows("PRAGMA quick_check(1)")
        if said != "ok":
            raise StorageError(f"catalogue {self._path} is damaged: {said}")

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._db.close()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA temp_store=MEMORY")
            db.executescript(LAYOUT)
        except BaseException:
            db.close()
            raise
        return db

    def _transact(self, work: Callable[[sqlite3.Connection], Done]) -> Done:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            done = work(self._db)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return done

    def _guarded(self, work: Callable[[], Done]) -> Done:
        with self._turn:
            try:
                return work()
            except sqlite3.Error as failure:
                raise StorageError(f"catalogue {self._path}: {failure}{self._why()}") from failure

    def _why(self) -> str:
        """What SQLite does not say."""
        try:
            read_only = os.statvfs(self._path.parent).f_flag & os.ST_RDONLY
        except OSError:
            return ""
        return ": the file system is read-only; mend it, or mount it for writing" if read_only else ""
