"""What is held and what was deleted: the keeper's part of the catalogue.

Law: a hold and a doom exclude each other within one transaction. While the row of a hold does not fit its
hash nothing is deleted at all, because nobody can say what it kept. What was deleted leaves its certificate.
"""

import sqlite3
from collections.abc import Sequence

from edge.adapters.catalogue_rows import deletion_body, deletion_of, hold_body, hold_of, intact, row_hash
from edge.adapters.catalogue_store import CatalogueStore
from edge.values.deletion import Deletion
from edge.values.errors import StorageError
from edge.values.hold import Hold
from edge.values.retention import Doom, Kept, Rule
from edge.values.segment import FootageClass, SlotId

MARKED = "EXISTS (SELECT 1 FROM marked AS m WHERE m.camera = s.camera AND m.start_s = s.start_s)"
SUMMED = (
    "s.camera, s.start_s, min(began_ns), max(ended_ns), sum(size), count(*), "
    f"max(class = 'event') OR {MARKED}"
)


class Holdings:
    """Holds, dooms and certificates in the file of a catalogue."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store

    def kept(self) -> list[Kept]:
        """Every slot with footage that is not doomed, with the holds that keep it.

        Raises:
            StorageError: the file cannot be read, or a hold's row is damaged.
        """
        holds = [hold for hold in self.holds() if hold.released is None]
        rows = self._store.rows(
            f"SELECT {SUMMED} FROM segments AS s WHERE NOT EXISTS "  # noqa: S608 (no input)
            "(SELECT 1 FROM doomed AS d WHERE d.camera = s.camera AND d.start_s = s.start_s) "
            "GROUP BY camera, start_s"
        )
        return [_kept(row, holds) for row in rows]

    def mark(self, slot: SlotId) -> None:
        """Keep a slot as footage of an event, also where none of it is sealed yet.

        Raises:
            StorageError: it was not entered.
        """
        columns = (slot.camera, slot.start_s)
        self._store.write(lambda db: db.execute("INSERT OR IGNORE INTO marked VALUES (?,?)", columns))

    def place(self, hold: Hold) -> None:
        """Enter a hold, or a hold's new state.

        Raises:
            StorageError: it was not entered.
        """
        columns = (hold.id, hold_body(hold))
        self._store.write(
            lambda db: db.execute(
                "INSERT OR REPLACE INTO holds VALUES (?,?,?)", (*columns, row_hash(columns))
            )
        )

    def holds(self) -> list[Hold]:
        """All holds, released ones too, in the order they were placed.

        Raises:
            StorageError: the file cannot be read, or a hold's row is damaged.
        """
        return _holds(self._store.rows("SELECT * FROM holds ORDER BY rowid"))

    def doom(self, doom: Doom) -> bool:
        """Mark a slot for deletion, unless a hold keeps it; whether it is marked.

        Raises:
            StorageError: it was not marked, or a hold's row is damaged.
        """
        return self._store.write(lambda db: _doom(db, doom))

    def doomed(self) -> list[Doom]:
        """Slots that are marked and not yet gone.

        Raises:
            StorageError: the file cannot be read.
        """
        rows = self._store.rows(
            f"SELECT {SUMMED}, min(rule) FROM segments AS s JOIN doomed USING (camera, start_s) "  # noqa: S608
            "GROUP BY camera, start_s"
        )
        return [Doom(_kept(row[:-1], ()), Rule(row[-1])) for row in rows]

    def bury(self, slot: SlotId, deletion: Deletion) -> None:
        """Put a certificate in the place of a slot's rows.

        Raises:
            StorageError: nothing was changed.
        """
        body = deletion_body(deletion)

        def work(db: sqlite3.Connection) -> None:
            for table in ("segments", "doomed", "marked"):
                db.execute(
                    f"DELETE FROM {table} WHERE camera = ? AND start_s = ?",  # noqa: S608 (three names)
                    (slot.camera, slot.start_s),
                )
            columns = (slot.camera, slot.start_s, body)
            db.execute(
                "INSERT INTO deletions (camera, start_s, body, hash) VALUES (?,?,?,?)",
                (*columns, row_hash(columns)),
            )

        self._store.write(work)

    def deletions(self, slot: SlotId | None = None) -> list[Deletion]:
        """Certificates of all deletions, or of one slot's, in order.

        Raises:
            StorageError: the file cannot be read.
        """
        where, given = ("WHERE camera = ? AND start_s = ?", (slot.camera, slot.start_s)) if slot else ("", ())
        rows = self._store.rows(
            f"SELECT camera, start_s, body, hash FROM deletions {where} ORDER BY number",  # noqa: S608
            given,
        )
        return [deletion_of(row[2]) for row in rows if intact(row)]


def _kept(row: Sequence[int | str], holds: Sequence[Hold]) -> Kept:
    camera, start_s, began_ns, ended_ns, size, count, event = row
    slot = SlotId(str(camera), int(start_s))
    held = tuple(hold.id for hold in holds if hold.covers(slot, int(began_ns), int(ended_ns)))
    footage_class = FootageClass.EVENT if event else FootageClass.ROUTINE
    return Kept(slot, int(began_ns), int(ended_ns), int(size), int(count), footage_class, held)


def _holds(rows: Sequence[tuple[str, str, str]]) -> list[Hold]:
    for row in rows:
        if not intact(row):
            raise StorageError(
                f"the row of hold {row[0]} is damaged: nothing is deleted until it is placed again "
                "(safecity-edge footage hold)"
            )
    return [hold_of(body) for _, body, _ in rows]


def _doom(db: sqlite3.Connection, doom: Doom) -> bool:
    """Within one transaction, so that a hold comes either before the mark or finds it."""
    slot = doom.slot
    (began_ns, ended_ns) = db.execute(
        "SELECT min(began_ns), max(ended_ns) FROM segments WHERE camera = ? AND start_s = ?",
        (slot.camera, slot.start_s),
    ).fetchone()
    if began_ns is None:
        return False
    holds = _holds(db.execute("SELECT * FROM holds ORDER BY rowid").fetchall())
    if any(hold.covers(slot, began_ns, ended_ns) for hold in holds):
        return False
    db.execute("INSERT OR IGNORE INTO doomed VALUES (?,?,?)", (slot.camera, slot.start_s, doom.rule.value))
    return True
