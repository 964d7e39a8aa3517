"""Files and names that last: folders made and files renamed so that a power cut finds them again."""

import os
from pathlib import Path

from edge.values.errors import ConfigError, StorageError


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


def write_new(path: Path, content: bytes) -> None:
    """Put something into a new file that its owner alone can read; it is on the disk when this returns.

    Raises:
        ConfigError: there is a file of that name, and it is not overwritten.
        StorageError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as failure:
        raise ConfigError(f"{path} is there already, and is not overwritten") from failure
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure


def replace_lasting(path: Path, content: bytes) -> None:
    """Write a file anew that its owner alone reads: after a power cut there is the old one or the new one.

    Raises:
        StorageError: it is as it was.
    """
    fresh = path.with_suffix(".new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure
