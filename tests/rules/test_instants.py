"""Instant events: one message per happening that a rule asks for."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from edge.rules.rules import Rules
from edge.rules.schedule import Schedule, Window
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Fact
from tests.fakes.happenings import at, crossed, entered, left, person


def judged(spec: RuleSpec, *facts: Fact) -> list[Event]:
    """Events of facts judged one by one, each at its own moment."""
    rules = Rules([spec], "node", "cam", "run")
    return [event for fact in facts for event in rules.judge((fact,), fact.moment)]


CROSS = RuleSpec("cross", Kind.LINE_CROSSING, ("l",), Severity.MODERATE)
ENTER = RuleSpec("enter", Kind.ZONE_ENTRY, ("a",))


def test_a_crossing_is_one_whole_event() -> None:
    (event,) = judged(CROSS, crossed(2.0, person(7), Direction.BACKWARD))
    assert (event.kind, event.phase, event.cause) == (Kind.LINE_CROSSING, Phase.END, EndCause.INSTANT)
    assert (event.revision, event.count, event.peak) == (0, 1, 1)
    assert (event.camera, event.rule, event.place) == ("cam", "cross", "l")
    assert event.direction is Direction.BACKWARD
    assert event.severity is Severity.MODERATE
    assert event.evidence == (person(7),)
    assert event.started == event.moment == at(2.0)


def test_an_exit_tells_how_long_the_stay_was() -> None:
    (event,) = judged(RuleSpec("exit", Kind.ZONE_EXIT, ("a",)), left(9.0, person(), stayed_s=4.5))
    assert (event.kind, event.dwell_s) == (Kind.ZONE_EXIT, 4.5)


@pytest.mark.parametrize(
    ("spec", "fact", "count"),
    [
        pytest.param(CROSS, crossed(0, person(), line="other"), 0, id="another line"),
        pytest.param(CROSS, entered(0, person()), 0, id="another kind"),
        pytest.param(ENTER, entered(0, person(), born_inside=True), 1, id="born inside counts"),
        pytest.param(
            RuleSpec("enter", Kind.ZONE_ENTRY, ("a",), born_inside=False),
            entered(0, person(), born_inside=True),
            0,
            id="born inside does not count",
        ),
        pytest.param(
            RuleSpec("exit", Kind.ZONE_EXIT, ("a",)), left(0, person(), lost=True), 1, id="lost counts"
        ),
        pytest.param(
            RuleSpec("exit", Kind.ZONE_EXIT, ("a",), lost=False),
            left(0, person(), lost=True),
            0,
            id="lost does not count",
        ),
        pytest.param(
            RuleSpec("cars", Kind.ZONE_ENTRY, ("a",), classes=frozenset({"car"})),
            entered(0, person()),
            0,
            id="another class",
        ),
        pytest.param(
            RuleSpec("in", Kind.LINE_CROSSING, ("l",), direction=Direction.FORWARD),
            crossed(0, person(), Direction.BACKWARD),
            0,
            id="another direction",
        ),
    ],
)
def test_a_rule_takes_what_it_asks_for(spec: RuleSpec, fact: Fact, count: int) -> None:
    assert len(judged(spec, fact)) == count


def test_the_same_object_makes_no_second_event_within_the_cooldown() -> None:
    calm = RuleSpec("enter", Kind.ZONE_ENTRY, ("a", "b"), cooldown_s=5.0)
    times = [event.moment for event in judged(calm, *(entered(t, person(1)) for t in (0, 1, 4.9, 5, 6, 12)))]
    assert times == [at(0), at(5), at(12)]


def test_the_cooldown_counts_from_when_an_event_was_told_and_not_from_when_it_happened() -> None:
    calm = Rules([RuleSpec("gate", Kind.LINE_CROSSING, ("l",), cooldown_s=5.0)], "n", "c", "r")
    told = [
        calm.judge((crossed(passed_s, person(1)),), at(now_s)) for passed_s, now_s in ((0, 3), (6, 7), (8, 8))
    ]
    assert [[event.started for event in events] for events in told] == [[at(0)], [], [at(8)]]


def test_the_cooldown_is_for_each_object_place_and_direction() -> None:
    calm = RuleSpec("enter", Kind.ZONE_ENTRY, ("a", "b"), cooldown_s=5.0)
    assert len(judged(calm, entered(0, person(1)), entered(1, person(2)), entered(2, person(1), "b"))) == 3
    gate = RuleSpec("gate", Kind.LINE_CROSSING, ("l",), cooldown_s=5.0)
    assert len(judged(gate, crossed(0, person(1)), crossed(1, person(1), Direction.BACKWARD))) == 2


def test_the_cooldown_is_forgotten_with_its_end() -> None:
    rules = Rules([RuleSpec("enter", Kind.ZONE_ENTRY, ("a",), cooldown_s=2.0)], "n", "c", "r")
    for track in range(1000):
        rules.judge((entered(track * 0.1, person(track)),), at(track * 0.1))
    assert len(rules._judges[0]._last_ns) <= 20


def test_off_duty_nothing_is_told() -> None:
    never = Schedule((Window(frozenset(range(7)), time(1), time(1, 1)),), ZoneInfo("UTC"))
    assert judged(RuleSpec("cross", Kind.LINE_CROSSING, ("l",), schedule=never), crossed(0, person())) == []


def test_two_crossings_of_one_moment_are_two_events_with_ids_of_their_own() -> None:
    rules = Rules([CROSS], "n", "c", "r")
    events = rules.judge((crossed(0, person(1)), crossed(0, person(2))), at(0))
    assert [event.evidence[0].track for event in events] == [1, 2]
    assert len({event.id for event in events}) == 2
