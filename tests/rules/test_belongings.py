"""Rules about things: what is told of one that is left or taken, and when that is over."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import pytest

from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec, Step
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Things, Unseen
from edge.values.thing import Change, Terms, Thing
from tests.fakes.happenings import at

LEFT = RuleSpec("left", Kind.ABANDONED, ("hall",), Severity.SEVERE, for_s=5.0, owner_m=4.0)
TAKEN = RuleSpec("taken", Kind.REMOVED, ("hall",), for_s=2.0, stood_s=2.0)
TERMS = Terms(0.9, 1.0, 0.8, 1.0, 0.9)
BAG = Thing(3, Change.LEFT, (0.4, 0.4, 0.5, 0.5), at(0), 20.0, TERMS, owner=8, apart_m=9.0, side_m=0.6)
Told = list[tuple[int, str, str | None]]


def told(rule: RuleSpec, seen: Callable[[int], tuple[Thing, ...] | None], seconds: int = 30) -> Told:
    """Second, phase and cause of what a rule tells of what is seen each second; None is not known."""
    return [
        (round(event.moment.seconds_since(at(0))), event.phase.value, event.cause and event.cause.value)
        for event in events(rule, seen, seconds)
        if not event.clearing
    ]


def events(rule: RuleSpec, seen: Callable[[int], tuple[Thing, ...] | None], seconds: int) -> list[Event]:
    rules, found = Rules((rule,), "node", "cam", "run"), list[Event]()
    for second in range(seconds):
        things, now = seen(second), at(second)
        facts = (Unseen(now),) if things is None else (Things(now, "hall", things),)
        found += rules.judge(facts, now)
    return found


def test_a_thing_is_told_once_its_owner_is_away_for_long_enough() -> None:
    (start,) = events(LEFT, lambda s: (replace(BAG, apart_m=3.0 if s < 4 else 5.0),), 20)
    assert (start.phase, start.moment.seconds_since(at(0))) == (Phase.START, 9.0)
    assert (start.count, start.peak, start.evidence, start.severity) == (1, 1, (), Severity.SEVERE)
    assert start.thing is not None
    assert start.confidence == pytest.approx((0.9 * 1.0 * 0.8 * 1.0 * 0.9) ** 0.2)


def test_an_owner_who_steps_aside_now_and_then_is_with_it() -> None:
    assert told(LEFT, lambda s: (replace(BAG, apart_m=5.0 if s % 5 else 1.0),)) == []


@pytest.mark.parametrize("apart_m", [2.0, 0.0])
def test_it_is_over_when_the_owner_is_back(apart_m: float) -> None:
    assert told(LEFT, lambda s: (replace(BAG, apart_m=inf if s < 15 else apart_m),)) == [
        (5, "start", None),
        (16, "end", "cleared"),
    ]


def test_a_thing_whose_owner_nobody_saw_is_not_told_again_for_each_who_passes() -> None:
    nobodys = replace(BAG, owner=None, apart_m=inf)

    def seen(second: int) -> tuple[Thing, ...]:
        passes = 15 <= second < 20 or 30 <= second < 45 or 50 <= second < 64
        return (replace(nobodys, apart_m=1.0 if passes else inf),)

    assert told(LEFT, seen, 80) == [(5, "start", None)]
    assert told(LEFT, lambda s: (replace(nobodys, apart_m=1.0 if s < 9 else inf),)) == [(14, "start", None)]


def test_a_thing_whose_owner_nobody_saw_is_over_when_somebody_stays_with_it() -> None:
    nobodys = replace(BAG, owner=None, apart_m=inf)
    assert told(LEFT, lambda s: (replace(nobodys, apart_m=1.0 if 15 <= s < 60 else inf),), 80) == [
        (5, "start", None),
        (36, "end", "cleared"),
        (65, "start", None),
    ]


def test_it_is_not_over_while_the_owner_lingers_at_the_limit() -> None:
    assert told(LEFT, lambda s: (replace(BAG, apart_m=inf if s < 15 else 3.5),)) == [(5, "start", None)]


def test_it_is_over_when_it_is_gone_and_every_thing_is_an_event_of_its_own() -> None:
    def seen(second: int) -> tuple[Thing, ...]:
        other = replace(BAG, id=4)
        return (BAG, other) if second < 12 else (other,)

    found = events(LEFT, seen, 30)
    assert [(event.phase.value, event.clearing) for event in found] == [
        ("start", False),
        ("start", False),
        ("update", True),
        ("end", False),
    ]
    assert len({event.id for event in found}) == 2
    assert found[-1].thing is None


def test_what_is_taken_for_a_part_of_the_place_says_so() -> None:
    found = events(LEFT, lambda s: (replace(BAG, settled=s == 20),) if s <= 20 else (), 30)
    assert [(e.phase, e.cause) for e in found] == [(Phase.START, None), (Phase.END, EndCause.SETTLED)]


def test_not_knowing_neither_starts_nor_clears_and_at_last_ends_as_unseen() -> None:
    assert told(LEFT, lambda s: (BAG,) if s < 7 else None) == [(5, "start", None), (17, "end", "unseen")]
    assert told(LEFT, lambda s: (BAG,) if s in range(7) or s > 12 else None) == [(5, "start", None)]


@pytest.mark.parametrize(
    "thing",
    [
        replace(BAG, change=Change.TAKEN),
        replace(BAG, side_m=0.1),
        replace(BAG, side_m=1.9),
        replace(BAG, stood_s=-1.0),
        replace(BAG, apart_m=4.0),
    ],
)
def test_what_a_rule_does_not_ask_for_is_not_told(thing: Thing) -> None:
    rule = replace(LEFT, stood_s=5.0)
    assert told(rule, lambda _: (thing,)) == []


def test_a_thing_of_unknown_size_counts() -> None:
    assert told(LEFT, lambda _: (replace(BAG, side_m=None),)) == [(5, "start", None)]


def test_what_is_missing_is_told_wherever_who_took_it_is() -> None:
    gone = replace(BAG, change=Change.TAKEN, apart_m=0.5)
    assert told(TAKEN, lambda s: (gone,) if s < 20 else ()) == [(2, "start", None), (21, "end", "cleared")]


def test_what_is_missing_without_anybody_near_was_not_taken() -> None:
    assert told(TAKEN, lambda _: (replace(BAG, change=Change.TAKEN, owner=None),)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"for_s": 0.0},
        {"at_least": 2},
        {"steps": (Step(2, Severity.EXTREME),)},
        {"size_m": (0.5, 0.5)},
        {"size_m": (0.5, 11.0)},
        {"owner_m": 0.5},
        {"dwell_s": 3.0},
        {"window_s": 10.0},
        {"kind": Kind.REMOVED},
        {"kind": Kind.OCCUPANCY},
    ],
)
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="rule 'left'"):
        replace(LEFT, **wrong)  # type: ignore[arg-type]
