"""The matrix of rights: which role may do what, as data.

Law: closed both ways; what is not in the table is forbidden. A policy can take rights away and never give one
that is not here. The operator's people have nothing of what is the state's.
"""

from collections.abc import Mapping
from enum import StrEnum

from edge.values.keyholders import Role


class Action(StrEnum):
    """What somebody may want of a box."""

    SEE_HEALTH = "see-health"  # cameras, disk, clock, backlog; no people in it
    SEE_EVENTS = "see-events"  # redacted events and counts
    OPERATE = "operate"  # configure within the policy, start, stop, update
    PRESS_PANIC = "press-panic"  # freeze footage at once; opens nothing
    READ_AUDIT = "read-audit"
    REQUEST_EXPORT = "request-export"
    APPROVE_EXPORT = "approve-export"
    RELEASE_SHARE = "release-share"  # give the state's share of a key, for one case
    SIGN_ORIGINAL = "sign-original"  # agree that an export holds unredacted pictures
    PLACE_HOLD = "place-hold"
    LIFT_HOLD = "lift-hold"
    SIGN_POLICY = "sign-policy"


_S, _D, _A, _O, _T = (
    Role.STATE_OFFICER,
    Role.DATA_PROTECTION_OFFICER,
    Role.AUDITOR,
    Role.OPERATOR,
    Role.TECHNICIAN,
)

RIGHTS: Mapping[Action, frozenset[Role]] = {
    Action.SEE_HEALTH: frozenset({_S, _D, _A, _O, _T}),
    Action.SEE_EVENTS: frozenset({_S, _D, _A, _O}),
    Action.OPERATE: frozenset({_O, _T}),
    Action.PRESS_PANIC: frozenset({_S, _O}),
    Action.READ_AUDIT: frozenset({_S, _D, _A}),
    Action.REQUEST_EXPORT: frozenset({_S, _D}),
    Action.APPROVE_EXPORT: frozenset({_S, _D, _A}),
    Action.RELEASE_SHARE: frozenset({_S, _D, _A}),
    Action.SIGN_ORIGINAL: frozenset({_S, _D}),
    Action.PLACE_HOLD: frozenset({_S, _D}),
    Action.LIFT_HOLD: frozenset({_S, _D}),
    Action.SIGN_POLICY: frozenset({_S, _D, _A}),
}
"""Who may do what, at most."""

STATE_ROLES = frozenset({_S, _D, _A})
"""Who can hold keys of the state; the operator's people never do."""

OF_THE_STATE = frozenset(
    {
        Action.READ_AUDIT,
        Action.REQUEST_EXPORT,
        Action.APPROVE_EXPORT,
        Action.RELEASE_SHARE,
        Action.SIGN_ORIGINAL,
        Action.PLACE_HOLD,
        Action.LIFT_HOLD,
        Action.SIGN_POLICY,
    }
)
"""What no key of the operator or of a technician can do, whatever a policy says."""
