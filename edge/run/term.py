"""How long the policy of a running box still holds, looked at again and again by one trusted time.

Law: time is what `edge.footage.trusted_time` believes, from the start of the box on: a clock that is stepped,
forward or back, neither ends a policy nor lengthens it before a synchronised clock confirmed the step.
"""

from collections.abc import Callable

from edge.footage.trusted_time import TrustedTime, look
from edge.governance.policy import StatePolicy
from edge.governance.term import days_left, is_over
from edge.run.status import PolicyStatus
from edge.values.errors import PolicyError
from edge.values.moment import Moment
from edge.values.policy_fault import PolicyFault

RUN = "run"
"""One process keeps this time, and its monotonic clock is one."""
ENDED = (
    "the policy of the state, version {}, expired on {}: nothing is looked at or recorded until the next one"
)


def ended(held: PolicyStatus) -> PolicyError:
    """Why nothing is looked at or recorded under a policy that is over."""
    return PolicyError(ENDED.format(held.version, held.expires), PolicyFault.EXPIRED)


class Term:
    """Judges policies by the clocks that `now` reads."""

    def __init__(self, now: Callable[[], Moment]) -> None:
        self._now = now
        self._known: TrustedTime | None = None

    def judge(self, policy: StatePolicy, was_over: bool) -> PolicyStatus:
        """How a policy stands now; `was_over` if this box found it over before."""
        now = self._now()
        self._known, _ = look(self._known, now, RUN)
        over = is_over(policy.expires, self._known.utc_ns, now.trust, was_over)
        left = 0 if over else days_left(policy.expires, self._known.utc_ns)
        return PolicyStatus(policy.version, policy.expires.isoformat(), left, over)
