"""The scorecard of cameras to which something happens: what was found, how soon, and what was false.

Law: what was told too late is missed. A trouble of which something else was told on the way, or that was not
withdrawn, has a false alarm beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from edge.evaluate.health_run import MISHAPS, STATED_S, Mishap, Quiet
from edge.evaluate.place_card import PlaceScore
from edge.values.camera_state import Reason

REASONS: tuple[Reason, ...] = tuple(
    sorted({reason for _, reason in MISHAPS.values()}, key=lambda reason: (STATED_S[reason], reason))
)
"""What can happen, the soonest told first."""


@dataclass(frozen=True, slots=True)
class HealthCard:
    """All cameras.

    Attributes:
        reasons: every trouble, by what it is to be told as.
        quiet: times in which nothing was to be told, by what was to be seen: seconds, and how much was told.
        wrong: what was missed or false, in words.
    """

    reasons: Mapping[Reason, PlaceScore] = field(
        default_factory=lambda: {reason: PlaceScore() for reason in REASONS}
    )
    quiet: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @classmethod
    def of(cls, ran: Iterable[Mishap | Quiet]) -> "HealthCard":
        """The card of these runs."""
        card, quiet, wrong = cls(), dict[str, tuple[float, int]](), list[str]()
        for each in ran:
            if isinstance(each, Quiet):
                seconds, told = quiet.get(each.name, (0.0, 0))
                quiet[each.name] = seconds + each.seconds, told + len(each.told)
                wrong += [f"camera at {each.place}: false, {reason} in {each.name}" for reason in each.told]
            else:
                _count(card.reasons[each.reason], each)
                wrong += _wrong(each)
        return cls(card.reasons, quiet, tuple(wrong))


def _count(score: PlaceScore, ran: Mishap) -> None:
    score.due += 1
    score.told += len(ran.others) + (ran.delay_s is not None)
    if ran.delay_s is not None:
        score.right += 1
        score.delays_s.append(ran.delay_s)


def _wrong(ran: Mishap) -> Iterator[str]:
    if ran.delay_s is None:
        yield f"camera at {ran.place}: missed, {ran.name}, to be told as {ran.reason}"
    yield from (f"camera at {ran.place}: false, {reason} beside {ran.name}" for reason in ran.others)
