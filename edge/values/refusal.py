"""Why a key of footage, or footage, was not let out: a closed list, as the audit log tells it."""

from enum import StrEnum


class Refusal(StrEnum):
    """The first thing that was wrong."""

    UNREADABLE = "request-unreadable"  # no request, or not one that somebody could have written
    POLICY = "policy-not-accepted"  # the box does not take the policy of its own configuration
    STRANGER = "person-unknown"  # nobody in the policy has this key
    NO_CAPABILITY = "capability-not-allowed"  # the policy that holds lets no box do that
    NO_RIGHT = "role-not-allowed"  # by the policy that holds now
    NO_ORIGINALS = (
        "originals-not-allowed"  # unredacted pictures were not agreed to, or one of the two may not agree
    )
    NO_EXPORT = "export-not-allowed"  # by the policy that holds now, for anybody
    OTHER_POLICY = "other-policy"  # it was signed under another one
    OTHER_PURPOSE = "purpose-unknown"
    EXPIRED = "request-expired"
    NOT_TWO = "not-two-signatures"  # that are valid: one is missing, or the request was changed
    ONE_PERSON = "one-person-twice"
    ONE_ROLE = "same-role"
    OTHER_BOX = "other-box"
    OTHER_CAMERA = "other-camera"
    OTHER_TIME = "other-time"
    OTHER_REQUEST = "other-request"  # the share was given out for another one
    CLOCK = "clock-not-trusted"  # set back, so that nobody can say whether the request expired
    NOTHING_KEPT = "nothing-kept"  # no key of that time is here, or not any more
