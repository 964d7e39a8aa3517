"""The archive of a release: unpacked only after its size and hash were found right.

Law: nothing is written outside the folder that it is unpacked into, which nobody else can write. It is read
once, so what was hashed is what is unpacked.
"""

import hashlib
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from edge.values.errors import ConfigError
from edge.values.software import Release


def unpacked(archive: Path, release: Release, room: Path) -> Path:
    """The folder of an archive that is the one that was signed, below `room`.

    Raises:
        ConfigError: it is another, cannot be read, or holds what no release holds.
    """
    folder = room / "release"
    _unpack(_checked(archive, release, room), folder)
    return folder


def _checked(archive: Path, release: Release, room: Path) -> Path:
    """A copy of the archive that is what was signed; it is read once."""
    copy, hashed, size = room / "archive", hashlib.sha256(), 0
    try:
        with archive.open("rb") as source, copy.open("xb") as target:
            while (chunk := source.read(1 << 20)) and size <= release.size:
                hashed.update(chunk)
                size += len(chunk)
                target.write(chunk)
    except OSError as failure:
        raise ConfigError(f"{archive} cannot be read: {failure.strerror}") from failure
    if size != release.size or hashed.hexdigest() != release.sha256:
        raise ConfigError(f"{archive}: wanted {release.size} bytes of SHA-256 {release.sha256}, got others")
    return copy


def _unpack(archive: Path, folder: Path) -> None:
    """Files and folders alone, below this folder; Debian's Python 3.11 has no filter for that."""
    try:
        with tarfile.open(archive) as packed:
            for member in packed:
                name = PurePosixPath(member.name)
                if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
                    raise ConfigError(f"the archive holds {member.name!r}: wanted files and folders below it")
                if member.isdir():
                    (folder / name).mkdir(parents=True, exist_ok=True)
                else:
                    _write(packed, member, folder / name)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as failure:
        raise ConfigError(f"the archive cannot be unpacked: {failure}") from failure


def _write(packed: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    source = packed.extractfile(member)
    assert source is not None
    with source, path.open("xb") as target:
        shutil.copyfileobj(source, target)
    path.chmod(0o755 if member.mode & 0o100 else 0o644)
