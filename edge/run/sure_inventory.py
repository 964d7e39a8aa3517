"""What footage there is, as long as no hold was forgotten.

Law: while the audit log tells of a hold that was placed and not released, and the catalogue does not know it,
nothing is given out that could be deleted. So a catalogue that was lost and made again, or restored from an
old backup, costs no held footage. A line of the log that nobody can read may have told of a hold: it counts
as one until somebody who may lift holds has released it by its number.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from edge.ports import Inventory
from edge.values.audit import Action, AuditEntry
from edge.values.errors import StorageError
from edge.values.retention import Doom, Kept

LINE = "line-"
PLACED = frozenset({Action.HOLD_PLACED, Action.PANIC})


def forgotten(
    entries: Iterable[AuditEntry], known: Collection[str], unreadable: Collection[int] = ()
) -> list[str]:
    """Ids of holds that were placed and not released, and that nobody knows any more.

    Args:
        entries: of the audit log, in order.
        known: ids of all holds in the catalogue.
        unreadable: numbers of the log's lines that cannot be read; each counts as a hold called `line-N`.
    """
    held = {f"{LINE}{number}" for number in unreadable}
    for entry in entries:
        if entry.action in PLACED:
            held.add(entry.subject)
        elif entry.action is Action.HOLD_RELEASED:
            held.discard(entry.subject)
    return sorted(held - set(known))


class SureInventory:
    """An `Inventory` that asks about forgotten holds until there are none, and then not again."""

    def __init__(self, inventory: Inventory, missing: Callable[[], Sequence[str]]) -> None:
        self._inventory, self._missing = inventory, missing
        self._sure = False

    def kept(self) -> Sequence[Kept]:
        """Every slot that is not doomed.

        Raises:
            StorageError: it cannot be read, or a hold was forgotten.
        """
        if not self._sure:
            if missing := self._missing():
                raise StorageError(_told(missing[0]))
            self._sure = True
        return self._inventory.kept()

    def doomed(self) -> Sequence[Doom]:
        """Slots that are marked and not yet gone: that was begun when all holds were known.

        Raises:
            StorageError: it cannot be read.
        """
        return self._inventory.doomed()


def _told(name: str) -> str:
    if name.startswith(LINE):
        return (
            f"line {name.removeprefix(LINE)} of the audit log cannot be read and may have told of a hold: "
            "nothing is deleted before somebody who may lift holds has looked into it, placed again what "
            f"still holds (footage hold), and released the line (footage release {name})"
        )
    return (
        f"hold {name} is in the audit log and not in the catalogue: nothing is deleted before it is placed "
        "again if it still holds (footage hold), and then released by this name (footage release)"
    )
