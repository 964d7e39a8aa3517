"""The audit log on the disk: a file of lines that only grows, and the heads that this box signed over it.

Law: an entry is fsynced before `append` returns, and its head is signed after that, so that no head ever
covers an entry that is not on the disk. Several processes append to one log; a lock on the file keeps their
lines apart. A last line that a power cut tore is cut off and recorded. A log that does not fit its own head
is recorded as damaged and the head is kept, so that `verify` finds it for ever.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from edge.adapters.ed25519 import Ed25519Signer
from edge.audit import line as lines
from edge.audit.head import Head, SignedHead, parse, signed
from edge.audit.line import Logged
from edge.audit.merkle import Frontier, Hash
from edge.values.audit import Action, AuditEntry, Receipt
from edge.values.errors import StorageError
from edge.values.moment import Moment

LOG, HEAD, HEADS, KEY = "log.jsonl", "head", "heads", "key.pem"
BOX = "box"
"""Actor of entries that the log makes by itself."""

KEPT_EVERY = 64
"""Entries between two heads that are kept for good."""


@dataclass(slots=True)
class _Known:
    """What was read of the file so far: its tree, its end, and the leaf hash of its last line."""

    frontier: Frontier
    offset: int = 0
    previous: str = lines.NOTHING


class AuditLog:
    """The `Audit` port, on a folder; safe to share between threads and processes.

    Raises:
        StorageError: the folder cannot be used, or its key is gone while its log is there.
    """

    def __init__(self, folder: Path, origin: str, now: Callable[[], Moment]) -> None:
        self.folder = folder
        self._origin = origin
        self._now = now
        self._turn = threading.Lock()
        self._known = _Known(Frontier())
        self._head_at: tuple[int, Hash] | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(folder / LOG, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with self._alone():
                self._signer = self._key()
                self._begin()
        except OSError as failure:
            raise StorageError(f"{folder}: the audit log cannot be used: {failure.strerror}") from failure

    def append(self, entry: AuditEntry) -> Receipt:
        """Write an entry; it survives a power cut once this returns.

        Raises:
            StorageError: nothing was written, so what it tells of may not happen.
        """
        with self._alone():
            return self._add(entry)

    def append_change(self, entry: AuditEntry) -> Receipt | None:
        """The same, unless the last entry of this action was about the same subject; None then.

        Raises:
            StorageError: nothing was written, so what it tells of may not happen.
        """
        with self._alone():
            last = find_last(self.folder, entry.action)
            return None if last is not None and last.subject == entry.subject else self._add(entry)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """With the file for this thread and process alone, and read to its end."""
        with self._turn:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX)
                try:
                    self._catch_up()
                    yield
                finally:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
            except OSError as failure:
                raise StorageError(f"{self.folder}: the audit log failed: {failure.strerror}") from failure

    def _key(self) -> Ed25519Signer:
        path = self.folder / KEY
        if path.exists():
            return Ed25519Signer.read(path)
        if self._known.frontier.size:
            raise StorageError(
                f"{path} is gone, and the log beside it was signed with it: bring it back, or move the whole "
                "folder away, which the witness will see"
            )
        signer = Ed25519Signer.fresh()
        signer.write(path)
        return signer

    def _begin(self) -> None:
        if self._known.frontier.size == 0:
            told = f"Ed25519 key {self._signer.key.hex()}"
            self._add(AuditEntry(self._now(), BOX, Action.LOG_BEGUN, self._origin, words=told))
            _sync(self.folder)
            return
        head = read_head(self.folder)
        if head is not None and self._head_at != (head.head.size, head.head.root):
            self._keep(head)
            told = f"signed head over {head.head.size} entries, root {head.head.root.hex()}, does not fit"
            self._add(AuditEntry(self._now(), BOX, Action.LOG_DAMAGED, self._origin, words=told))

    def _catch_up(self) -> None:
        """Read what other processes added; what is after the last line end is torn and goes."""
        known, size = self._known, os.fstat(self._file).st_size
        if size == known.offset:
            return
        if size < known.offset:
            raise StorageError(f"{self.folder / LOG} was cut while it was in use")
        head = read_head(self.folder) if known.offset == 0 else None
        grown = os.pread(self._file, size - known.offset, known.offset)
        *whole, torn = grown.split(b"\n")
        for raw in whole:
            self._learn(raw, head)
        if torn:
            self._repair(torn)

    def _learn(self, raw: bytes, head: SignedHead | None = None) -> None:
        known = self._known
        leaf = lines.hash_of(raw)
        known.frontier.append(leaf)
        known.previous, known.offset = leaf.hex(), known.offset + len(raw) + 1
        if head is not None and known.frontier.size == head.head.size:
            self._head_at = (known.frontier.size, known.frontier.root())

    def _repair(self, torn: bytes) -> None:
        os.ftruncate(self._file, self._known.offset)
        os.fsync(self._file)
        if self._known.frontier.size:
            told = f"a torn last line of {len(torn)} bytes was cut off"
            entry = AuditEntry(self._now(), BOX, Action.LOG_REPAIRED, self._origin, words=told)
            self._write(entry)

    def _add(self, entry: AuditEntry) -> Receipt:
        receipt = self._write(entry)
        self._sign()
        return receipt

    def _write(self, entry: AuditEntry) -> Receipt:
        known = self._known
        index = known.frontier.size
        raw = lines.write(Logged(index, known.previous, entry))
        try:
            wrote = os.pwrite(self._file, raw + b"\n", known.offset)
            if wrote != len(raw) + 1:
                raise OSError(28, "the disk is full")
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, known.offset)
            raise
        self._learn(raw)
        return Receipt(index, known.previous)

    def _sign(self) -> None:
        """Sign the head; one that cannot be written is behind, never wrong, and the next one makes good."""
        head = signed(
            Head(self._origin, self._known.frontier.size, self._known.frontier.root()), self._signer
        )
        with suppress(OSError):
            fresh = self.folder / f"{HEAD}.new"
            fresh.write_bytes(head.note())
            fresh.replace(self.folder / HEAD)
            if head.head.size % KEPT_EVERY == 0:
                self._keep(head)

    def _keep(self, head: SignedHead) -> None:
        with (self.folder / HEADS).open("ab") as file:
            file.write(head.note())


def find_last(folder: Path, *actions: Action) -> AuditEntry | None:
    """The last entry of one of these actions in a log, without taking part in it; None where there is none.

    Raises:
        StorageError: the log cannot be read.
    """
    wanted, found = tuple(lines.begins(action) for action in actions), None
    try:
        with (folder / LOG).open("rb") as file:
            for raw in file:
                if raw.startswith(wanted) and raw.endswith(b"\n"):
                    found = raw
    except FileNotFoundError:
        return None
    except OSError as failure:
        raise StorageError(f"{folder / LOG} cannot be read: {failure.strerror}") from failure
    try:
        return None if found is None else lines.read(found[:-1]).entry
    except ValueError as failure:
        raise StorageError(f"{folder / LOG}: an entry {actions[0]} is no entry: {failure}") from failure


def read_head(folder: Path) -> SignedHead | None:
    """The head that the box signed last; None where there is none, or none that can be read."""
    try:
        return parse((folder / HEAD).read_bytes())
    except (OSError, ValueError):
        return None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
