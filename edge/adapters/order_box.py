"""Commands on their way from the process that heard them to the keeper: a file each, in a folder of the box.

Law: a file that has its name is whole and on the disk, and goes once the command was carried out. What is in
it is judged by who takes it out, not by who put it in. The folder is bounded.
"""

from collections.abc import Iterator
from pathlib import Path

from edge.adapters import private_file
from edge.values.errors import StorageError

SUFFIX = ".order"
MOST_WAITING = 64
MOST_BYTES = 8192


class OrderBox:
    """The folder; the publisher drops commands in, the keeper takes them out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def drop(self, sequence: int, nonce: str, payload: bytes) -> None:
        """Leave a command for the keeper; the same one twice is one.

        Raises:
            StorageError: it cannot be written, or too many wait.
        """
        private_file.make_folder(self._folder)
        if len(self._files()) >= MOST_WAITING:
            raise StorageError(f"{self._folder}: {MOST_WAITING} commands wait already")
        private_file.replace(self._folder / f"{sequence:020d}-{nonce}{SUFFIX}", payload)

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of those that wait, oldest first.

        Raises:
            StorageError: the folder cannot be read.
        """
        for file in self._files():
            try:
                with file.open("rb") as opened:
                    yield file.name, opened.read(MOST_BYTES)
            except OSError as failure:
                raise StorageError(f"{file}: {failure.strerror}") from failure

    def done(self, name: str) -> None:
        """Take out what was carried out.

        Raises:
            StorageError: it stays, and will be looked at once more.
        """
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{SUFFIX}"))
