"""The last policy that this box accepted, kept so that no older one comes back.

Law: written whole or not at all, and on the disk when `keep` returns. It is a copy of the file that was
signed.
"""

import os
from pathlib import Path

from edge.values.errors import StorageError

FOLDER = "policy"
FILE = "accepted.yaml"


class PolicyMemory:
    """A folder below the box's data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / FOLDER / FILE

    def last(self) -> Path | None:
        """The file that was kept last; None where none ever was."""
        return self.path if self.path.exists() else None

    def keep(self, text: bytes) -> None:
        """Keep this file in place of the last.

        Raises:
            StorageError: it cannot be written; the last one is still there.
        """
        fresh = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with fresh.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            _sync(self.path.parent)
        except OSError as failure:
            raise StorageError(f"{self.path} cannot be written: {failure.strerror}") from failure


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
