"""The vault's folder, opened: catalogue, key ring, disk and ballast, and the memory of trusted time.

Law: one place says where each file of the vault lies.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

from edge.adapters.catalogue import Catalogue
from edge.adapters.durable import replace_lasting
from edge.adapters.holdings import Holdings
from edge.adapters.key_ring import KeyRing
from edge.adapters.outbox_ballast import Ballast
from edge.footage.retention import Disk
from edge.footage.trusted_time import Candidate, Step, TrustedTime, look
from edge.values.errors import StorageError
from edge.values.moment import Moment

BALLAST_BYTES = 16 << 20
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class FootageRoom:
    """All that lies in a footage folder; opened once per process.

    Raises:
        StorageError: the folder cannot be used.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as failure:
            raise StorageError(f"footage folder {root} cannot be made: {failure.strerror}") from failure
        self.catalogue = Catalogue(root / "catalogue.db")
        self.holdings = Holdings(self.catalogue.store)
        self.ring = KeyRing(root / "keyring")
        self._ballast = Ballast(root / "ballast", BALLAST_BYTES)

    def disk(self, quota_bytes: int, reserve_bytes: int) -> Disk:
        """How much room there is.

        Raises:
            StorageError: the disk does not say.
        """
        try:
            space = os.statvfs(self.root)
        except OSError as failure:
            raise StorageError(f"footage folder {self.root}: {failure.strerror}") from failure
        return Disk(space.f_bavail * space.f_frsize, reserve_bytes, quota_bytes)

    def drop_ballast(self) -> bool:
        """Give up the ballast on a full disk; whether there was one."""
        return self._ballast.drop()

    def take_ballast(self) -> None:
        """Take the ballast again where the disk has plenty."""
        self._ballast.restore()

    def close(self) -> None:
        """Let go of the files."""
        self.catalogue.close()
        self.ring.close()


class TimeMemory:
    """Trusted time over restarts of process and machine, in a file of its own."""

    def __init__(self, path: Path, newest_ns: int | None, confirm_s: float) -> None:
        """Begin.

        Args:
            path: the file.
            newest_ns: UTC of the newest footage, where time begins if the file is lost; None without footage.
            confirm_s: how far apart a step must be seen twice, seconds.
        """
        self._path, self._newest_ns, self._confirm_s = path, newest_ns, confirm_s
        self._boot = _boot()
        self._known = self._remembered()

    def look(self, now: Moment) -> tuple[TrustedTime, Step | None]:
        """Trusted time now, remembered, and the step that it made, if it made one.

        Raises:
            StorageError: it cannot be remembered.
        """
        self._known, step = look(self._begun(now), now, self._boot, self._confirm_s)
        self._remember(self._known)
        return self._known, step

    def peek(self, now: Moment) -> TrustedTime:
        """Trusted time now, without remembering it: for whoever is not the keeper."""
        return look(self._begun(now), now, self._boot, self._confirm_s)[0]

    def _begun(self, now: Moment) -> TrustedTime | None:
        if self._known is not None or self._newest_ns is None:
            return self._known
        return TrustedTime(min(self._newest_ns, now.utc_ns), now.mono_ns, self._boot)

    def _remembered(self) -> TrustedTime | None:
        """What the file says; None where it is lost or damaged."""
        try:
            told = json.loads(self._path.read_bytes())
            candidate = told.pop("candidate")
            return TrustedTime(**told, candidate=None if candidate is None else Candidate(**candidate))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _remember(self, known: TrustedTime) -> None:
        replace_lasting(self._path, json.dumps(asdict(known)).encode())


def _boot() -> str:
    """The kernel's name of this run of the machine; one of this process where it has none."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"process-{os.getpid()}"
