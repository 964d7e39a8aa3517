"""Wiring of the keyholders' tool: sealed footage opened off the box, for a request that two signed.

Law: nothing is opened that the request does not cover, and nothing with a share that was given out for
another one. Beside each picture stands where it came from, as its sealed file proved by opening.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyrage
from pyrage import x25519

from edge.adapters import segment_file
from edge.adapters.durable import write_new
from edge.adapters.segment_header import Header, read_header
from edge.adapters.slot_key import SlotKey, released_share
from edge.config.request import SignedRequest
from edge.governance.release import check_slot
from edge.values.errors import ConfigError, FootageError, RefusedError, StorageError
from edge.values.evidence import BESIDE, Provenance
from edge.values.refusal import Refusal
from edge.values.segment import SlotId

SHARES_BYTES = 16 << 20


def identities_in(files: Sequence[Path]) -> list[x25519.Identity]:
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


def open_segments(
    files: Sequence[Path],
    asked: SignedRequest,
    share: Path,
    identities: Sequence[x25519.Identity],
    out: Path,
) -> Iterator[Path]:
    """Open sealed files with the box's shares and two keyholders; the files written, one after another.

    Args:
        files: sealed segments; those of minutes that were not asked for stay closed.
        asked: the request, judged already.
        share: what the box gave out for it.
        identities: of two keyholders.
        out: folder for what is opened.

    Raises:
        ConfigError: a target is there already.
        FootageError: keys and files do not fit, or a file was changed.
        RefusedError: the request does not cover a file's slot, or the share is of another request.
        StorageError: a file cannot be read or written.
    """
    if len(identities) < 2:
        raise ConfigError(f"--identity: wanted the identities of two keyholders, got {len(identities)}")
    shares = _shares_in(share, asked, identities)
    headers = {file: read_header(file) for file in files}
    for header in headers.values():
        check_slot(asked.request, header.id.slot)
    for file, header in headers.items():
        if asked.request.touches(header.began_ns, header.ended_ns):
            yield _opened(file, header, shares, identities, out)


def _opened(
    file: Path,
    header: Header,
    shares: dict[SlotId, bytes],
    identities: Sequence[x25519.Identity],
    out: Path,
) -> Path:
    share_b = shares.get(header.id.slot)
    if share_b is None:
        raise FootageError(f"{file} is of slot {header.id.slot}, of which no share was given out")
    key = SlotKey(header.slot, released_share(header.slot, _by_holder(header, identities)), share_b)
    try:
        content = b"".join(segment_file.read(file, key))
    finally:
        key.forget()
    target = out / f"{header.id}.mp4"
    write_new(target, content)
    told = Provenance.of(header.segment(*segment_file.fingerprint(file)), hashlib.sha256(content).hexdigest())
    write_new(target.with_name(target.name + BESIDE), told.text())
    return target


def _shares_in(
    share: Path, asked: SignedRequest, identities: Sequence[x25519.Identity]
) -> dict[SlotId, bytes]:
    try:
        with share.open("rb") as file:
            told = json.loads(pyrage.decrypt(file.read(SHARES_BYTES), list(identities)))
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
