"""Deletes footage: the mark, the key, the files, the certificate, in this order and in no other.

Law: the key's share is overwritten first, so that whatever happens next nobody can open what is left. A
crash between two steps leaves the mark, and the next start goes on from it; doing a step again does no harm.
"""

from contextlib import suppress
from pathlib import Path

from edge.adapters import segment_file
from edge.adapters.durable import sync_folder
from edge.adapters.holdings import Holdings
from edge.adapters.key_ring import KeyRing
from edge.values.deletion import Deletion
from edge.values.errors import StorageError
from edge.values.retention import Doom
from edge.values.segment import SlotId


class FileUndertaker:
    """The `Undertaker` port on files, key ring and catalogue."""

    def __init__(self, root: Path, holdings: Holdings, ring: KeyRing) -> None:
        self._root, self._holdings, self._ring = root, holdings, ring

    def doom(self, doom: Doom) -> bool:
        """Mark a slot, unless a hold keeps it.

        Raises:
            StorageError: it was not marked.
        """
        return self._holdings.doom(doom)

    def bury(self, slot: SlotId, deletion: Deletion) -> None:
        """Destroy the key, then the files, then let the certificate take their place.

        Raises:
            StorageError: it is not finished.
        """
        self._ring.shred([slot])
        self._unlink(slot)
        self._holdings.bury(slot, deletion)

    def _unlink(self, slot: SlotId) -> None:
        folder = segment_file.folder_of(self._root, slot)
        try:
            for file in folder.glob(f"{slot.stamp[9:15]}.*"):
                file.unlink(missing_ok=True)
            if folder.exists():
                sync_folder(folder)
        except OSError as failure:
            raise StorageError(f"footage of {slot} cannot be deleted: {failure.strerror}") from failure
        with suppress(OSError):  # not empty: other slots of the day are there
            folder.rmdir()
