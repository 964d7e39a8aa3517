"""Whether a box obeys a command: who signed it, for which box, with which right, and when.

Law: fails closed. The key ring is the policy's: what somebody may order is what their role may do. Times are
judged only by a clock that is known to be right; with any other the box asks for its own challenge to be
signed. That a command is new is judged by the signer's sequence, which the caller keeps for ever.
"""

from dataclasses import dataclass

from edge.governance import canonical
from edge.governance.canonical import Plain
from edge.governance.policy import Party, StatePolicy
from edge.governance.rights import Action
from edge.ports import Verifier
from edge.values.command import Doubt, Verb
from edge.values.moment import NS_PER_S, ClockTrust, Moment

DOMAIN = "safecity command v1"
MOST_LIFE_S = 120
SLACK_S = 5
"""How far two clocks that are both right may be apart."""

WANTS = {
    Verb.HEALTH: Action.SEE_HEALTH,
    Verb.RELOAD: Action.OPERATE,
    Verb.RESTART: Action.OPERATE,
    Verb.PANIC: Action.PRESS_PANIC,
    Verb.HOLD: Action.PLACE_HOLD,
    Verb.RELEASE: Action.LIFT_HOLD,
    Verb.POLICY: Action.SIGN_POLICY,
    Verb.MASK: Action.SIGN_POLICY,
    Verb.RETENTION: Action.SIGN_POLICY,
    Verb.MODEL: Action.SIGN_POLICY,
    Verb.UPDATE: Action.OPERATE,
    Verb.AUDIT: Action.READ_AUDIT,
    Verb.EXPORT: Action.RELEASE_SHARE,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a command says beside what is to be done.

    Attributes:
        node: to which box, `region/node`.
        verb: what is ordered.
        signer: who orders: a party of the policy.
        sequence: rises with every command of the signer.
        issued_s, expires_s: seconds of UTC.
        challenge: of the box, signed with it; "" for none.
        covered: the bytes that are signed.
        signature: 64 bytes.
    """

    node: str
    verb: Verb
    signer: str
    sequence: int
    issued_s: int
    expires_s: int
    challenge: str
    covered: bytes
    signature: bytes


def to_sign(data: Plain) -> bytes:
    """What a signature on a command covers; `data` is all of the command's own fields."""
    return canonical.to_sign(DOMAIN, data)


def author(frame: Frame, policy: StatePolicy, verifier: Verifier) -> Party | None:
    """The party who signed; None where nobody that the policy knows did."""
    party = policy.party(frame.signer)
    if party is None or not party.key:
        return None
    valid = verifier.verify(bytes.fromhex(party.key), frame.covered, frame.signature)
    return party if valid else None


def doubt(frame: Frame, party: Party, policy: StatePolicy, node: str, now: Moment, challenged: bool) -> Doubt:
    """Why the command of this party is not to be obeyed; NONE where it is.

    Args:
        frame: of the command.
        party: who signed it.
        policy: that holds on this box.
        node: this box, `region/node`.
        now: by its clock.
        challenged: whether the command holds a challenge that this box gave just now.
    """
    if frame.node != node:
        return Doubt.OTHER_BOX
    if not policy.allows(party.role, WANTS[frame.verb]):
        return Doubt.NO_RIGHT
    if not 0 < frame.expires_s - frame.issued_s <= MOST_LIFE_S:
        return Doubt.TOO_LONG
    if challenged:
        return Doubt.NONE
    return Doubt.CHALLENGE_UNKNOWN if frame.challenge else _doubt_of_times(frame, now)


def _doubt_of_times(frame: Frame, now: Moment) -> Doubt:
    if now.trust is not ClockTrust.SYNCED:
        return Doubt.CLOCK_UNSURE
    now_s = now.utc_ns // NS_PER_S
    if now_s >= frame.expires_s + SLACK_S:
        return Doubt.EXPIRED
    return Doubt.EARLY if now_s < frame.issued_s - SLACK_S else Doubt.NONE
