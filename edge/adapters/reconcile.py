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

    Raises:
        StorageError: catalogue, key ring or a file cannot be used.
    """
    found = []
    keys = ring.slots()
    for camera in cameras:
        known = set(segment_file.names(catalogue.numbers(camera)))
        strange = sorted(set(segment_file.names_on_disk(root, camera)) - known)
        paths = [root / camera / name for name in strange]
        found += [_strange(path, root, catalogue, keys) for path in paths if not _is_growing(path)]
    return found


def _strange(path: Path, root: Path, catalogue: Catalogue, keys: Collection[SlotId]) -> Discrepancy:
    """A file that has no row: taken in, or removed because nobody could ever open it."""
    segment = segment_file.id_of(root, path)
    if segment is None:
        return Discrepancy(Misfit.UNKNOWN, path.name, "left as it is: no segment is called so")
    if segment.slot not in keys:
        _remove(path)
        return Discrepancy(Misfit.KEYLESS, str(segment), "removed: its key was destroyed")
    if path.suffix != segment_file.PART:
        return _adopted(path, segment, catalogue, "it was sealed just before a crash")
    until = torn.mended(path)
    if until is None:
        _remove(path)
        return Discrepancy(Misfit.UNFINISHED, str(segment), "removed: nothing of it could ever be opened")
    words = f"its writer died, and it ends at {rfc3339(until)}, with the last piece that is whole"
    return _adopted(segment_file.path_of(root, segment), segment, catalogue, words)


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


def _adopted(path: Path, segment: SegmentId, catalogue: Catalogue, why: str) -> Discrepancy:
    try:
        header = read_header(path)
        if header.id != segment:
            raise FootageError(f"{path} says it is {header.id}")
        catalogue.add(header.segment(*segment_file.fingerprint(path)))
    except (FootageError, OSError) as failure:
        return Discrepancy(Misfit.UNKNOWN, str(segment), f"left as it is: {failure}")
    return Discrepancy(Misfit.UNKNOWN, str(segment), f"taken in: {why}")


def _is_growing(path: Path) -> bool:
    """Whether it is a file that a recorder writes now, as one that is about to end may still do."""
    return path.suffix == segment_file.PART and torn.is_being_written(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure
