"""The box's key ring: its share of every slot's key, in a file of fixed places, overwritten to forget.

Law: a share is in this file and nowhere else on the disk: not in SQLite, which keeps deleted keys in free
pages and in its log, not in a temporary file, not in a copy made by a rename. Forgetting is overwriting its
place and fsync. A place is 128 bytes and never straddles a sector; it carries its own hash, so damage is
told, never used.

    0..8 start of the slot, s · 8..48 camera · 48..80 share · 80..112 SHA-256 of all that · 112..128 zero
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.adapters.sealing import KEY_BYTES
from edge.values.errors import FootageError, StorageError
from edge.values.segment import SlotId

PLACE_BYTES = 128
GROWS_BY = 1024
NAME_BYTES = 48
EMPTY = bytes(PLACE_BYTES)


class KeyRing:
    """One process's hold on the key ring; processes and threads take turns.

    Raises:
        StorageError: the file cannot be used.
    """

    def __init__(self, path: Path, chance: Callable[[int], bytes] = os.urandom) -> None:
        self._path, self._chance = path, chance
        self._turn = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as failure:
            raise self._trouble(failure) from failure

    def share(self, slot: SlotId) -> bytes:
        """The box's share of a slot, made and on the disk if there was none.

        Raises:
            StorageError: it cannot be written.
            FootageError: its place is damaged.
        """
        with self._alone():
            content = self._content()
            found = _find(content, slot)
            if found is not None:
                return _checked(content, found, slot)
            share = self._chance(KEY_BYTES)
            self._write(self._free_place(content), _place(slot, share))
            return share

    def find(self, slot: SlotId) -> bytes | None:
        """The box's share of a slot; None where it was destroyed or never made.

        Raises:
            StorageError: the file cannot be read.
            FootageError: its place is damaged.
        """
        with self._alone():
            content = self._content()
            found = _find(content, slot)
            return None if found is None else _checked(content, found, slot)

    def shred(self, slots: Collection[SlotId]) -> None:
        """Overwrite the shares of these slots; nobody can open them ever again once this returns.

        Raises:
            StorageError: not all of them are overwritten for certain.
        """
        with self._alone():
            content = self._content()
            for slot in slots:
                found = _find(content, slot)
                if found is not None:
                    self._put(found, EMPTY)
            self._sync()

    def slots(self) -> frozenset[SlotId]:
        """Slots that have a share.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._alone():
            content = self._content()
        return frozenset(_slot(content[at : at + NAME_BYTES]) for at in _taken(content))

    def damaged(self) -> tuple[int, ...]:
        """Numbers of places that hold something whose hash does not fit.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._alone():
            content = self._content()
        return tuple(
            at // PLACE_BYTES for at in range(0, len(content), PLACE_BYTES) if _is_damaged(content, at)
        )

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _free_place(self, content: bytes) -> int:
        for at in range(0, len(content), PLACE_BYTES):
            if content[at : at + PLACE_BYTES] == EMPTY:
                return at
        return len(content)

    def _write(self, at: int, place: bytes) -> None:
        if at % (GROWS_BY * PLACE_BYTES) == 0:
            self._grow(at)
        self._put(at, place)
        self._sync()

    def _grow(self, at: int) -> None:
        """Real blocks, written once, so that overwriting later stays in place."""
        if at == os.fstat(self._file).st_size:
            self._put(at, EMPTY * GROWS_BY)
            self._sync()

    def _put(self, at: int, place: bytes) -> None:
        try:
            written = os.pwrite(self._file, place, at)
        except OSError as failure:
            raise self._trouble(failure) from failure
        if written != len(place):
            raise StorageError(f"key ring {self._path}: only {written} of {len(place)} bytes were written")

    def _sync(self) -> None:
        try:
            os.fsync(self._file)
        except OSError as failure:
            raise self._trouble(failure) from failure

    def _content(self) -> bytes:
        try:
            size = os.fstat(self._file).st_size
            return os.pread(self._file, size, 0)[: size - size % PLACE_BYTES]
        except OSError as failure:
            raise self._trouble(failure) from failure

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._turn:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _trouble(self, failure: OSError) -> StorageError:
        return StorageError(f"key ring {self._path}: {failure.strerror}")


def _name(slot: SlotId) -> bytes:
    return slot.start_s.to_bytes(8, "big") + slot.camera.encode().ljust(NAME_BYTES - 8, b"\0")


def _slot(name: bytes) -> SlotId:
    return SlotId(name[8:].rstrip(b"\0").decode(), int.from_bytes(name[:8], "big"))


def _place(slot: SlotId, share: bytes) -> bytes:
    said = _name(slot) + share
    return (said + hashlib.sha256(said).digest()).ljust(PLACE_BYTES, b"\0")


def _find(content: bytes, slot: SlotId) -> int | None:
    name, at = _name(slot), -1
    while (at := content.find(name, at + 1)) != -1:
        if at % PLACE_BYTES == 0:
            return at
    return None


def _checked(content: bytes, at: int, slot: SlotId) -> bytes:
    if _is_damaged(content, at):
        raise FootageError(f"the key ring's place {at // PLACE_BYTES}, of slot {slot}, is damaged")
    return content[at + NAME_BYTES : at + NAME_BYTES + KEY_BYTES]


def _is_damaged(content: bytes, at: int) -> bool:
    place = content[at : at + PLACE_BYTES]
    said = place[: NAME_BYTES + KEY_BYTES]
    return place != EMPTY and place != (said + hashlib.sha256(said).digest()).ljust(PLACE_BYTES, b"\0")


def _taken(content: bytes) -> Iterator[int]:
    for at in range(0, len(content), PLACE_BYTES):
        if content[at : at + PLACE_BYTES] != EMPTY and not _is_damaged(content, at):
            yield at
