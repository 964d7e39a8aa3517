"""A disk whose power goes: what SQLite wrote and did not sync may be there, in part, or not at all.

A VFS of SQLite that hands everything on to the real one and keeps a journal of writes, syncs and deletions.
The folder as it may be after a cut at any entry of the journal is built from it: what was synced is there; of
the rest each sector of 512 bytes may be, so that writes are torn and come in any order.

What is not modelled: disks that lie about a sync, sectors that spoil their neighbours (SQLite too takes it
that there are none), and a file whose name is lost although it was synced.
"""

import ctypes
import ctypes.util
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SECTOR = 512
PASSED = (
    "xRead", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock", "xFileControl", "xSectorSize",
    "xDeviceCharacteristics", "xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch",
)  # fmt: skip

Close = CFUNCTYPE(c_int, c_void_p)
Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class Methods(Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = (
        ("iVersion", c_int), ("xClose", Close), (PASSED[0], c_void_p), ("xWrite", Write),
        ("xTruncate", Truncate), ("xSync", Sync), *((name, c_void_p) for name in PASSED[1:]),
    )  # fmt: skip


class Vfs(Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = (
        ("iVersion", c_int), ("szOsFile", c_int), ("mxPathname", c_int), ("pNext", c_void_p),
        ("zName", c_char_p), ("pAppData", c_void_p), ("xOpen", Open), ("xDelete", Delete),
        *((f"rest{n}", c_void_p) for n in range(14)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened: `write` at an offset, `truncate` to it, `sync`, `open`, `delete`, `folder` (synced)."""

    what: str
    path: str
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True)
class _File:
    durable: bytearray = field(default_factory=bytearray)
    loose: list[Entry] = field(default_factory=list)
    deleted: bool = False


class Journal:
    """What SQLite did to the disk, in order."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._names: dict[int, str] = {}
        self._kept: list[Any] = []

    def folder_after(self, cut: int, chance: random.Random, folder: Path) -> None:
        """Files as the power may have left them when it went after so many entries."""
        survives = chance.choice((0.0, 0.3, 0.9, 1.0))
        folder.mkdir(parents=True)
        for path, file in _files(self.entries[:cut], chance).items():
            for entry in file.loose:
                _apply(file.durable, entry, lambda: chance.random() < survives)
            (folder / Path(path).name).write_bytes(file.durable)

    @contextmanager
    def kept(self) -> Iterator["Journal"]:
        """Meanwhile every database of this process is written down."""
        sqlite = _library()
        real = cast(sqlite.sqlite3_vfs_find(None), POINTER(Vfs))
        ours = Vfs.from_buffer_copy(real.contents)
        ours.pNext, ours.zName = None, b"journal"
        ours.xOpen, ours.xDelete = Open(self._opened(real)), Delete(self._deleted(real))
        assert sqlite.sqlite3_vfs_register(ctypes.byref(ours), 1) == 0
        self._kept.append(ours)
        plain = os.fsync
        os.fsync = self._synced(plain)
        try:
            yield self
        finally:
            os.fsync = plain
            sqlite.sqlite3_vfs_register(real, 1)
            sqlite.sqlite3_vfs_unregister(ctypes.byref(ours))

    def _opened(self, real: Any) -> Callable[..., int]:
        def opened(_: int, name: int | None, file: int, flags: int, out: Any) -> int:
            # The real one keeps the pointer to the name, so it is the pointer that is handed on.
            done: int = real.contents.xOpen(cast(real, c_void_p), name, file, flags, out)
            first = cast(file, POINTER(c_void_p))
            if done == 0 and name is not None and first[0]:
                self._names[file] = ctypes.string_at(name).decode()
                self.entries.append(Entry("open", self._names[file]))
                first[0] = self._methods(first[0])
            return done

        return opened

    def _synced(self, plain: Callable[[int], None]) -> Callable[[int], None]:
        """What Python syncs itself: a folder, so that names in it come and go for good."""

        def synced(handle: int) -> None:
            plain(handle)
            self.entries.append(Entry("folder", str(Path(f"/proc/self/fd/{handle}").readlink())))

        return synced

    def _deleted(self, real: Any) -> Callable[..., int]:
        def deleted(_: int, name: bytes, sync_folder: int) -> int:
            self.entries.append(Entry("delete", name.decode()))
            done: int = real.contents.xDelete(cast(real, c_void_p), name, sync_folder)
            return done

        return deleted

    def _methods(self, address: int | None) -> int | None:
        """A copy of a file's methods that writes down before it does."""
        real = cast(address, POINTER(Methods)).contents
        ours = Methods.from_buffer_copy(real)

        def write(file: int, data: int, size: int, offset: int) -> int:
            told = Entry("write", self._names[file], offset, ctypes.string_at(data, size))
            self.entries.append(told)
            return int(real.xWrite(file, data, size, offset))

        def truncate(file: int, size: int) -> int:
            self.entries.append(Entry("truncate", self._names[file], size))
            return int(real.xTruncate(file, size))

        def sync(file: int, flags: int) -> int:
            done = int(real.xSync(file, flags))
            self.entries.append(Entry("sync", self._names[file]))
            return done

        ours.xWrite, ours.xTruncate, ours.xSync = Write(write), Truncate(truncate), Sync(sync)
        self._kept.append(ours)
        return ctypes.addressof(ours)


def _files(entries: Sequence[Entry], chance: random.Random) -> dict[str, _File]:
    files: dict[str, _File] = {}
    for entry in entries:
        if entry.what == "folder":
            files = {path: file for path, file in files.items() if not file.deleted}
            continue
        if entry.path not in files or files[entry.path].deleted:
            files[entry.path] = _File()
        file = files[entry.path]
        if entry.what in ("write", "truncate"):
            file.loose.append(entry)
        elif entry.what == "sync":
            for each in file.loose:
                _apply(file.durable, each, lambda: True)
            file.loose.clear()
        elif entry.what == "delete":
            file.deleted = True
    return {path: file for path, file in files.items() if not (file.deleted and chance.random() < 0.5)}


def _apply(disk: bytearray, entry: Entry, survives: Callable[[], bool]) -> None:
    if entry.what == "truncate":
        if survives():
            del disk[entry.offset :]
        return
    end = entry.offset + len(entry.data)
    for start in range(entry.offset - entry.offset % SECTOR, end, SECTOR):
        low, high = max(start, entry.offset), min(start + SECTOR, end)
        if survives():
            disk.extend(bytes(max(0, high - len(disk))))
            disk[low:high] = entry.data[low - entry.offset : high - entry.offset]


def _library() -> Any:
    """The SQLite that Python's own module uses; skips where it is built into that."""
    name = ctypes.util.find_library("sqlite3")
    if name is None:
        pytest.skip("no SQLite library on this machine")
    sqlite = ctypes.CDLL(name)
    sqlite.sqlite3_vfs_find.restype = c_void_p
    sqlite.sqlite3_vfs_find.argtypes = (c_char_p,)
    return sqlite
