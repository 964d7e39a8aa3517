"""The outbox's file: one SQLite database in WAL mode, shared by several processes of one box.

Law: a durable transaction that returned has been fsynced (`synchronous=FULL`); one that is not may be
undone by a power cut, but never in part; one that raised changed nothing.
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
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from edge.adapters.outbox_ballast import Ballast
from edge.adapters.outbox_layout import prepare
from edge.values.errors import StorageError

Done = TypeVar("Done")
Stamp = tuple[int, int, int]  # generation, commits of others, changes of our own

BUSY_S = 10.0
"""How long a writer waits for the others; each of their transactions takes milliseconds."""
TURN_S = 0.005
"""How long SQLite waits before this file asks again. Left alone it sleeps ever longer, up to 100 ms, between
two looks, and in a storm somebody else was quicker each time for 10 s."""

KEPT_DAMAGED = 2
"""Damaged files kept for inspection."""

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
        self._durable = True
        self._successor = path
        self.generation = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{path.parent}: {error.strerror}") from error
        self._guarded(self._open)

    def write(self, work: Callable[[sqlite3.Connection], Done], durable: bool = True) -> Done:
        """What `work` returns, its changes committed and, if `durable`, on the disk.

        `work` may run more than once: after it met a full disk or a damaged file, everything it did is
        undone and it runs again.

        Raises:
            StorageError: nothing was committed.
        """
        return self._guarded(lambda: self._transact(work, durable))

    def read(self, work: Callable[[sqlite3.Connection], Done]) -> Done:
        """What `work` returns, having changed nothing.

        Raises:
            StorageError: the file cannot be read.
        """
        return self._guarded(lambda: work(self._fresh()))

    def stamp(self) -> Stamp:
        """Something that differs after any commit, by this process or another; cheap enough to poll.

        Raises:
            StorageError: the file cannot be read.
        """

        def stamped() -> Stamp:
            db = self._fresh()
            (version,) = db.execute("PRAGMA data_version").fetchone()
            return self.generation, version, db.total_changes

        return self._guarded(stamped)

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
                return _patiently(lambda: self._recovering(work))
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
                self._db.execute(f"PRAGMA busy_timeout={BUSY_S * 1e3:.0f}")
                self._db.execute("PRAGMA wal_checkpoint(RESTART)")
                self._db.execute(f"PRAGMA busy_timeout={TURN_S * 1e3:.0f}")
        return True

    def _drop_ballast(self) -> bool:
        return self._ballast.drop() and self._checkpoint()

    def _transact(self, work: Callable[[sqlite3.Connection], Done], durable: bool) -> Done:
        """Commit where this process last did; if that is no longer the newest file, commit there too."""
        while True:
            db = self._db or self._fresh()
            if durable is not self._durable:
                db.execute("PRAGMA synchronous=FULL" if durable else "PRAGMA synchronous=NORMAL")
                self._durable = durable
            done = _commit(db, work)
            if self._newest() == self.generation:
                return done
            self._open()

    def _fresh(self) -> sqlite3.Connection:
        if self._db is None or self._newest() != self.generation:
            self._open()
        assert self._db is not None
        return self._db

    def _open(self) -> None:
        self.close()
        self.generation = self._newest_on_disk()
        self._successor = self._file(self.generation + 1)
        with _only_one(self.path):
            self._db = self._connect()
        self._durable = True
        self._ballast.restore()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._file(self.generation), timeout=TURN_S, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")  # NORMAL loses commits since the last checkpoint
            db.execute("PRAGMA temp_store=MEMORY")
            db.text_factory = _lenient
            _commit(db, lambda db: prepare(db, self.generation))
        except BaseException:
            db.close()
            raise
        _sync_folder(self.path.parent)
        return db

    def _begin_next_generation(self) -> None:
        """Only the first of several processes that meet the damage makes the file; the others find it."""
        if self._newest() == self.generation:
            self._successor.touch(exist_ok=True)
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
        if not os.path.exists(self._successor):  # noqa: PTH110 - twice in every transaction, and four times as fast
            return self.generation
        return self._newest_on_disk()

    def _newest_on_disk(self) -> int:
        pattern = re.compile(re.escape(self.path.stem) + r"\.([0-9]+)" + re.escape(self.path.suffix))
        found = (pattern.fullmatch(file.name) for file in self.path.parent.iterdir())
        return max((int(match[1]) for match in found if match), default=0)


def _lenient(text: bytes) -> str:
    """Damaged text is for the row's hash to find, not for the driver to stumble over."""
    return text.decode(errors="replace")


def _patiently(work: Callable[[], Done]) -> Done:
    """What `work` returns; it is begun again while another process writes, which undid nothing but a wait."""
    until_s = time.monotonic() + BUSY_S
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() >= until_s:
                raise


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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
