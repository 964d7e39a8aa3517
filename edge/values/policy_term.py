"""Until when the policy of the state holds on a box, as the box tells it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PolicyStanding(StrEnum):
    """Where a policy is in its life."""

    HOLDS = "holds"
    ENDS_SOON = "ends-soon"  # within thirty days
    OVER = "over"  # nothing is looked at or recorded


@dataclass(frozen=True, slots=True)
class PolicyTerm:
    """A policy and its end.

    Attributes:
        version: of the policy.
        expires: first day on which it does not hold, UTC.
        standing: where it is in its life.
    """

    version: int
    expires: date
    standing: PolicyStanding
