"""Commands on their way from the process that heard them to the keeper.

Law: what is in it is judged by who takes it out, not by who put it in.
"""

from collections.abc import Iterator
from pathlib import Path

from edge.adapters.drop_box import DropBox
from edge.values.errors import StorageError

MOST_WAITING = 64


class OrderBox:
    """The publisher drops commands in, the keeper takes them out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._box = DropBox(folder, ".order", MOST_WAITING)

    def drop(self, sequence: int, nonce: str, payload: bytes) -> None:
        """Leave a command for the keeper; the same one twice is one.

        Raises:
            StorageError: it cannot be written, or too many wait.
        """
        if not self._box.drop(f"{sequence:020d}-{nonce}", payload):
            raise StorageError(f"{self._folder}: {MOST_WAITING} commands wait already")

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of those that wait, oldest first.

        Raises:
            StorageError: the folder cannot be read.
        """
        return self._box.waiting()

    def done(self, name: str) -> None:
        """Take out what was carried out.

        Raises:
            StorageError: it stays, and will be looked at once more.
        """
        self._box.done(name)
