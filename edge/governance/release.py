"""Whether a box gives out its share of footage keys: for what two people agreed to, and for nothing else.

Law: pure, and fails closed. A slot is covered if some of its ten minutes are of the request's camera and
hours; it cannot be given out in part, because it has one key. A clock that was set back judges no expiry.
Who is given a share has the right to release it, beside the two who agreed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.governance.acceptance import Signature
from edge.governance.policy import Party, StatePolicy
from edge.governance.request import ExportRequest, judge
from edge.governance.rights import Action
from edge.ports import Verifier
from edge.values.errors import RefusedError
from edge.values.moment import NS_PER_S, rfc3339
from edge.values.refusal import Refusal
from edge.values.segment import SlotId

SET_BACK_S = 60
"""A system clock that lies further behind trusted time was set back, not slewed."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a box knows of itself when a request is presented to it.

    Attributes:
        node: its name, `region/node`.
        policy, policy_sha256: the policy that holds now.
        utc_ns: its system clock, ns since the Unix epoch.
        trusted_ns: time that no step of that clock moves, the same unit.
    """

    node: str
    policy: StatePolicy
    policy_sha256: str
    utc_ns: int
    trusted_ns: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What may be given out, by whose consent.

    Attributes:
        request: what was agreed.
        asked, approved: the two who agreed, of different roles.
        slots: whose keys' shares may be given out.
    """

    request: ExportRequest
    asked: Party
    approved: Party
    slots: tuple[SlotId, ...]


def grant(
    request: ExportRequest,
    signatures: Sequence[Signature],
    slots: Sequence[SlotId],
    presenter: Party,
    box: Box,
    verifier: Verifier,
) -> Granted:
    """What the box may give out.

    Args:
        request: as it was presented.
        signatures: found with it; the first is of who asked.
        slots: that are wanted.
        presenter: who wants to have the shares.
        box: what the box knows.
        verifier: checks Ed25519 signatures.

    Raises:
        RefusedError: nothing of it; the reason is of the closed list.
    """
    if not box.policy.allows(presenter.role, Action.RELEASE_SHARE):
        raise RefusedError(
            f"{presenter.id} is {presenter.role}, who may not {Action.RELEASE_SHARE}", Refusal.NO_RIGHT
        )
    if box.utc_ns < box.trusted_ns - SET_BACK_S * NS_PER_S:
        raise RefusedError(
            f"the clock says {rfc3339(box.utc_ns)}, and it was {rfc3339(box.trusted_ns)} before: "
            "set the clock right",
            Refusal.CLOCK,
        )
    now = rfc3339(max(box.utc_ns, box.trusted_ns))
    asked, approved = judge(request, signatures, box.policy, box.policy_sha256, now, verifier)
    if request.node != box.node:
        raise RefusedError(f"the request is for {request.node}, and this is {box.node}", Refusal.OTHER_BOX)
    for slot in slots:
        check_slot(request, slot)
    return Granted(request, asked, approved, tuple(slots))


def check_slot(request: ExportRequest, slot: SlotId) -> None:
    """Pass in silence if a slot is of the request's camera and hours.

    Raises:
        RefusedError: it is not.
    """
    if slot.camera != request.camera:
        raise RefusedError(
            f"slot {slot} is of camera {slot.camera}, and the request of {request.camera}",
            Refusal.OTHER_CAMERA,
        )
    if not request.touches(slot.start_s * NS_PER_S, slot.end_ns):
        raise RefusedError(
            f"slot {slot} is outside of the request, {request.begin} to {request.end}", Refusal.OTHER_TIME
        )


def covered(request: ExportRequest, slots: Sequence[SlotId]) -> tuple[SlotId, ...]:
    """Those of the slots that are of the request's camera and hours, in order."""
    mine = (slot for slot in sorted(slots) if slot.camera == request.camera)
    return tuple(slot for slot in mine if request.touches(slot.start_s * NS_PER_S, slot.end_ns))
