"""How commands ended, on its way from the process that carried them out to the one that answers.

Law: an end that is none is thrown away; one that waits is told at least once.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from edge.adapters.drop_box import DropBox
from edge.values import json_text
from edge.values.command import Doubt, End, Verb

MOST_WAITING = 64


class EndBox:
    """Who carried a command out drops its end in, the publisher takes it out."""

    def __init__(self, folder: Path) -> None:
        self._box = DropBox(folder, ".end", MOST_WAITING)

    def drop(self, end: End) -> None:
        """Leave an end to be told; where too many wait already nobody asks any more.

        Raises:
            StorageError: it cannot be written.
        """
        self._box.drop(end.nonce, json.dumps(asdict(end)).encode())

    def waiting(self) -> Iterator[End]:
        """Ends that were not told yet.

        Raises:
            StorageError: the folder cannot be read.
        """
        for name, payload in self._box.waiting():
            end = _read(payload)
            if end is None:
                self._box.done(name)
            else:
                yield end

    def done(self, end: End) -> None:
        """Take out an end that was told.

        Raises:
            StorageError: it stays, and will be told once more.
        """
        self._box.done(end.nonce)


def _read(payload: bytes) -> End | None:
    try:
        told = json_text.read(payload)
        return End(str(told["nonce"]), str(told["signer"]), Verb(told["verb"]), Doubt(told["doubt"]))
    except (ValueError, TypeError, KeyError):
        return None
