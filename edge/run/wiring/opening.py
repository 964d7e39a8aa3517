"""Wiring of the keyholders' tool: sealed footage opened off the box, for a request that two signed.

Law: nothing is opened that the request does not cover, and nothing with a share that was given out for
another one. What is opened is in memory; it is written only where originals were agreed, and beside it stands
where it came from, as its sealed file proved by opening.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage
from pyrage import x25519

from edge.adapters import segment_file
from edge.adapters.durable import write_new
from edge.adapters.segment_header import Header, read_header
from edge.adapters.slot_key import SlotKey, released_share
from edge.config.request import SignedRequest
from edge.governance.release import check_slot
from edge.values import json_text
from edge.values.errors import ConfigError, FootageError, RefusedError, StorageError
from edge.values.evidence import BESIDE, Opened, Provenance
from edge.values.refusal import Refusal
from edge.values.segment import SlotId

SHARES_BYTES = 16 << 20


def _identities_in(files: Sequence[Path]) -> list[x25519.Identity]:
    """Private keys of keyholders, one in each file.

    Raises:
        ConfigError: a file holds none.
    """
    found = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
            (line,) = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-1")]
            found.append(x25519.Identity.from_str(line))
        except (OSError, ValueError, pyrage.IdentityError) as failure:
            raise ConfigError(f"{file}: wanted one age identity, AGE-SECRET-KEY-1…") from failure
    return found


@dataclass(frozen=True, slots=True)
class Sealed:
    """Sealed footage, and what opens it.

    Attributes:
        files: segments of one camera.
        share: what the box gave out for a request.
        identities: files with the keys of two keyholders.
    """

    files: Sequence[Path]
    share: Path
    identities: Sequence[Path]


def opened_by_two(sealed: Sealed, asked: SignedRequest) -> Iterator[Opened]:
    """Open sealed files in memory, with the box's shares and two keyholders; one after another.

    Args:
        sealed: the files; those of minutes that were not asked for stay closed.
        asked: the request, judged already.

    Raises:
        ConfigError: a file of keys holds none.
        FootageError: keys and files do not fit, or a file was changed.
        RefusedError: the request does not cover a file's slot, or the share is of another request.
        StorageError: a file cannot be read.
    """
    identities = _identities_in(sealed.identities)
    if len(identities) < 2:
        raise ConfigError(f"--identity: wanted the identities of two keyholders, got {len(identities)}")
    shares = _shares_in(sealed.share, asked, identities)
    headers = {file: read_header(file) for file in sealed.files}
    for header in headers.values():
        check_slot(asked.request, header.id.slot)
    for file, header in headers.items():
        if asked.request.touches(header.began_ns, header.ended_ns):
            yield _opened(file, header, shares, identities)


def write_opened(opened: Opened, out: Path) -> Path:
    """Put original footage into a folder, and beside it where it came from; its file.

    Raises:
        ConfigError: it is there already.
        StorageError: it cannot be written.
    """
    target = out / f"{opened.origin.segment}.mp4"
    write_new(target, opened.content)
    write_new(target.with_name(target.name + BESIDE), opened.origin.text())
    return target


def _opened(
    file: Path, header: Header, shares: dict[SlotId, bytes], identities: Sequence[x25519.Identity]
) -> Opened:
    share_b = shares.get(header.id.slot)
    if share_b is None:
        raise FootageError(f"{file} is of slot {header.id.slot}, of which no share was given out")
    key = SlotKey(header.slot, released_share(header.slot, _by_holder(header, identities)), share_b)
    try:
        content = b"".join(segment_file.read(file, key))
    finally:
        key.forget()
    segment = header.segment(*segment_file.fingerprint(file))
    return Opened(content, Provenance.of(segment, hashlib.sha256(content).hexdigest(), header.torn))


def _shares_in(
    share: Path, asked: SignedRequest, identities: Sequence[x25519.Identity]
) -> dict[SlotId, bytes]:
    try:
        with share.open("rb") as file:
            told = json_text.read(pyrage.decrypt(file.read(SHARES_BYTES), list(identities)))
        sha256 = str(told["request_sha256"])
        shares = {SlotId.parse(name): bytes.fromhex(said) for name, said in told["shares"].items()}
    except OSError as failure:
        raise StorageError(f"{share}: {failure.strerror}") from failure
    except (pyrage.DecryptError, ValueError, KeyError, TypeError, AttributeError) as failure:
        raise FootageError(
            f"{share} does not open with these identities, or is no share of a box"
        ) from failure
    if sha256 != asked.request.sha256():
        raise RefusedError(
            f"{share} was given out for the request {sha256[:16]}…, and this one is "
            f"{asked.request.sha256()[:16]}…",
            Refusal.OTHER_REQUEST,
        )
    return shares


def _by_holder(header: Header, identities: Sequence[x25519.Identity]) -> dict[str, x25519.Identity]:
    """Which keyholder each identity is: whoever opens the outer seal is its outer holder, and so on."""
    found: dict[str, x25519.Identity] = {}
    for share in header.slot.shares:
        for outer in identities:
            try:
                once = pyrage.decrypt(share.sealed, [outer])
            except pyrage.DecryptError:
                continue
            found[share.outer] = outer
            for inner in identities:
                if inner is not outer and _opens(once, inner):
                    found[share.inner] = inner
    return found


def _opens(sealed: bytes, identity: x25519.Identity) -> bool:
    try:
        pyrage.decrypt(sealed, [identity])
    except pyrage.DecryptError:
        return False
    return True
