"""Releases side by side below one folder, the link that says which runs, and what is remembered of updates.

Law: the link changes in one step. What is on trial is remembered before the link changes, so that a power cut
in the middle ends with the old release.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from edge.adapters.durable import sync_folder
from edge.adapters.packages import Packages
from edge.adapters.private_file import PUBLIC, replace
from edge.adapters.release_archive import unpacked
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

    def staged(self, bundle: Path, release: Release, packages: Packages | None = None) -> str:
        """Build the release of a bundle beside the others; its name.

        Args:
            bundle: the folder of its archive.
            release: what was signed.
            packages: that were brought for it; None lets pip fetch them.

        Raises:
            ConfigError: the archive is not the one that was signed, or cannot be built.
        """
        with tempfile.TemporaryDirectory(prefix="safecity-release-") as folder:
            room = Path(folder)
            source = unpacked(bundle / release.archive, release, room)
            return self._built(source, {} if packages is None else packages.lent(release, room))

    def _built(self, source: Path, means: Mapping[str, str]) -> str:
        command = [str(source / "deploy" / "install.sh"), "--stage", "--home", str(self._home)]
        try:
            done = subprocess.run(  # noqa: S603 - part of the archive that two people signed
                command,
                env={**os.environ, **means},
                capture_output=True,
                text=True,
                timeout=BUILD_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise ConfigError(f"the release cannot be built: {failure}") from failure
        name = done.stdout.rstrip().rpartition("\n")[2].removeprefix("staged ")
        if done.returncode or not (self._home / "releases" / name / "bin" / "safecity-edge").exists():
            raise ConfigError(f"the release cannot be built: {done.stderr.strip() or done.stdout.strip()}")
        return name
