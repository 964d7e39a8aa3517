"""Compares catalogue, files and key ring, and mends what a crash leaves behind.

Law: a row implies its file with that size and hash; every file has a row, or is doomed, or is being
written, or was written after its slot's last row by a process that died before the row. The last is taken
in at the next start, up to the last piece that is whole; nothing else is repaired, all of it is told. The
invariants are those of Moonfire NVR's storage schema; a doomed slot is its "garbage".
"""

import os
from collections.abc import Collection, Iterator
from enum import StrEnum
from pathlib import Path

from edge.adapters import segment_file, torn
from edge.adapters.catalogue import Catalogue
from edge.adapters.holdings import Holdings
from edge.adapters.key_ring import KeyRing
from edge.adapters.segment_header import read_header
from edge.values.discrepancy import Discrepancy, Misfit
from edge.values.errors import FootageError, StorageError
from edge.values.moment import rfc3339
from edge.values.segment import Segment, SegmentId, SlotId

AT_ONCE = 500
"""So many rows are entered together when a whole catalogue is made again."""


class Level(StrEnum):
    """How closely files are looked at."""

    NAMES = "names"
    SIZES = "sizes"
    HASHES = "hashes"


def check(root: Path, catalogue: Catalogue, ring: KeyRing, level: Level) -> Iterator[Discrepancy]:
    """Everything that does not fit; nothing is changed.

    Raises:
        StorageError: the catalogue or the key ring cannot be read.
    """
    catalogue.store.check()
    for damage in catalogue.damage():
        yield Discrepancy(Misfit.ROW, damage.subject, f"the row in {damage.table} was altered")
    for place in ring.damaged():
        yield Discrepancy(Misfit.KEY, f"place {place}", "this slot's footage cannot be opened any more")
    doomed = {doom.slot for doom in Holdings(catalogue.store).doomed()}
    segments = catalogue.segments()
    yield from _keyless([segment for segment in segments if segment.id.slot not in doomed], ring)
    there = segment_file.entries(root)
    for segment, name in zip(segments, segment_file.full_names(each.id for each in segments), strict=True):
        entry = there.pop(name, None)
        if segment.id.slot not in doomed:
            yield from _misfit(root / name if entry is None else Path(entry.path), entry, segment, level)
    for name in sorted(there):
        if _is_growing(root / name):
            continue
        misfit = Misfit.UNFINISHED if name.endswith(segment_file.PART) else Misfit.UNKNOWN
        yield Discrepancy(misfit, name, "a file that the catalogue does not know")


def mend(root: Path, catalogue: Catalogue, ring: KeyRing, cameras: Collection[str]) -> list[Discrepancy]:
    """Take in what a crash left behind, of cameras that nobody records now; what was found.

    A file that cannot be read or written is told and left to the next start: recording goes on beside it.

    Raises:
        StorageError: catalogue or key ring cannot be used.
    """
    found: list[Discrepancy] = []
    taken: list[Segment] = []
    keys = ring.slots()
    for camera in cameras:
        known = set(segment_file.names(catalogue.numbers(camera)))
        for name in sorted(set(segment_file.names_on_disk(root, camera)) - known):
            path = root / camera / name
            if not _is_growing(path):
                told, segment = _strange(path, root, keys)
                found.append(told)
                taken += [] if segment is None else [segment]
            if len(taken) >= AT_ONCE:
                catalogue.add_all(taken)
                taken.clear()
    catalogue.add_all(taken)
    return found


def _strange(path: Path, root: Path, keys: Collection[SlotId]) -> tuple[Discrepancy, Segment | None]:
    """A file that has no row: to be taken in as this segment, or removed as nobody could ever open it."""
    name = segment_file.id_of(root, path)
    if name is None:
        return Discrepancy(Misfit.UNKNOWN, path.name, "left as it is: no segment is called so"), None
    try:
        if name.slot not in keys:
            path.unlink(missing_ok=True)
            return Discrepancy(Misfit.KEYLESS, str(name), "removed: its key was destroyed"), None
        if path.suffix != segment_file.PART:
            return _taken(path, name, "it was sealed just before a crash")
        until = torn.mended(path)
        if until is not None:
            words = f"its writer died, and it ends at {rfc3339(until)}, with the last piece that is whole"
            return _taken(segment_file.path_of(root, name), name, words)
        path.unlink(missing_ok=True)
    except (FootageError, StorageError, OSError) as failure:
        return Discrepancy(Misfit.UNKNOWN, str(name), f"left as it is: {failure}"), None
    return Discrepancy(Misfit.UNFINISHED, str(name), "removed: nothing of it could ever be opened"), None


def _taken(path: Path, name: SegmentId, why: str) -> tuple[Discrepancy, Segment]:
    header = read_header(path)
    if header.id != name:
        raise FootageError(f"{path} says it is {header.id}")
    told = Discrepancy(Misfit.UNKNOWN, str(name), f"taken in: {why}")
    return told, header.segment(*segment_file.fingerprint(path))


def _keyless(segments: list[Segment], ring: KeyRing) -> Iterator[Discrepancy]:
    keys = ring.slots()
    for slot in sorted({segment.id.slot for segment in segments} - keys):
        yield Discrepancy(Misfit.KEYLESS, str(slot), "its key was destroyed or damaged: nobody can open it")


def _misfit(
    path: Path, entry: "os.DirEntry[str] | None", segment: Segment, level: Level
) -> Iterator[Discrepancy]:
    try:
        if entry is None:
            raise FileNotFoundError
        size = segment.size_bytes if level is Level.NAMES else entry.stat().st_size
    except OSError:
        yield Discrepancy(Misfit.LOST, str(segment.id), f"{path} is not there")
        return
    if size != segment.size_bytes:
        words = f"{path} has {size:,} bytes, wanted {segment.size_bytes:,}"
        yield Discrepancy(Misfit.CHANGED, str(segment.id), words)
    elif level is Level.HASHES and segment_file.fingerprint(path)[1] != segment.sha256:
        yield Discrepancy(
            Misfit.CHANGED, str(segment.id), f"{path} has another SHA-256 than when it was sealed"
        )


def _is_growing(path: Path) -> bool:
    """Whether it is a file that a recorder writes now, as one that is about to end may still do."""
    return path.suffix == segment_file.PART and torn.is_being_written(path)
