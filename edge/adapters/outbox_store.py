"""The outbox's file: one SQLite database in WAL mode, shared by several processes of one box.

Law: a transaction that returned has been fsynced (`synchronous=FULL`); one that raised changed nothing.
A damaged file is never repaired in place and never renamed, because other processes may have it open:
the next generation is begun beside it (`outbox.db`, `outbox.1.db`, …) and the damaged one stays for
inspection. Every process notices a new generation after its commit, and commits there again.
What a message is, and which may be lost, is not in this file.
"""

import fcntl
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from edge.adapters.outbox_ballast import Ballast
from edge.values.errors import StorageError

Done = TypeVar("Done")

BUSY_S = 10.0
"""How long a writer waits for the others; each of their transactions takes milliseconds."""

BOOTS_PER_GENERATION = 1 << 16
"""Ordinals of boots go on from generation to generation, so that no key is ever used twice."""

KEPT_DAMAGED = 2
"""Damaged files kept for inspection."""

SCHEMA = """
CREATE TABLE boots(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, next INTEGER NOT NULL);
CREATE TABLE messages(
    key INTEGER PRIMARY KEY, urgency INTEGER NOT NULL, topic TEXT NOT NULL, retain INTEGER NOT NULL,
    expiry_s INTEGER, event_id TEXT NOT NULL, revision INTEGER NOT NULL, committed_utc_ns INTEGER NOT NULL,
    payload BLOB NOT NULL, digest BLOB NOT NULL);
CREATE INDEX messages_by_urgency ON messages(urgency, key);
CREATE INDEX states_by_topic ON messages(topic) WHERE urgency = 0;
CREATE TABLE events(
    event_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, topic TEXT, urgency INTEGER, retain INTEGER,
    expiry_s INTEGER, body BLOB, digest BLOB);
CREATE TABLE losses(
    boot TEXT NOT NULL, cause TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    count INTEGER NOT NULL, told_by INTEGER, PRIMARY KEY(boot, cause, first)) WITHOUT ROWID;
CREATE TABLE dead(
    key INTEGER PRIMARY KEY, cause TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
    size_bytes INTEGER NOT NULL, buried_utc_ns INTEGER NOT NULL);
CREATE TABLE stock(one INTEGER PRIMARY KEY CHECK (one = 1), rows INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT INTO stock VALUES (1, 0, 0);
CREATE TRIGGER message_came AFTER INSERT ON messages BEGIN
    UPDATE stock SET rows = rows + 1, bytes = bytes + 256 + length(new.topic) + length(new.payload);
END;
CREATE TRIGGER message_went AFTER DELETE ON messages BEGIN
    UPDATE stock SET rows = rows - 1, bytes = bytes - 256 - length(old.topic) - length(old.payload);
END;
"""
"""An event whose body is NULL has ended; it is remembered for a while so that it cannot be put twice."""

VERSION = 1

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
"""On a full disk a write says FULL, but the shared-memory file fails with an I/O or open error."""


