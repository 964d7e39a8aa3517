"""One sealed segment in one file: a header that anybody may read, and chunks that two keyholders can open.

Law: a file that has its name is whole and on the disk; before that it has another name (`.part`) and holds
sealed bytes only. `segment_writer` writes format 2. Format 1, whose chunks lie behind each other without
frames, is read.

    "SCEDSEG2" · length of the header, 4 bytes · header, canonical JSON · chunks, as in `segment_frames`
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from edge.adapters.sealing import Opener, opened, wipe
from edge.adapters.segment_frames import After, frames
from edge.adapters.segment_header import read_header
from edge.adapters.slot_key import SlotKey
from edge.values.errors import FootageError, StorageError
from edge.values.segment import SegmentId, SlotId

SUFFIX = ".sealed"
PART = ".part"
ENDINGS = (SUFFIX, PART)


def path_of(root: Path, segment: SegmentId) -> Path:
    """Where a segment's file lies."""
    name = f"{segment.slot.stamp[9:15]}.{segment.sequence:04d}{SUFFIX}"
    return folder_of(root, segment.slot) / name


def folder_of(root: Path, slot: SlotId) -> Path:
    """Where the files of a slot lie: a folder for each camera and day."""
    return root / slot.camera / slot.stamp[:8]


def id_of(root: Path, file: Path) -> SegmentId | None:
    """The segment whose file this would be; None where no segment is called so."""
    camera, day, name = file.relative_to(root).parts
    hour, _, number = name.removesuffix(SUFFIX).removesuffix(PART).partition(".")
    try:
        return SegmentId.parse(f"{camera}.{day}T{hour}Z.{number}")
    except ValueError:
        return None


def files(root: Path, camera: str = "*") -> Iterator[Path]:
    """All sealed files, and leftovers of unfinished ones, of all cameras or one."""
    for suffix in (SUFFIX, PART):
        yield from root.glob(f"{camera}/*/*{suffix}")


def names(numbers: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Names of files below their camera's folder, of segments given by start of slot and sequence."""
    stamp, slot = "", -1
    for start_s, sequence in numbers:
        if start_s != slot:
            stamp, slot = SlotId("any", start_s).stamp, start_s
        yield f"{stamp[:8]}/{stamp[9:15]}.{sequence:04d}{SUFFIX}"


def full_names(segments: Iterable[SegmentId]) -> Iterator[str]:
    """Names of files below the root of the vault, of segments in the order of their slots."""
    slot, folder, stamp = None, "", ""
    for segment in segments:
        if segment.slot is not slot and segment.slot != slot:
            slot, text = segment.slot, segment.slot.stamp
            folder, stamp = f"{slot.camera}/{text[:8]}", text[9:15]
        yield f"{folder}/{stamp}.{segment.sequence:04d}{SUFFIX}"


def entries(root: Path) -> "dict[str, os.DirEntry[str]]":
    """All files of segments and leftovers, by their names below the root of the vault."""
    found: dict[str, os.DirEntry[str]] = {}
    for camera in _folders(root):
        for day in _folders(camera):
            with os.scandir(day) as listed:
                found.update(
                    (f"{camera.name}/{day.name}/{entry.name}", entry)
                    for entry in listed
                    if entry.name.endswith(ENDINGS)
                )
    return found


def _folders(path: "Path | os.DirEntry[str]") -> "list[os.DirEntry[str]]":
    with os.scandir(path) as listed:
        return [entry for entry in listed if entry.is_dir(follow_symlinks=False)]


def names_on_disk(root: Path, camera: str) -> Iterator[str]:
    """Names of files below a camera's folder, of segments and of leftovers."""
    folder = root / camera
    for day in sorted(folder.iterdir()) if folder.exists() else ():
        yield from (f"{day.name}/{entry.name}" for entry in os.scandir(day) if entry.name.endswith(ENDINGS))


def next_on_disk(root: Path, slot: SlotId) -> int:
    """The number after the highest that any file of this slot has."""
    folder = folder_of(root, slot)
    names = (file.name.split(".")[1] for file in folder.glob(f"{slot.stamp[9:15]}.*"))
    return max((int(name) + 1 for name in names if name.isdigit()), default=0)


def remove(path: Path) -> None:
    """Take a file away if the disk lets that be done; what stays is found at the next start."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def read(path: Path, key: SlotKey) -> Iterator[bytes]:
    """The container that a sealed file holds, opened with its slot's key; of a torn one what was written.

    Raises:
        FootageError: the key is another, or the file was changed.
        StorageError: it cannot be read.
    """
    header = read_header(path)
    said = header.encoded()
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure
    if not content.startswith(said):
        raise FootageError(f"the header of {path} is not as it was written")
    secret, bound = key.segment_key(header.id.sequence, header.salt), hashlib.sha256(said).digest()
    try:
        if header.version == 1:
            yield from opened(memoryview(content)[len(said) :], secret, header.prefix, bound)
        else:
            yield from _opened(content, len(said), Opener(secret, header.prefix, bound))
    finally:
        wipe(secret)


def _opened(content: bytes, start: int, opener: Opener) -> Iterator[bytes]:
    file = io.BytesIO(content)
    file.seek(start)
    end, until_ns = start, 0
    for end, frame in frames(file, len(content)):
        if frame.after is After.TORN and frame.until_ns != until_ns:
            raise FootageError("sealed footage does not open: its torn end says another time than its chunks")
        if frame.after is not After.TORN:
            yield opener.chunk(memoryview(content)[end - frame.length : end], frame.encoded(), frame.is_last)
        until_ns = frame.until_ns
    if end != len(content):
        raise FootageError("sealed footage does not open: bytes were added behind its end")


def fingerprint(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return os.fstat(file.fileno()).st_size, digest.hexdigest()
