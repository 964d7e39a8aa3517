"""Names that last: folders made and files renamed so that a power cut finds them again."""

import os
from pathlib import Path


def make_folder(folder: Path, root: Path) -> None:
    """Make a folder below `root`, each new level on the disk before the next."""
    if folder == root or folder.exists():
        return
    make_folder(folder.parent, root)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
