"""Ballast: disk space held back for the hour when the disk is full and even a DELETE fails.

Law: it is real blocks, not a hole; it is dropped to let the outbox work on, and taken again only when
the disk has plenty.
"""

import os
from contextlib import suppress
from pathlib import Path

SIZE_BYTES = 4 << 20
"""As much as the write-ahead log grows between checkpoints: so much the database may need to take it in."""

PLENTY = 2
"""Free space, in ballasts, from which on a dropped ballast is taken again."""


class Ballast:
    """A file of blocks that nobody needs."""

    def __init__(self, path: Path, size_bytes: int = SIZE_BYTES) -> None:
        self._path = path
        self._size_bytes = size_bytes

    def drop(self) -> bool:
        """Give the blocks back to the disk; False when there were none to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def restore(self) -> None:
        """Take the blocks again if the disk has plenty; without them the outbox still works."""
        with suppress(OSError):
            if not self._path.exists() and self._free_bytes() >= PLENTY * self._size_bytes:
                self._take()

    def _take(self) -> None:
        handle = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            os.posix_fallocate(handle, 0, self._size_bytes)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _free_bytes(self) -> int:
        space = os.statvfs(self._path.parent)
        return space.f_bavail * space.f_frsize
