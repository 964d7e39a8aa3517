"""A square with sensors and cameras before the rules over several sources: what was told, and what was due.

Law: fusion hears each word when it comes and judges as it does in the city: up to a moment that lies its
lateness before now. Two events of one thing that is due are one right and one false.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.evaluate.place_card import PlaceScore
from edge.fusion.fusion import Fusion
from edge.fusion.spec import FusionSpec
from edge.samples.square import BEGIN_NS, EVERY_S, Square
from edge.values.event import Phase
from edge.values.fused import FusedEvent
from edge.values.moment import NS_PER_S

LATE_S = 4 * EVERY_S
"""An event that comes later is no answer: two readings may be lost, and fusion waits for late ones."""

JUDGED_NS = NS_PER_S // 2
"""Time between two judgements."""


@dataclass(frozen=True, slots=True)
class FusedCard:
    """All rules.

    Attributes:
        rules: what was due and told, by rule.
        wrong: what was missed or false, in words.
    """

    rules: Mapping[str, PlaceScore] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


def run(spec: FusionSpec, lateness_ns: int, square: Square) -> FusedCard:
    """Let everything that happens on the square be judged."""
    rules, wrong = {rule.id: PlaceScore() for rule in spec.rules}, list[str]()
    free = _starts(spec, lateness_ns, square)
    for rule, around, from_s in square.due():
        score = rules[rule]
        score.due += 1
        found = next((e for e in free if _answers(e, rule, around, from_s)), None)
        if found is None:
            wrong.append(f"square: missed, {rule} at {from_s:.0f} s")
            continue
        free.remove(found)
        score.told, score.right = score.told + 1, score.right + 1
        score.delays_s.append(_s(found.utc_ns + lateness_ns) - from_s)
    for event in free:
        rules[event.rule].told += 1
        wrong.append(f"square: false, {event.rule} at {_s(event.utc_ns):.0f} s")
    return FusedCard(rules, tuple(wrong))


def _starts(spec: FusionSpec, lateness_ns: int, square: Square) -> list[FusedEvent]:
    fusion, told = Fusion(spec), list[FusedEvent]()
    fusion.judge(BEGIN_NS - 1)
    next_ns = BEGIN_NS
    for word in square.told():
        now_ns = BEGIN_NS + round(word.comes_s * NS_PER_S)
        if now_ns >= next_ns:
            told += fusion.judge(now_ns - lateness_ns)
            next_ns = now_ns + JUDGED_NS
        fusion.hear(word.fact, now_ns)
    told += fusion.judge(BEGIN_NS + round(square.seconds * NS_PER_S))
    return [event for event in told if event.phase is Phase.START]


def _answers(event: FusedEvent, rule: str, around: str, from_s: float) -> bool:
    return (event.rule, event.around) == (rule, around) and from_s - 0.01 <= _s(
        event.utc_ns
    ) <= from_s + LATE_S


def _s(utc_ns: int) -> float:
    return (utc_ns - BEGIN_NS) / NS_PER_S
