"""Rules about heat: when a spot is told, how it goes on, and when it is over."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec, Step
from edge.values.event import Event, Kind, Phase, Severity
from edge.values.fact import HotSpots, Unseen
from edge.values.hot import Growing, Growth, HotTerms, Level, Spot
from tests.fakes.happenings import at

LEVEL, GROWS = Level(above_c=80.0), Level(above_k=15.0, growing=Growing())
HOT = RuleSpec("hot", Kind.HOT_SPOT, ("yard",), Severity.SEVERE, for_s=3.0, hot=LEVEL)
FIRE = RuleSpec("fire", Kind.FIRE_LIKE, ("yard",), Severity.EXTREME, hot=GROWS)
SPOT = Spot(3, (0.4, 0.4, 0.5, 0.5), at(0), 9.0, 12, 0.001, 105.0, 120.0, HotTerms(0.8, 0.9, 0.7))
GROWTH = Growth(12.0, 5.0, 90.0, 0.3, 0.83, 0.9, 1.0, 1.0, 0.75)
Seen = Callable[[int], Spot | str | None]


def events(rule: RuleSpec, seen: Seen, seconds: int = 40) -> list[Event]:
    """What a rule tells of a spot each second; `blind` is a second without knowledge."""
    rules, found = Rules((rule,), "node", "cam", "run"), list[Event]()
    assert rule.hot is not None
    for second in range(seconds):
        spot, now = seen(second), at(second)
        there = () if spot is None or isinstance(spot, str) else (spot,)
        fact = Unseen(now) if spot == "blind" else HotSpots(now, "yard", rule.hot, there)
        found += rules.judge((fact,), now)
    return found


def told(rule: RuleSpec, seen: Seen) -> list[tuple[int, str, str | None]]:
    return [
        (round(event.moment.seconds_since(at(0))), event.phase.value, event.cause and event.cause.value)
        for event in events(rule, seen)
        if not event.clearing
    ]


def test_a_spot_is_told_once_it_was_held_and_is_over_when_it_is_cold() -> None:
    assert told(HOT, lambda s: SPOT if 5 <= s < 20 else None) == [(8, "start", None), (21, "end", "cleared")]
    start = events(HOT, lambda _: SPOT, 5)[0]
    assert (start.spot, start.count, start.evidence, start.confidence) == (
        SPOT, 1, (), pytest.approx(SPOT.terms.confidence),
    )  # fmt: skip


def test_too_few_pixels_start_nothing_and_do_not_end_what_was_told() -> None:
    few = replace(SPOT, pixels=2)
    assert told(HOT, lambda s: SPOT if s % 2 else few) == []
    assert told(HOT, lambda s: SPOT if s < 10 else few)[0] == (3, "start", None)
    assert [event.phase for event in events(HOT, lambda s: SPOT if s < 10 else few)][-1] is not Phase.END


def test_it_is_told_anew_where_it_grows_or_gets_hotter_and_not_where_it_stays() -> None:
    assert [event.phase for event in events(HOT, lambda _: SPOT)] == [Phase.START]
    larger = events(HOT, lambda s: replace(SPOT, pixels=12 + s))
    hotter = events(HOT, lambda s: replace(SPOT, excess=105.0 + 5 * s))
    assert len(larger) > 4
    assert len(hotter) > 4


def test_what_a_body_covers_counts_unless_the_rule_says_no() -> None:
    body = replace(SPOT, body=True)
    assert told(HOT, lambda _: body)
    assert told(replace(HOT, bodies=False), lambda _: body) == []


def test_only_growth_like_that_of_a_fire_is_told_and_then_until_it_is_cold() -> None:
    burns = replace(SPOT, growth=GROWTH)
    assert told(FIRE, lambda _: SPOT) == []
    assert told(FIRE, lambda s: burns if s < 6 else SPOT if s < 20 else None) == [
        (0, "start", None),
        (21, "end", "cleared"),
    ]
    assert events(FIRE, lambda _: burns)[0].confidence == pytest.approx(GROWTH.confidence)


def test_what_only_goes_on_below_its_level_is_no_fire_however_it_grew() -> None:
    cooler = replace(SPOT, growth=GROWTH, pixels=0)
    assert told(FIRE, lambda _: cooler) == []
    assert told(FIRE, lambda s: cooler if s < 6 else replace(cooler, pixels=1)) == [(6, "start", None)]


@pytest.mark.parametrize("term", ["grows", "steady", "stays", "margin", "alive"])
def test_each_term_alone_can_speak_against_a_fire(term: str) -> None:
    doubtful = replace(SPOT, growth=replace(GROWTH, **{term: 0.2}))
    assert told(FIRE, lambda _: doubtful) == []


def test_unknown_is_not_cold() -> None:
    assert told(HOT, lambda s: "blind" if 10 <= s < 18 else SPOT) == [(3, "start", None)]
    assert told(HOT, lambda s: "blind" if s >= 10 else SPOT) == [(3, "start", None), (20, "end", "unseen")]


def test_what_is_taken_for_usual_ends_as_settled_and_every_spot_is_its_own_event() -> None:
    assert told(HOT, lambda s: replace(SPOT, settled=s == 15))[:2] == [
        (3, "start", None),
        (15, "end", "settled"),
    ]
    assert len({event.id for event in events(HOT, lambda s: replace(SPOT, id=1 + s // 20))}) == 2


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"hot": None}, "wants hot exactly if"),
        ({"at_least": 2}, "no at_least, clear_below or steps"),
        ({"steps": (Step(2, Severity.EXTREME),)}, "no at_least, clear_below or steps"),
        ({"hot": GROWS}, "exactly if it is fire-like"),
    ],
)
def test_keys_that_do_not_go_together_are_refused(change: dict[str, object], wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        replace(HOT, **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="bodies only if its kind is hot-spot"):
        replace(FIRE, bodies=False)
