"""The rest of a segment whose writer died: cut to its last piece that is whole, and marked as torn.

Law: nothing is opened here, and nothing could be: the key died with the writer. The mark says what the box
did; it proves nothing. What stands before it is proven, chunk by chunk, when two keyholders open it.
"""

import fcntl
import os
from pathlib import Path
from typing import NamedTuple

from edge.adapters.durable import sync_folder
from edge.adapters.segment_file import SUFFIX
from edge.adapters.segment_frames import After, Frame, frames
from edge.adapters.segment_header import read_beginning
from edge.values.errors import FootageError, StorageError


def is_being_written(path: Path) -> bool:
    """Whether somebody writes this file now, or did until this moment."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True  # it has its name now, or was given up
    except BlockingIOError:
        return True
    except OSError:
        return False  # nobody can tell, so it is told
    return False


def mended(path: Path) -> int | None:
    """Cut an unfinished file, mark it, and give it the name of a segment.

    Returns:
        UTC ns until which there are pictures; None where no piece is whole, and nothing was done.

    Raises:
        StorageError: it cannot be read or written.
    """
    try:
        found = _whole(path)
        if found is not None:
            _cut(path, found)
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure
    return None if found is None else found.until_ns


class _Place(NamedTuple):
    """Where the last whole piece ends in the file and in time, and whether it is the segment's last."""

    size: int
    until_ns: int
    is_last: bool


def _whole(path: Path) -> _Place | None:
    with path.open("rb") as file:
        try:
            header = read_beginning(file, path)
        except FootageError:
            return None
        if header.version == 1:  # it was written in one go, and no chunk of it says where it ends
            return None
        found, until_ns = None, header.began_ns
        for end, frame in frames(file, os.fstat(file.fileno()).st_size):
            if frame.is_last or frame.until_ns > until_ns:
                found, until_ns = _Place(end, frame.until_ns, frame.is_last), frame.until_ns
        return found


def _cut(path: Path, place: _Place) -> None:
    whole = path.with_suffix(SUFFIX)
    if whole.exists():
        raise FileExistsError(0, "its segment is there already, and a segment is never replaced")
    with path.open("r+b") as file:
        file.truncate(place.size)
        file.seek(place.size)
        if not place.is_last:
            file.write(Frame(0, place.until_ns, After.TORN).encoded())
        file.flush()
        os.fsync(file.fileno())
    path.rename(whole)
    sync_folder(path.parent)
