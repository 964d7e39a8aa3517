"""Wiring of updates: releases on the disk, keys, signatures, and the command that starts a box again."""

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import file_digest
from pathlib import Path

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.adapters.packages import Packages
from edge.adapters.private_file import PUBLIC, replace
from edge.adapters.releases import Releases
from edge.config.software import load_release
from edge.governance import software
from edge.governance.acceptance import Signature
from edge.values.errors import ConfigError, SafecityError
from edge.values.software import Release

RELEASE = "release.json"
RESTART_S = 120.0
FETCH_S = 3600.0
"""Longer than it may take by `safecity-fetch.service`."""


def releases_of(home: Path) -> Releases:
    """The releases of this machine."""
    return Releases(home)


def packages_in(folder: Path) -> Packages:
    """The packages that lie in a folder."""
    return Packages(folder)


def verifier() -> Ed25519Verifier:
    """Checks signatures."""
    return Ed25519Verifier()


def today() -> date:
    """By this machine's clock, UTC."""
    return datetime.now(UTC).date()


def packed(
    archive: Path, out: Path, version: str, sequence: int, share: int, issued: date, expires: date
) -> Release:
    """A release of an archive, written into a folder with a copy of it.

    Raises:
        ConfigError: the archive cannot be read, or there is a release already.
        StorageError: it cannot be written.
    """
    if (out / RELEASE).exists():
        raise ConfigError(f"{out / RELEASE} is there already, and is not overwritten")
    try:
        raw = archive.read_bytes()
        with archive.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        out.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise ConfigError(f"{archive} cannot be packed into {out}: {failure.strerror}") from failure
    release = Release(version, sequence, issued, expires, share, archive.name, len(raw), sha256)
    replace(out / archive.name, raw, PUBLIC)
    _write(out / RELEASE, release, [])
    load_release(out / RELEASE)  # what nobody could read is not handed out
    return release


def signed(bundle: Path, key: Path) -> tuple[str, int]:
    """Sign a release with a key file NAME.key; the name, and how many signatures it has now.

    Raises:
        ConfigError: release or key cannot be read.
        StorageError: it cannot be written.
    """
    release, signatures = load_release(bundle / RELEASE)
    value = Ed25519Signer.read(key).sign(software.to_sign(release))
    signatures = [each for each in signatures if each.signer != key.stem] + [Signature(key.stem, value)]
    _write(bundle / RELEASE, release, signatures)
    return key.stem, len(signatures)


def run(command: Sequence[str], within_s: float) -> None:
    """Run a command that starts the box again, or brings packages.

    Raises:
        SafecityError: it cannot be run; what it was to do and did not is seen afterwards.
    """
    try:
        subprocess.run(  # noqa: S603 - what whoever updates this machine told to run
            command, check=False, timeout=within_s, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise SafecityError(f"{command[0]} cannot be run: {failure}") from failure


def _write(path: Path, release: Release, signatures: Sequence[Signature]) -> None:
    said = {
        "version": release.version,
        "sequence": release.sequence,
        "issued": release.issued.isoformat(),
        "expires": release.expires.isoformat(),
        "share": release.share,
        "archive": release.archive,
        "size": release.size,
        "sha256": release.sha256,
        "signatures": [{"signer": each.signer, "signature": each.value.hex()} for each in signatures],
    }
    replace(path, json.dumps(said, indent=1).encode() + b"\n", PUBLIC)
