"""A disk that is a file: mounted while a box works on it, then read byte by byte as a thief would."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

MIB = 1 << 20


@contextmanager
def ext4(folder: Path, mib: int = 8, *, journal_mib: int = 0) -> Iterator[tuple[Path, Callable[[], bytes]]]:
    """A mounted ext4 file system of this size, and what reads its whole image once all is on it.

    Args:
        folder: for image and mount.
        mib: size.
        journal_mib: where it is not 0, every write goes to the disk at once, and through a journal that is so
            large: what was ever written is in the image, also of files that are gone and overwritten.

    Raises:
        OSError: this user or machine cannot mount one.
    """
    image, at = folder / "disk.img", folder / "mounted"
    at.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(mib * MIB)
    made, mounted = (("-J", f"size={journal_mib}"), ",sync,data=journal") if journal_mib else ((), "")
    _run("mkfs.ext4", "-q", "-F", "-m", "0", *made, str(image))
    _run("mount", "-o", f"loop{mounted}", str(image), str(at))

    def raw() -> bytes:
        os.sync()
        _run("umount", str(at))
        return image.read_bytes()

    try:
        yield at, raw
    finally:
        if os.path.ismount(at):
            _run("umount", "-l", str(at))


@contextmanager
def small(folder: Path, kib: int) -> Iterator[Path]:
    """A mounted file system of this size in memory, which is full soon.

    Raises:
        OSError: this user cannot mount one.
    """
    folder.mkdir(parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _run("umount", "-l", str(folder))


def read_only(folder: Path, on: bool) -> None:
    """Turn a mounted file system read-only, or back."""
    _run("mount", "-o", "remount,ro" if on else "remount,rw", str(folder))


@cache
def can_mount() -> str:
    """Why disks cannot be mounted here; "" where they can."""
    with TemporaryDirectory() as name:
        try:
            with ext4(Path(name)):
                return ""
        except OSError as failure:
            return f"no disk image can be mounted here ({failure})"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
