"""Whether a box takes a release: who must have signed it, what it may follow, and whose turn it is.

Law: fails closed. Two keys of the release ring must have signed the very bytes; an expired release, an older
one and one that failed here are not taken. Whose turn it is depends on names alone, so that a larger share
holds all boxes of a smaller one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from edge.governance import canonical
from edge.governance.acceptance import Signature
from edge.ports import Verifier
from edge.values.errors import PolicyError
from edge.values.software import Installed, Release

QUORUM = 2
DOMAIN = "safecity-edge release 1"


def to_sign(release: Release) -> bytes:
    """The bytes that a signature covers."""
    return canonical.to_sign(
        DOMAIN,
        {
            "version": release.version,
            "sequence": release.sequence,
            "issued": release.issued.isoformat(),
            "expires": release.expires.isoformat(),
            "share": release.share,
            "archive": release.archive,
            "size": release.size,
            "sha256": release.sha256,
        },
    )


def admit(
    release: Release,
    signatures: Sequence[Signature],
    keys: Mapping[str, bytes],
    installed: Installed,
    today: date,
    verifier: Verifier,
) -> None:
    """Pass in silence if this machine may take the release.

    Raises:
        PolicyError: it may not; the text says why.
    """
    covered = to_sign(release)
    signed = {
        each.signer
        for each in signatures
        if each.signer in keys and verifier.verify(keys[each.signer], covered, each.value)
    }
    told = f"release {release.version}, number {release.sequence}"
    if len({keys[name] for name in signed}) < QUORUM:
        got = ", ".join(sorted(signed)) or "none that is valid"
        raise PolicyError(f"{told}: wanted {QUORUM} signatures of {', '.join(sorted(keys))}, got {got}")
    if not release.issued <= today < release.expires:
        raise PolicyError(
            f"{told}: good from {release.issued} until {release.expires}, today is {today}: "
            "take a newer one, or mend the clock"
        )
    if release.sequence in installed.refused:
        raise PolicyError(f"{told}: it failed on this machine before; take the next one")
    if release.sequence < installed.sequence:
        raise PolicyError(f"{told}: wanted {installed.sequence} or higher; no older release comes back")


def is_turn(release: Release, node: str) -> bool:
    """Whether it is this box's turn; the same answer for the same names, whoever asks."""
    drawn = hashlib.sha256(f"{release.version}\n{node}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % 100 < release.share
