"""Files that only their owner may read, or that must not be seen half-written.

Law: what is written is on the disk when a call returns. A name holds the old
content or the new, never a part.
"""

import os
from pathlib import Path

from edge.adapters.durable import sync_folder
from edge.values.errors import ConfigError, StorageError

PRIVATE = 0o600
PUBLIC = 0o644
PRIVATE_FOLDER = 0o700
PUBLIC_FOLDER = 0o755


def write_new(path: Path, raw: bytes, mode: int = PRIVATE) -> None:
    """Put bytes into a new file.

    Raises:
        ConfigError: there is a file of that name, which is not overwritten.
        StorageError: it cannot be written.
    """
    try:
        _write(path, raw, mode)
        sync_folder(path.parent)
    except FileExistsError as failure:
        raise ConfigError(f"{path} is there already, and is not overwritten") from failure
    except OSError as failure:
        raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure


def replace(path: Path, raw: bytes, mode: int = PRIVATE) -> None:
    """Put bytes in place of what stands there, if anything does.

    Raises:
        StorageError: it cannot be written; what stood there still does.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        _write(beside, raw, mode)
        beside.rename(path)
        sync_folder(path.parent)
    except OSError as failure:
        raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure


def make_folder(folder: Path, mode: int = PRIVATE_FOLDER) -> None:
    """Make a folder, if there is none.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
    except OSError as failure:
        raise StorageError(f"{folder} cannot be made: {failure.strerror}") from failure


def _write(path: Path, raw: bytes, mode: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(file, "wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
