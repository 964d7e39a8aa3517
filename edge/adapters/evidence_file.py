"""Packages on the disk: a plain tar, encrypted to one age recipient; no plain byte of it touches the disk.

Law: a package is somebody else's file. Only plain files with plain names are read, each once, of bounded size
in all.
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pyrage
from pyrage import x25519

from edge.values.errors import AuditError, ConfigError, StorageError
from edge.values.evidence import PICTURES, Told

MAX_BYTES = 1 << 30
"""Of a package, which is held in memory while it is made or read."""

AGE = b"age-encryption.org/v1\n"
NAME = re.compile(r"[a-z0-9][A-Za-z0-9._-]{0,80}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,80})?")


def write(path: Path, files: Mapping[str, bytes], recipient: str) -> None:
    """Put the files into a new package that only the recipient can open.

    Raises:
        ConfigError: there is such a file already, or the recipient is none.
        StorageError: it cannot be written.
    """
    if odd := [name for name in files if NAME.fullmatch(name) is None]:
        raise ConfigError(f"{odd[0]}: wanted a file name of letters, digits, dots and hyphens")
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    try:
        sealed = pyrage.encrypt(plain.getvalue(), [x25519.Recipient.from_str(recipient)])
    except pyrage.RecipientError as failure:
        raise ConfigError(f"recipient: wanted an age recipient, got {recipient!r}") from failure
    try:
        with path.open("xb") as file:
            file.write(sealed)
    except FileExistsError as failure:
        raise ConfigError(f"{path} is there already; a package is never overwritten") from failure
    except OSError as failure:
        raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure


def read(path: Path, identity: Path | None) -> dict[str, Told]:
    """What is in a package, by name; papers with their bytes, pictures by hash alone.

    Raises:
        AuditError: it is no package, or was changed so that it does not open.
        ConfigError: it cannot be read, or the identity is missing or none.
    """
    raw = _bytes(path)
    if raw.startswith(AGE):
        raw = _opened(raw, path, identity)
    try:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as archive:
            return _files(archive, path)
    except tarfile.TarError as failure:
        raise AuditError(f"{path}: wanted a package of evidence, got something else") from failure


def _files(archive: tarfile.TarFile, path: Path) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for about in archive:
        if not about.isfile() or NAME.fullmatch(about.name) is None or about.name in found:
            raise AuditError(f"{path}: {about.name!r} is no plain file, or is there twice")
        reader = archive.extractfile(about)
        content = b"" if reader is None else reader.read()
        kept = b"" if about.name.startswith(PICTURES) else content
        found[about.name] = Told(len(content), hashlib.sha256(content).hexdigest(), kept)
    return found


def _opened(raw: bytes, path: Path, identity: Path | None) -> bytes:
    if identity is None:
        raise ConfigError(f"{path} is sealed to its recipient: give --identity with the recipient's age key")
    words = [line.strip() for line in _bytes(identity).decode(errors="replace").splitlines()]
    try:
        own = x25519.Identity.from_str(next(word for word in words if word.startswith("AGE-SECRET-KEY-")))
    except (StopIteration, pyrage.IdentityError) as failure:
        raise ConfigError(f"{identity}: wanted an age identity, AGE-SECRET-KEY-…") from failure
    try:
        return bytes(pyrage.decrypt(raw, [own]))
    except pyrage.DecryptError as failure:
        raise AuditError(
            f"{path}: does not open: it was changed, or is sealed to another recipient"
        ) from failure


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as failure:
        raise ConfigError(f"{path} cannot be read: {failure.strerror}") from failure
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{path}: wanted at most {MAX_BYTES >> 20} MiB, got more")
    return raw
