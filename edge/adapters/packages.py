"""Packages of a release, brought by one who may use the network and used by one who may write programs.

Law: who brings them writes here and nowhere else, and is not believed: what is used is copied first to where
only its user can write, and pip takes of the copies what has a hash of the signed archive. A release's folder
bears the hash of its archive and is there when all of it is.
"""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Collection
from pathlib import Path

from edge.adapters.release_archive import unpacked
from edge.values.errors import ConfigError, StorageError
from edge.values.software import Release

FETCH_S = 1800.0
MOST_FILES = 512
MOST_BYTES = 4 << 30
CHUNK = 1 << 20


class Packages:
    """A folder with the packages of some releases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fetch(self, bundle: Path, release: Release) -> bool:
        """Bring what the release of a bundle wants, by its own installer; False where it was there.

        Raises:
            ConfigError: the archive is not the one that was signed, or not all can be had.
            StorageError: the disk does not take it.
        """
        kept = self._of(release)
        if kept.is_dir():
            return False
        try:
            with tempfile.TemporaryDirectory(prefix=".new-", dir=self._folder) as folder:
                room = Path(folder)
                room.chmod(0o755)
                _brought(unpacked(bundle / release.archive, release, room), room / "packages")
                (room / "packages").rename(kept)
        except OSError as failure:
            raise StorageError(f"{self._folder} does not take packages: {failure.strerror}") from failure
        return True

    def keep(self, releases: Collection[Release]) -> None:
        """Remove what was brought for others."""
        wanted = {release.sha256 for release in releases}
        for each in self._folder.iterdir():
            if each.name not in wanted:
                shutil.rmtree(each, ignore_errors=True)

    def lent(self, release: Release, room: Path) -> dict[str, str]:
        """What pip is to be told so that it uses copies of these packages and no network.

        Raises:
            ConfigError: they were not brought, or are no packages.
        """
        kept, copies = self._of(release), room / "packages"
        copies.mkdir()
        left = MOST_BYTES
        try:
            names = sorted(each.name for each in kept.iterdir())
            if len(names) > MOST_FILES:
                raise ConfigError(f"{kept}: wanted at most {MOST_FILES} packages, got {len(names)}")
            for name in names:
                left -= _copied(kept / name, copies / name, left)
        except OSError as failure:
            raise ConfigError(
                f"{kept}: the packages of release {release.version} are not there ({failure.strerror}): "
                "journalctl -u safecity-fetch says why"
            ) from failure
        return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(copies)}

    def _of(self, release: Release) -> Path:
        return self._folder / release.sha256


def _brought(source: Path, folder: Path) -> None:
    """Let the installer of an archive that two people signed bring packages into a folder."""
    command = [str(source / "deploy" / "install.sh"), "--fetch", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 - part of the archive that two people signed
            command, capture_output=True, text=True, timeout=FETCH_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise ConfigError(f"the packages cannot be brought: {failure}") from failure
    if done.returncode or not folder.is_dir():
        raise ConfigError(f"the packages cannot be brought: {done.stderr.strip() or done.stdout.strip()}")


def _copied(source: Path, target: Path, most: int) -> int:
    """Copy a plain file, whatever its owner makes of it meanwhile; its size.

    Raises:
        ConfigError: it is no plain file, or larger.
        OSError: it cannot be read or written.
    """
    handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as taken, target.open("xb") as copy:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ConfigError(f"{source}: wanted a plain file")
        size = 0
        while chunk := taken.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise ConfigError(f"{source}: wanted at most {MOST_BYTES >> 30} GiB of packages")
            copy.write(chunk)
    return size
