"""Wiring of export requests and of the verification of packages: keys, clock, archives."""

from pathlib import Path

from edge.adapters import evidence_file
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.audit.head import parse_key
from edge.config import policy as policies
from edge.config import request as requests
from edge.config.request import SignedRequest
from edge.governance import plain
from edge.governance.acceptance import Signature
from edge.governance.policy import Party, StatePolicy
from edge.governance.request import check_purpose, judge, may_sign
from edge.governance.rights import Action
from edge.run import evidence
from edge.run.evidence import Proof
from edge.run.wiring import governing
from edge.values.errors import ConfigError, PolicyError, RefusedError
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
    party = owner_of(policy, signer.key, key)
    may_sign(asked.request, party, policy, action)
    check_purpose(asked.request, policy)
    if party.id in {each.signer for each in asked.signatures}:
        raise PolicyError(
            f"{party.id} signed this request already; another person of another role must approve"
        )
    signature = Signature(party.id, signer.sign(asked.request.to_sign()))
    return SignedRequest(asked.request, (*asked.signatures, signature))


def packer(policy: StatePolicy, key: Path) -> Party:
    """Who makes a package: the party of the policy whose private key is in that file.

    Raises:
        ConfigError: the key cannot be read, or is nobody's.
    """
    return owner_of(policy, Ed25519Signer.read(key).key, key)


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


def owner_of(policy: StatePolicy, public: bytes, key: Path) -> Party:
    """The party of the policy with that public key, read from a file.

    Raises:
        ConfigError: nobody has it.
    """
    for party in policy.parties:
        if party.key == public.hex():
            return party
    raise ConfigError(f"{key}: nobody in policy version {policy.version} has this key")
