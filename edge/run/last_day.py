"""The end of the policy for a process that was started by hand, and has no supervisor that would end it.

Law: the rule and the words are those of a running box. The process ends in order, and says why.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from edge.governance.policy import StatePolicy
from edge.ports import Clock
from edge.run.lifeline import Lifeline
from edge.run.status import PolicyStatus
from edge.run.term import Term, ended
from edge.values.pulse import Pulse


@contextmanager
def until_over(
    policy: StatePolicy | None, clock: Clock, lifeline: Lifeline
) -> Iterator[Callable[[Pulse], None]]:
    """What a process does at each pulse: tell it, and stop when `policy` is over; None where others judge.

    Raises:
        PolicyError: at the end, where it was the policy that ended the process.
    """
    if policy is None:
        yield lifeline.tell
        return
    term, over = Term(clock.now), list[PolicyStatus]()

    def pulse(told: Pulse) -> None:
        held = term.judge(policy, bool(over))
        if held.over:
            over.append(held)
            lifeline.stop.set()
        lifeline.tell(told)

    yield pulse
    if over:
        raise ended(over[0])
