"""Marks of footage on their way from who watches to who keeps: an empty file each, named after its slot.

Law: a mark says which ten minutes of which camera, and nothing else. It goes once it is in the catalogue. The
folder is bounded: without a keeper it holds the first marks and refuses more.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from edge.adapters.durable import sync_folder
from edge.values.errors import StorageError
from edge.values.segment import SlotId

SUFFIX = ".mark"
MOST_WAITING = 10_000


class MarkBox:
    """The folder; any process of the box may drop marks in, one takes them out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def drop(self, slot: SlotId) -> None:
        """Leave a mark for the keeper; one that is there already stays as it is.

        Raises:
            StorageError: it cannot be left.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if sum(1 for _ in os.scandir(self._folder)) >= MOST_WAITING:
                raise StorageError(f"{self._folder}: {MOST_WAITING} marks wait, and nobody takes them")
            self._file(slot).touch(mode=0o600)
            sync_folder(self._folder)
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure

    def waiting(self) -> Iterator[SlotId]:
        """Marks that nobody took yet; what is none is thrown away.

        Raises:
            StorageError: the folder cannot be read.
        """
        try:
            for file in sorted(self._folder.glob(f"*{SUFFIX}")):
                try:
                    yield SlotId.parse(file.name.removesuffix(SUFFIX))
                except ValueError:
                    file.unlink(missing_ok=True)
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure

    def done(self, slot: SlotId) -> None:
        """Take out a mark that is in the catalogue.

        Raises:
            StorageError: it stays, and will be entered once more.
        """
        try:
            self._file(slot).unlink(missing_ok=True)
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure

    def _file(self, slot: SlotId) -> Path:
        return self._folder / f"{slot}{SUFFIX}"
