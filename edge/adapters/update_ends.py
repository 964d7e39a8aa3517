"""How updates ended that were ordered from afar: a file each, which root writes and the box's user reads.

Law: root writes nothing into a folder of the box's user, who could lead it elsewhere by a link. So an order
stays where it was dropped until its end is there to be told, and what has an end is not carried out again.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from edge.adapters.order_box import OrderBox
from edge.adapters.private_file import PUBLIC, PUBLIC_FOLDER, make_folder, replace
from edge.values.command import Doubt, End, Verb
from edge.values.errors import StorageError

FOLDER = "ends"
MOST_KEPT = 64
MOST_BYTES = 4096
NONCE = re.compile(r"[0-9a-f]{32}")


class UpdateEnds:
    """The folder below that of the releases.

    Raises:
        StorageError: with every method, the disk does not take or give it.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def of(self, nonce: str) -> End | None:
        """The end of a command; None where it has none yet."""
        if not NONCE.fullmatch(nonce):
            return None
        try:
            with (self._folder / f"{nonce}.json").open("rb") as file:
                told = json.loads(file.read(MOST_BYTES))
            return End(nonce, str(told["signer"]), Verb.UPDATE, Doubt(told["doubt"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as failure:
            raise StorageError(f"{self._folder}: the end of {nonce} cannot be read: {failure}") from failure

    def write(self, end: End) -> None:
        """Write an end; the oldest of many go."""
        make_folder(self._folder, PUBLIC_FOLDER)
        told = json.dumps({"signer": end.signer, "doubt": end.doubt.value}).encode()
        replace(self._folder / f"{end.nonce}.json", told, PUBLIC)
        for old in sorted(self._folder.glob("*.json"), key=_age)[:-MOST_KEPT]:
            old.unlink(missing_ok=True)


def _age(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name


class WaitingUpdates:
    """The box's side: orders that wait, and those of them that have an end to be told."""

    def __init__(self, orders: Path, home: Path) -> None:
        self._orders, self._ends = OrderBox(orders), UpdateEnds(home)

    def waiting(self) -> Iterator[End]:
        """Ends that were not told yet."""
        for name, _ in self._orders.waiting():
            if (end := self._ends.of(name.rpartition("-")[2])) is not None:
                yield end

    def done(self, end: End) -> None:
        """An end was told, so its order goes."""
        for name, _ in self._orders.waiting():
            if name.rpartition("-")[2] == end.nonce:
                self._orders.done(name)
