"""Releases side by side below one folder, the link that says which runs, and what is remembered of updates.

Law: the link changes in one step. What is on trial is remembered before the link changes, so that a power cut
in the middle ends with the old release. An archive is unpacked only after its size and hash were found right,
into a folder that nobody else can write.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath

from edge.adapters.durable import sync_folder
from edge.adapters.private_file import PUBLIC, replace
from edge.values.errors import ConfigError, StorageError
from edge.values.software import Installed, Release

MEMORY = "update.json"
CURRENT, GOOD = "current", "good"
BUILD_S = 1800.0


class Releases:
    """The folder of releases, `/opt/safecity-edge` on a box."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @property
    def current(self) -> str:
        """Name of the release that runs.

        Raises:
            ConfigError: there is none.
        """
        try:
            return (self._home / CURRENT).readlink().name
        except OSError as failure:
            raise ConfigError(
                f"{self._home}: no release is installed there: run deploy/install.sh"
            ) from failure

    def switch(self, name: str) -> None:
        """Let another release run from the next start on.

        Raises:
            StorageError: the link cannot be changed.
        """
        self._link(CURRENT, name)

    def vouch(self, name: str) -> None:
        """Remember that this release is good: it ends a trial that is cut off.

        Raises:
            StorageError: the link cannot be changed.
        """
        self._link(GOOD, name)

    def _link(self, link: str, name: str) -> None:
        beside = self._home / f".{link}.new"
        try:
            beside.unlink(missing_ok=True)
            beside.symlink_to(Path("releases") / name)
            beside.rename(self._home / link)
            sync_folder(self._home)
        except OSError as failure:
            raise StorageError(f"{self._home / link} cannot be changed: {failure.strerror}") from failure

    def remembered(self) -> Installed:
        """What is known of updates here.

        Raises:
            StorageError: it cannot be read.
        """
        try:
            said = json.loads((self._home / MEMORY).read_bytes())
            trial = None if said["trial"] is None else (str(said["trial"][0]), str(said["trial"][1]))
            return Installed(int(said["sequence"]), tuple(map(int, said["refused"])), trial)
        except FileNotFoundError:
            return Installed()
        except (OSError, ValueError, TypeError, KeyError, IndexError) as failure:
            raise StorageError(f"{self._home / MEMORY} cannot be read: {failure}") from failure

    def remember(self, installed: Installed) -> None:
        """Write it down.

        Raises:
            StorageError: it cannot be written.
        """
        said = {"sequence": installed.sequence, "refused": installed.refused, "trial": installed.trial}
        replace(self._home / MEMORY, json.dumps(said).encode() + b"\n", PUBLIC)

    def staged(self, bundle: Path, release: Release) -> str:
        """Build the release of a bundle beside the others; its name.

        Raises:
            ConfigError: the archive is not the one that was signed, or cannot be built.
        """
        with tempfile.TemporaryDirectory(prefix="safecity-release-") as folder:
            room = Path(folder)
            _unpack(_checked(bundle / release.archive, release, room), room / "release")
            return self._built(room / "release")

    def _built(self, source: Path) -> str:
        command = [str(source / "deploy" / "install.sh"), "--stage", "--home", str(self._home)]
        try:
            done = subprocess.run(  # noqa: S603 - part of the archive that two people signed
                command, capture_output=True, text=True, timeout=BUILD_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise ConfigError(f"the release cannot be built: {failure}") from failure
        name = done.stdout.rstrip().rpartition("\n")[2].removeprefix("staged ")
        if done.returncode or not (self._home / "releases" / name / "bin" / "safecity-edge").exists():
            raise ConfigError(f"the release cannot be built: {done.stderr.strip() or done.stdout.strip()}")
        return name


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
