"""The catalogue of footage: what lies on the disk, and which times were not recorded.

Law: a row implies its file, with that size and hash, unless its slot is doomed. Every row carries a hash
over itself; one that does not fit is told and never believed. No key and no plaintext is in here. What is
held and what was deleted stands in the same file, and in `holdings`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from edge.adapters.catalogue_rows import Columns, intact, row_hash, segment_columns, segment_of
from edge.adapters.catalogue_store import CatalogueStore
from edge.values.segment import Segment, SegmentId, SlotId
from edge.values.unrecorded import Unrecorded, UnrecordedCause


class Damage(NamedTuple):
    """A row whose hash does not fit: its table, and what it says it is."""

    table: str
    subject: str


class Catalogue:
    """One process's connection; processes take turns.

    Raises:
        StorageError: the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.store = CatalogueStore(path)

    def add(self, segment: Segment) -> None:
        """Enter a segment whose file is on the disk.

        Raises:
            StorageError: it was not entered, or it is there already.
        """
        self.add_all([segment])

    def add_all(self, segments: Iterable[Segment]) -> None:
        """Enter segments whose files are on the disk, all or none.

        Raises:
            StorageError: none was entered; one of them may be there already.
        """
        rows = [(*columns, row_hash(columns)) for columns in map(segment_columns, segments)]
        self.store.write(
            lambda db: db.executemany("INSERT INTO segments VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", rows)
        )

    def note(self, gap: Unrecorded) -> None:
        """Enter a time that was not recorded; one that goes on is entered again, and longer.

        Raises:
            StorageError: it was not entered.
        """
        columns = (gap.camera, gap.began_ns, gap.ended_ns, gap.cause.value)
        self.store.write(
            lambda db: db.execute(
                "INSERT OR REPLACE INTO unrecorded VALUES (?,?,?,?,?)", (*columns, row_hash(columns))
            )
        )

    def segments(self, slot: SlotId | None = None, camera: str = "") -> list[Segment]:
        """All intact segments, or those of one slot or camera, in order.

        Raises:
            StorageError: the file cannot be read.
        """
        where, given = _where(slot, camera)
        rows = self.store.rows(
            f"SELECT * FROM segments {where} ORDER BY camera, start_s, sequence",  # noqa: S608 (no input)
            given,
        )
        return [segment_of(row) for row in rows if intact(row)]

    def next_sequence(self, slot: SlotId) -> int:
        """The number of a slot's next segment, by the catalogue.

        Raises:
            StorageError: the file cannot be read.
        """
        sql = "SELECT max(sequence) FROM segments WHERE camera = ? AND start_s = ?"
        ((last,),) = self.store.rows(sql, (slot.camera, slot.start_s))
        return 0 if last is None else int(last) + 1

    def numbers(self, camera: str) -> list[tuple[int, int]]:
        """Start of the slot and sequence of each of a camera's segments, intact or not, in order.

        Raises:
            StorageError: the file cannot be read.
        """
        sql = "SELECT start_s, sequence FROM segments WHERE camera = ? ORDER BY start_s, sequence"
        return self.store.rows(sql, (camera,))

    def last_ended_ns(self, camera: str, now_ns: int) -> int | None:
        """UTC of the end of a camera's newest footage, ns since the Unix epoch; None where there is none.

        What a clock that was ahead dated after `now_ns` does not count.

        Raises:
            StorageError: the file cannot be read.
        """
        sql = "SELECT max(ended_ns) FROM segments WHERE camera = ? AND ended_ns <= ?"
        ((last,),) = self.store.rows(sql, (camera, now_ns))
        return None if last is None else int(last)

    def unrecorded(self, camera: str = "") -> list[Unrecorded]:
        """Times that were not recorded, of all cameras or one, in order.

        Raises:
            StorageError: the file cannot be read.
        """
        where, given = _where(None, camera)
        rows = self.store.rows(
            f"SELECT * FROM unrecorded {where} ORDER BY began_ns, camera",  # noqa: S608 (no input)
            given,
        )
        return [Unrecorded(row[0], row[1], row[2], UnrecordedCause(row[3])) for row in rows if intact(row)]

    def forget(self, segment: SegmentId) -> None:
        """Take out the row of a segment whose file is lost; what was lost must have been told before.

        Raises:
            StorageError: nothing was changed.
        """
        given = (segment.slot.camera, segment.slot.start_s, segment.sequence)
        sql = "DELETE FROM segments WHERE camera = ? AND start_s = ? AND sequence = ?"
        self.store.write(lambda db: db.execute(sql, given))

    def damage(self) -> list[Damage]:
        """Rows whose hash does not fit.

        Raises:
            StorageError: the file cannot be read.
        """
        tables = {
            "segments": "SELECT * FROM segments",
            "unrecorded": "SELECT * FROM unrecorded",
            "holds": "SELECT * FROM holds",
            "deletions": "SELECT camera, start_s, body, hash FROM deletions",
        }
        return [
            Damage(table, ".".join(str(word) for word in row[:-1][:3]))
            for table, sql in tables.items()
            for row in self.store.rows(sql)
            if not intact(row)
        ]

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()


def _where(slot: SlotId | None, camera: str) -> tuple[str, Columns]:
    if slot is not None:
        return "WHERE camera = ? AND start_s = ?", (slot.camera, slot.start_s)
    return ("WHERE camera = ?", (camera,)) if camera else ("", ())
