"""What a box's births and its last will say of its policy.

Law: that a policy is over is the supervisor's word; that it ends soon is seen here, by the same rule. A
connection that stands is made anew when there is something else to say. No clock of its own.
"""

from edge.governance.policy import StatePolicy
from edge.governance.term import SOON_DAYS
from edge.run.term import Term
from edge.values.policy_term import PolicyStanding, PolicyTerm


class PolicyTold:
    """Knows what was told last, and whether that still is so."""

    def __init__(self, policy: StatePolicy | None, term: Term, over: bool) -> None:
        """Of this policy, None for the built-in one; `over` if the supervisor found it over."""
        self._policy, self._term, self._over = policy, term, over
        self._now = self._told = self._judged()

    def look(self) -> None:
        """Look at the clock; for the loop whose progress is told."""
        self._now = self._judged()

    def tell(self) -> PolicyTerm | None:
        """What a connection says that begins now; None under the built-in policy."""
        self._now = self._told = self._judged()
        return self._told

    def changed(self) -> bool:
        """Whether it is no more what was told."""
        return self._now != self._told

    def _judged(self) -> PolicyTerm | None:
        if self._policy is None:
            return None
        held = self._term.judge(self._policy, self._over)
        soon = held.over or held.days_left <= SOON_DAYS
        standing = PolicyStanding.ENDS_SOON if soon else PolicyStanding.HOLDS
        return PolicyTerm(held.version, self._policy.expires, PolicyStanding.OVER if self._over else standing)
