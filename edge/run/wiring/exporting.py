"""Wiring of exports and of packages of evidence: keys, clock, archives."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from edge.adapters import evidence_file
from edge.adapters.audit_log import LOG
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.audit.head import parse_key
from edge.audit.merkle import inclusion, leaf_hash
from edge.config import policy as policies
from edge.config import request as requests
from edge.config.request import SignedRequest
from edge.governance import plain
from edge.governance.acceptance import Signature
from edge.governance.policy import Party, StatePolicy
from edge.governance.request import judge, may_sign
from edge.governance.rights import Action
from edge.run import evidence
from edge.run.evidence import Proof
from edge.run.wiring import auditing, governing
from edge.values.errors import AuditError, ConfigError, PolicyError, RefusedError
from edge.values.evidence import FOOTAGE, Told
from edge.values.moment import rfc3339
from edge.values.refusal import Refusal


def utc() -> str:
    """Now by this machine's clock, as requests write it."""
    return rfc3339(SystemClock().now().utc_ns)


def read_request(file: Path) -> SignedRequest:
    """The request in a file.

    Raises:
        RefusedError: it cannot be read, or is none.
    """
    try:
        return requests.parse(policies.text_of(file).decode(errors="replace"), str(file))
    except PolicyError as failure:
        raise RefusedError(str(failure), Refusal.UNREADABLE) from failure


def held_policy(path: Path) -> StatePolicy:
    """The policy in a file, if one of its roots at least signed it; a box or a verifier judges it further.

    Raises:
        PolicyError: it cannot be read, or nobody did.
    """
    signed = policies.load(path)
    if not governing.signers_of(signed):
        raise PolicyError(f"{path}: none of its roots signed it")
    return signed.policy


def agreed(asked: SignedRequest, policy: StatePolicy) -> tuple[Party, Party]:
    """The two who agreed to a request.

    Raises:
        RefusedError: nothing may leave.
    """
    return judge(asked.request, asked.signatures, policy, plain.sha256(policy), utc(), Ed25519Verifier())


def sign(asked: SignedRequest, policy: StatePolicy, key: Path, action: Action) -> SignedRequest:
    """The request with one signature more.

    Raises:
        ConfigError: the key cannot be read, or nobody of the policy has it.
        PolicyError: this person's signature cannot count, or is there already.
    """
    signer = Ed25519Signer.read(key)
    party = _owner(policy, signer, key)
    may_sign(asked.request, party, policy, action)
    if party.id in {each.signer for each in asked.signatures}:
        raise PolicyError(
            f"{party.id} signed this request already; another person of another role must approve"
        )
    signature = Signature(party.id, signer.sign(asked.request.to_sign()))
    return SignedRequest(asked.request, (*asked.signatures, signature))


def pack(
    out: Path,
    asked: SignedRequest,
    policy: StatePolicy,
    papers: Mapping[str, bytes],
    key: Path,
    footage: Sequence[Path],
) -> int:
    """Make a package; how many files are in it.

    Raises:
        ConfigError: a file cannot be read, or the package is there already.
    """
    signer = Ed25519Signer.read(key)
    party = _owner(policy, signer, key)
    files = dict(papers) | {f"{FOOTAGE}{each.name}": _content(each) for each in footage}
    told = {name: Told(len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in files.items()}
    manifest = evidence.manifest(asked.request, utc(), SystemClock().now().trust.value, told)
    signature = evidence.signature(party.id, signer.sign(evidence.to_sign(manifest)))
    whole = {evidence.MANIFEST: manifest, evidence.SIGNATURE: signature, **files}
    evidence_file.write(out, whole, asked.request.recipient)
    return len(whole)


def excerpt(folder: Path, case: str) -> tuple[bytes, bytes]:
    """A case's entries of a log with their proofs, and the head over them.

    Raises:
        AuditError: the log does not fit, or has no entry of the case.
    """
    head = auditing.head(folder)
    verdict = auditing.judged(folder, None, "")
    if verdict.misfit is not None:
        raise AuditError(f"{folder}: {verdict.misfit.told}")
    rows = (folder / LOG).read_bytes().splitlines()[: head.head.size]
    leaves = [leaf_hash(raw) for raw in rows]
    mine = [logged.index for logged in auditing.entries(folder) if logged.entry.case == case]
    if not [index for index in mine if index < head.head.size]:
        raise AuditError(
            f"{folder}: wanted an entry of the case {case}, found none: was anything released for it?"
        )
    return evidence.excerpt(rows, {index: inclusion(leaves, index) for index in mine}), head.note()


def proven(package: Path, identity: Path | None, roots: str, key: str) -> Proof:
    """What a package proves.

    Raises:
        AuditError: it is not what was made.
        ConfigError: it cannot be read or opened, or the key is none.
    """
    try:
        own = parse_key(key)[1] if key else b""
    except ValueError as failure:
        raise ConfigError(f"--key: {failure}") from failure
    return evidence.verified(evidence_file.read(package, identity), Ed25519Verifier(), roots, own)


def _owner(policy: StatePolicy, signer: Ed25519Signer, key: Path) -> Party:
    for party in policy.parties:
        if party.key == signer.key.hex():
            return party
    raise ConfigError(f"{key}: nobody in policy version {policy.version} has this key")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise ConfigError(f"{path} cannot be read: {failure.strerror}") from failure
