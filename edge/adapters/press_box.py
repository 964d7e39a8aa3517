"""Presses of a button on their way from one process to another: a file each, in a folder of the box.

Law: a file that has its name is whole and on the disk, and goes once the press was carried out. The folder
is bounded: a flood of presses becomes a few alarms and no full disk.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from edge.adapters.durable import sync_folder
from edge.values.errors import StorageError
from edge.values.footage_state import Trigger
from edge.values.press import Press

SUFFIX = ".press"
MOST_WAITING = 16
MOST_BYTES = 8192


class PressBox:
    """The folder; any process of the box may drop presses in, one takes them out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def drop(self, press: Press) -> bool:
        """Leave a press for the keeper; False where so many wait that one more says nothing new.

        Raises:
            StorageError: it cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if len(list(self._folder.glob(f"*{SUFFIX}"))) >= MOST_WAITING:
                return False
            self._write(press)
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure
        return True

    def waiting(self) -> Iterator[Press]:
        """Presses that were not carried out yet, oldest first; what is none is thrown away.

        Raises:
            StorageError: the folder cannot be read.
        """
        try:
            for file in sorted(self._folder.glob(f"*{SUFFIX}")):
                press = _read(file)
                if press is None:
                    file.unlink(missing_ok=True)
                else:
                    yield press
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure

    def done(self, press: Press) -> None:
        """Take out a press that was carried out.

        Raises:
            StorageError: it stays, and will be carried out once more.
        """
        try:
            self._file(press).unlink(missing_ok=True)
        except OSError as failure:
            raise StorageError(f"{self._folder}: {failure.strerror}") from failure

    def _file(self, press: Press) -> Path:
        return self._folder / f"{press.utc_ns:020d}-{press.id}{SUFFIX}"

    def _write(self, press: Press) -> None:
        file = self._file(press)
        fresh = file.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(json.dumps(asdict(press)).encode())
            opened.flush()
            os.fsync(opened.fileno())
        fresh.rename(file)
        sync_folder(self._folder)


def _read(file: Path) -> Press | None:
    try:
        with file.open("rb") as opened:
            told = json.loads(opened.read(MOST_BYTES))
        told |= {"trigger": Trigger(told["trigger"]), "cameras": tuple(told["cameras"])}
        return Press(**told)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        return None
