"""The scorecard of hours before a street: how often something was told of which there was nothing.

Law: how many hours were watched is said, and nothing is claimed of more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from edge.evaluate.day_run import RULES, DayRun
from edge.values.event import Kind


@dataclass(frozen=True, slots=True)
class DayCard:
    """All that was watched.

    Attributes:
        hours: how many.
        told: how often something was told, by kind.
        wrong: what that was, in words.
    """

    hours: float = 0.0
    told: Mapping[Kind, int] = field(default_factory=lambda: {rule.kind: 0 for rule in RULES})
    wrong: tuple[str, ...] = ()

    @classmethod
    def of(cls, runs: Iterable[DayRun]) -> "DayCard":
        """The card of these runs."""
        kept = list(runs)
        told = [(at_s, event) for run in kept for at_s, event in run.told]
        return cls(
            sum(run.hours for run in kept),
            {rule.kind: sum(event.kind is rule.kind for _, event in told) for rule in RULES},
            tuple(
                f"street: false, {event.kind} after {at_s / 3600:.2f} h, {event.confidence:.0%} sure"
                for at_s, event in told
            ),
        )
