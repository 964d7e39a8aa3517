"""Things on their way from one process of a box to another: a file each, in a folder.

Law: a file that has its name is whole and on the disk. It stays until whoever takes it out says that it was
dealt with, so it may be taken out twice. The folder is bounded.
"""

from collections.abc import Iterator
from pathlib import Path

from edge.adapters import private_file
from edge.values.errors import StorageError

MOST_BYTES = 8192
"""What is read of a file; nothing that is dropped here is longer."""


class DropBox:
    """The folder; many may drop in, one takes out."""

    def __init__(self, folder: Path, suffix: str, most: int) -> None:
        """A folder that is made when something is dropped; `most` files with this suffix may wait in it."""
        self._folder = folder
        self._suffix = suffix
        self._most = most

    def drop(self, name: str, payload: bytes) -> bool:
        """Leave something, in place of what has the same name; False where so many wait that it cannot.

        Raises:
            StorageError: it cannot be written.
        """
        private_file.make_folder(self._folder)
        if len(self._files()) >= self._most:
            return False
        private_file.replace(self._folder / f"{name}{self._suffix}", payload)
        return True

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of what waits, by name.

        Raises:
            StorageError: the folder cannot be read.
        """
        for file in self._files():
            try:
                with file.open("rb") as opened:
                    yield file.name.removesuffix(self._suffix), opened.read(MOST_BYTES)
            except FileNotFoundError:
                continue
            except OSError as failure:
                raise StorageError(f"{file}: {failure.strerror}") from failure

    def done(self, name: str) -> None:
        """Take out what was dealt with.

        Raises:
            StorageError: it stays, and will be taken out once more.
        """
        try:
            (self._folder / f"{name}{self._suffix}").unlink(missing_ok=True)
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure

    def _files(self) -> list[Path]:
        try:
            return sorted(self._folder.glob(f"*{self._suffix}"))
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure
