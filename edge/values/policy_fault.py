"""Why a policy may not hold: a closed list, as the audit log tells it."""

from enum import StrEnum


class PolicyFault(StrEnum):
    """The first thing that was wrong."""

    UNREADABLE = "not-readable"  # no file, no YAML, a key that is not known, a signature file that is none
    CONTRADICTION = "contradicts-itself"  # or allows what nobody can allow
    TOO_FEW = "too-few-signatures"
    NOT_YET = "not-yet-in-force"
    EXPIRED = "expired"
    OLDER = "older-version"  # than the one that this box accepted last
    OTHER_TEXT = "other-text-of-that-version"
    OTHER_ROOTS = "other-roots"  # another authority's, or the configuration's fingerprint is wrong
    NONE_NAMED = "none-named"  # by a configuration of a box that is governed by one
