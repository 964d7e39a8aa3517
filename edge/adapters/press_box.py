"""Presses of a button on their way from one process to the keeper.

Law: a flood of presses becomes a few alarms and no full disk.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from edge.adapters.drop_box import DropBox
from edge.values import json_text
from edge.values.footage_state import Trigger
from edge.values.press import Press

MOST_WAITING = 16


class PressBox:
    """Any process of the box may drop presses in, one takes them out."""

    def __init__(self, folder: Path) -> None:
        self._box = DropBox(folder, ".press", MOST_WAITING)

    def drop(self, press: Press) -> bool:
        """Leave a press for the keeper; False where so many wait that one more says nothing new.

        Raises:
            StorageError: it cannot be written.
        """
        return self._box.drop(_name(press), json.dumps(asdict(press)).encode())

    def waiting(self) -> Iterator[Press]:
        """Presses that were not carried out yet, oldest first; what is none is thrown away.

        Raises:
            StorageError: the folder cannot be read.
        """
        for name, payload in self._box.waiting():
            press = _read(payload)
            if press is None:
                self._box.done(name)
            else:
                yield press

    def done(self, press: Press) -> None:
        """Take out a press that was carried out.

        Raises:
            StorageError: it stays, and will be carried out once more.
        """
        self._box.done(_name(press))


def _name(press: Press) -> str:
    return f"{press.utc_ns:020d}-{press.id}"


def _read(payload: bytes) -> Press | None:
    try:
        told = json_text.read(payload)
        told |= {"trigger": Trigger(told["trigger"]), "cameras": tuple(told["cameras"])}
        return Press(**told)
    except (ValueError, TypeError, KeyError):
        return None