class Store:
    """One process's connection to the outbox file; safe to share between its threads.

    Raises:
        StorageError: the folder cannot be written, or another process holds the file for too long.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = Ballast(path.with_name(path.name + ".ballast"))
        self._turn = threading.RLock()
        self._db: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.generation = self._newest_on_disk()
        except OSError as error:
            raise StorageError(f"{path.parent}: {error.strerror}") from error
        self._guarded(self._open)

    def write(self, work: Callable[[sqlite3.Connection], Done]) -> Done:
        """What `work` returns, its changes committed and on the disk.

        `work` may run more than once: after it met a full disk or a damaged file, everything it did is
        undone and it runs again.

        Raises:
            StorageError: nothing was committed.
        """
        return self._guarded(lambda: self._transact(work))

    def read(self, work: Callable[[sqlite3.Connection], Done]) -> Done:
        """What `work` returns, having changed nothing.

        Raises:
            StorageError: the file cannot be read.
        """
        return self._guarded(lambda: work(self._fresh()))

    def check(self) -> None:
        """Read the whole file, and begin the next generation if it is damaged.

        Raises:
            StorageError: the file cannot be read at all.
        """

        def checked() -> None:
            if self._fresh().execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                self._begin_next_generation()

        self._guarded(checked)

    def restore_ballast(self) -> None:
        """Take back the disk space that was given up when the disk was full, if it has plenty now."""
        self._ballast.restore()

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _guarded(self, work: Callable[[], Done]) -> Done:
        with self._turn:
            try:
                return self._recovering(work)
            except (sqlite3.Error, OSError) as error:
                raise StorageError(f"outbox {self.path}: {error}") from error

    def _recovering(self, work: Callable[[], Done]) -> Done:
        for remedy in (self._checkpoint, self._drop_ballast):
            try:
                return work()
            except sqlite3.DatabaseError as error:
                if _code(error) in _DAMAGED:
                    self._begin_next_generation()
                elif _code(error) not in _NO_ROOM or not remedy():
                    raise
        return work()

    def _checkpoint(self) -> bool:
        """Let the write-ahead log begin anew in the space it has; True, because it cannot hurt."""
        if self._db is not None:
            with suppress(sqlite3.DatabaseError):
                self._db.execute("PRAGMA wal_checkpoint(RESTART)")
        return True

    def _drop_ballast(self) -> bool:
        return self._ballast.drop() and self._checkpoint()

    def _transact(self, work: Callable[[sqlite3.Connection], Done]) -> Done:
        while True:
            done = _commit(self._fresh(), work)
            if self._newest() == self.generation:
                return done

    def _fresh(self) -> sqlite3.Connection:
        if self._db is None or self._newest() != self.generation:
            self._open()
        assert self._db is not None
        return self._db

    def _open(self) -> None:
        self.close()
        self.generation = self._newest()
        with _only_one(self.path):
            self._db = self._connect()
        self._ballast.restore()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._file(self.generation), timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA temp_store=MEMORY")
            db.text_factory = _lenient
            _commit(db, self._prepare)
        except BaseException:
            db.close()
            raise
        _sync_folder(self.path.parent)
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise StorageError(
                f"outbox {self.path}: made by a newer version of this program, layout {version}"
            )
        if version == VERSION:
            return
        for statement in _statements(SCHEMA):
            db.execute(statement)
        db.execute(
            "INSERT INTO sqlite_sequence VALUES ('boots', ?)", (self.generation * BOOTS_PER_GENERATION,)
        )
        if self.generation:
            db.execute("INSERT INTO losses VALUES ('', 'unknown', 0, 0, 1, NULL)")
        db.execute(f"PRAGMA user_version = {VERSION}")

    def _begin_next_generation(self) -> None:
        """Only the first of several processes that meet the damage makes the file; the others find it."""
        if self._newest() == self.generation:
            self._file(self.generation + 1).touch(exist_ok=True)
        self._open()
        for generation in range(self.generation - KEPT_DAMAGED):
            for suffix in ("", "-wal", "-shm"):
                file = self._file(generation)
                file.with_name(file.name + suffix).unlink(missing_ok=True)

    def _file(self, generation: int) -> Path:
        if not generation:
            return self.path
        return self.path.with_name(f"{self.path.stem}.{generation}{self.path.suffix}")

    def _newest(self) -> int:
        generation = self.generation
        while self._file(generation + 1).exists():
            generation += 1
        return generation

    def _newest_on_disk(self) -> int:
        pattern = re.compile(re.escape(self.path.stem) + r"\.([0-9]+)" + re.escape(self.path.suffix))
        found = (pattern.fullmatch(file.name) for file in self.path.parent.iterdir())
        return max((int(match[1]) for match in found if match), default=0)


def _lenient(text: bytes) -> str:
    """Damaged text is for the row's hash to find, not for the driver to stumble over."""
    return text.decode(errors="replace")


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _commit(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], Done]) -> Done:
    db.execute("BEGIN IMMEDIATE")
    try:
        done = work(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return done


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """One process at a time opens the file: switching to WAL does not wait for its turn by itself."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _statements(script: str) -> list[str]:
    statements: list[str] = []
    for line in script.strip().splitlines():
        if statements and not sqlite3.complete_statement(statements[-1]):
            statements[-1] += "\n" + line
        else:
            statements.append(line)
    return statements


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
