"""Whether a box takes a policy: who must have signed it, and what it may follow.

Law: fails closed. The first policy and every loosening want two of the three roots, a tightening one. The
roots of the policy that holds judge the next one, never its own. No older version comes back, and no other
policy of the same version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from edge.governance import plain
from edge.governance.order import loosened
from edge.governance.policy import Party, StatePolicy
from edge.ports import Verifier
from edge.values.errors import PolicyError
from edge.values.policy_fault import PolicyFault

QUORUM = 2
ONE = 1


@dataclass(frozen=True, slots=True)
class Signature:
    """One root's signature on a policy: Ed25519, 64 bytes."""

    signer: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a box knows of the last policy that it accepted.

    Attributes:
        version, sha256: of that policy.
        roots: fingerprint of its roots.
        policy: the policy itself; None where only the audit log is left of it.
    """

    version: int
    sha256: str
    roots: str
    policy: StatePolicy | None

    @classmethod
    def of(cls, policy: StatePolicy) -> "Remembered":
        """All of an accepted policy."""
        return cls(policy.version, plain.sha256(policy), plain.roots_sha256(policy), policy)


def accept(
    policy: StatePolicy,
    signatures: Sequence[Signature],
    remembered: Remembered | None,
    pinned_roots: str,
    today: date,
    verifier: Verifier,
) -> None:
    """Pass in silence if the policy may hold on this box from today on.

    Args:
        policy: the new one.
        signatures: found beside it.
        remembered: the last that this box accepted; None for a box that never had one.
        pinned_roots: fingerprint of the roots that the box was told at its commissioning.
        today: by the box's clock, UTC.
        verifier: checks Ed25519 signatures.

    Raises:
        PolicyError: it may not; the text says why, and what mends it.
    """
    _check_dates(policy, today)
    judges = _judges(policy, remembered, pinned_roots)
    signed = signers(policy, signatures, judges, verifier)
    if remembered is not None:
        _check_version(policy, remembered)
    wanted, why = _wanted(policy, remembered)
    if len(signed) < wanted:
        got = ", ".join(sorted(signed)) or "none that is valid"
        raise PolicyError(
            f"policy version {policy.version}: wanted {wanted} of the signatures of "
            f"{', '.join(root.id for root in judges)}, because {why}; got {got}. "
            "Sign it with: safecity-edge policy sign",
            PolicyFault.TOO_FEW,
        )


def signers(
    policy: StatePolicy, signatures: Sequence[Signature], roots: Sequence[Party], verifier: Verifier
) -> frozenset[str]:
    """Ids of the roots whose signature on this policy is valid."""
    keys: Mapping[str, bytes] = {root.id: bytes.fromhex(root.key) for root in roots}
    covered = plain.to_sign(policy)
    return frozenset(
        each.signer
        for each in signatures
        if each.signer in keys and verifier.verify(keys[each.signer], covered, each.value)
    )


def _check_dates(policy: StatePolicy, today: date) -> None:
    if today < policy.issued:
        raise PolicyError(
            f"policy version {policy.version} holds from {policy.issued}, today is {today}: "
            "wait, or mend the clock",
            PolicyFault.NOT_YET,
        )
    if today >= policy.expires:
        raise PolicyError(
            f"policy version {policy.version} expired on {policy.expires}, today is {today}: "
            "ask the authority for a new one",
            PolicyFault.EXPIRED,
        )


def _judges(policy: StatePolicy, remembered: Remembered | None, pinned: str) -> tuple[Party, ...]:
    """The roots that decide: those of the remembered policy, else the pinned ones."""
    if not policy.roots:
        raise PolicyError(
            "parties: wanted three parties with `root: true`, whose signatures count; got none",
            PolicyFault.CONTRADICTION,
        )
    if remembered is not None and remembered.policy is not None:
        return remembered.policy.roots
    wanted = pinned if remembered is None else remembered.roots
    if plain.roots_sha256(policy) != wanted:
        raise PolicyError(
            f"parties: wanted the roots of fingerprint {wanted}, got those of {plain.roots_sha256(policy)}; "
            "either this is another authority's policy, or policy.roots of the node's configuration is wrong",
            PolicyFault.OTHER_ROOTS,
        )
    return policy.roots


def _check_version(policy: StatePolicy, last: Remembered) -> None:
    if policy.version < last.version:
        raise PolicyError(
            f"version: wanted {last.version} or newer, got {policy.version}: "
            "this box accepted a newer policy before, and takes no older one back",
            PolicyFault.OLDER,
        )
    if policy.version == last.version and plain.sha256(policy) != last.sha256:
        raise PolicyError(
            f"version: this box accepted another policy of version {policy.version} before "
            f"(sha256 {last.sha256[:16]}…): give the changed one a higher version",
            PolicyFault.OTHER_TEXT,
        )


def _wanted(policy: StatePolicy, last: Remembered | None) -> tuple[int, str]:
    """How many signatures, and why."""
    if last is None:
        return QUORUM, "it is the first policy of this box"
    if plain.sha256(policy) == last.sha256:
        return ONE, "this box accepted it before"
    if last.policy is None:
        return QUORUM, "the policy before it is lost, so that nobody can tell whether it is stricter"
    loose = loosened(last.policy, policy)
    if loose:
        return QUORUM, f"it loosens {', '.join(loose)}"
    return ONE, "it is stricter than the last"
