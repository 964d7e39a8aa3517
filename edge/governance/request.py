"""A request to let footage out: what for, of what, to whom; and whether two people of different roles agreed.

Law: fails closed. Nobody approves what they asked for, nobody of the operator counts, and original pictures
leave only if the request says so and both may agree to that. A signature covers the whole request and its
policy, so that it is worth nothing for another case, camera, hour or recipient.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from edge.governance import canonical
from edge.governance.acceptance import Signature
from edge.governance.capability import Capability
from edge.governance.policy import NAME, SEAL, Party, StatePolicy
from edge.governance.rights import Action
from edge.ports import Verifier
from edge.values.errors import RefusedError
from edge.values.moment import NS_PER_S
from edge.values.refusal import Refusal

DOMAIN = "safecity export v1"
CASE = r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,63}"
UTC = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is asked for.

    Attributes:
        case: number of the case; the only one it is good for.
        node: `region/node` of the box.
        camera: one of its cameras.
        begin, end: footage from when to when, UTC, to the second.
        purpose: one of the policy's purposes.
        recipient: age recipient who alone can open the package.
        original: whether unredacted pictures are asked for.
        expires: until when it is good, UTC.
        policy_sha256: policy under which it is asked.
    """

    case: str
    node: str
    camera: str
    begin: str
    end: str
    purpose: str
    recipient: str
    original: bool
    expires: str
    policy_sha256: str

    def __post_init__(self) -> None:
        wanted = {
            "case": CASE,
            "node": f"{NAME}/{NAME}",
            "camera": NAME,
            "begin": UTC,
            "end": UTC,
            "purpose": NAME,
            "recipient": SEAL,
            "expires": UTC,
            "policy_sha256": r"[0-9a-f]{64}",
        }
        for name, pattern in wanted.items():
            if re.fullmatch(pattern, getattr(self, name), re.ASCII) is None:
                raise ValueError(f"{name} wants {pattern}, got {getattr(self, name)!r}")
        for name in ("begin", "end", "expires"):
            _ns(name, getattr(self, name))
        if not self.begin < self.end:
            raise ValueError(f"end wants a time after {self.begin}, got {self.end}")

    def to_sign(self) -> bytes:
        """What a signature on the request covers."""
        return canonical.to_sign(DOMAIN, asdict(self))

    def sha256(self) -> str:
        """Its hash, by which the record names it."""
        return canonical.sha256(asdict(self))

    def touches(self, began_ns: int, ended_ns: int) -> bool:
        """Whether some of that time is asked for; ns since the Unix epoch, the end not included."""
        return began_ns < _ns("end", self.end) and _ns("begin", self.begin) < ended_ns


def may_sign(request: ExportRequest, party: Party, policy: StatePolicy, action: Action) -> None:
    """Pass in silence if this party's signature can count for `action` on the request.

    Raises:
        RefusedError: it cannot; the text says why.
    """
    if not policy.allows(party.role, action):
        raise RefusedError(f"{party.id} is {party.role}, who may not {action}", Refusal.NO_RIGHT)
    if request.original and not policy.allows(party.role, Action.SIGN_ORIGINAL):
        raise RefusedError(
            f"{party.id} is {party.role}, who may not agree to original pictures", Refusal.NO_ORIGINALS
        )


def judge(
    request: ExportRequest,
    signatures: Sequence[Signature],
    policy: StatePolicy,
    policy_sha256: str,
    now: str,
    verifier: Verifier,
) -> tuple[Party, Party]:
    """The two who agreed: who asked, and who approved.

    Args:
        request: what is asked for.
        signatures: found with it; the first is of who asked.
        policy: that holds, with its hash.
        policy_sha256: of that policy.
        now: UTC, as in the request.
        verifier: checks Ed25519 signatures.

    Raises:
        RefusedError: nothing may leave; the text says why.
    """
    _check_frame(request, policy, policy_sha256, now)
    check_purpose(request, policy)
    signed = [party for each in signatures if (party := _signer(request, each, policy, verifier))]
    if len(signed) < 2:
        got = ", ".join(party.id for party in signed) or "none that is valid"
        raise RefusedError(
            f"an export wants the signatures of two people of different roles, got {got}", Refusal.NOT_TWO
        )
    asked, approved = signed[0], signed[1]
    may_sign(request, asked, policy, Action.REQUEST_EXPORT)
    may_sign(request, approved, policy, Action.APPROVE_EXPORT)
    if asked.role is approved.role:
        raise RefusedError(
            f"an export wants two people of different roles; {asked.id} and {approved.id} are {asked.role}",
            Refusal.ONE_PERSON if asked is approved else Refusal.ONE_ROLE,
        )
    return asked, approved


def _check_frame(request: ExportRequest, policy: StatePolicy, policy_sha256: str, now: str) -> None:
    if not policy.may(Capability.EXPORT):
        raise RefusedError(
            f"policy version {policy.version} does not allow {Capability.EXPORT}", Refusal.NO_EXPORT
        )
    if request.policy_sha256 != policy_sha256:
        raise RefusedError(
            f"the request is under policy {request.policy_sha256[:16]}…, and {policy_sha256[:16]}… holds: "
            "ask again",
            Refusal.OTHER_POLICY,
        )
    if now >= request.expires:
        raise RefusedError(f"the request expired at {request.expires}", Refusal.EXPIRED)


def check_purpose(request: ExportRequest, policy: StatePolicy) -> None:
    """Pass in silence if the camera may look for what its footage is asked for.

    Raises:
        RefusedError: it may not.
    """
    camera = f"{request.node}/{request.camera}"
    looks_for = policy.looks_for(request.node, request.camera)
    if not looks_for:
        raise RefusedError(f"policy version {policy.version} names no camera {camera}", Refusal.OTHER_CAMERA)
    if request.purpose not in looks_for:
        raise RefusedError(
            f"purpose: camera {camera} looks for {', '.join(sorted(looks_for))} (policy version "
            f"{policy.version}), and the request is for {request.purpose}",
            Refusal.OTHER_PURPOSE,
        )


def _signer(
    request: ExportRequest, signature: Signature, policy: StatePolicy, verifier: Verifier
) -> Party | None:
    party = policy.party(signature.signer)
    if party is None or not party.key:
        return None
    valid = verifier.verify(bytes.fromhex(party.key), request.to_sign(), signature.value)
    return party if valid else None


def _ns(name: str, utc: str) -> int:
    """A time of a request, ns since the Unix epoch.

    Raises:
        ValueError: there is no such time.
    """
    try:
        return round(datetime.fromisoformat(utc).timestamp()) * NS_PER_S
    except ValueError:
        raise ValueError(f"{name} wants a time that there is, got {utc!r}") from None
