"""A day without a thing tells of none; a bag in it is found."""

import pytest

from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.values.event import Event, Kind, Phase
from tests.fakes.day import LABELS, WALL, Day

RULES = (
    RuleSpec("left", Kind.ABANDONED, ("street",), for_s=5.0),
    RuleSpec("taken", Kind.REMOVED, ("street",), for_s=5.0),
)


def told(day: Day) -> list[Event]:
    """What begins in a day."""
    watch = ThingWatch(ThingSpec(LABELS, (("street", WALL),)))
    rules = Rules(RULES, "node", "day", "run")
    events: list[Event] = []
    for frame, tracks in day.frames():
        events += rules.judge(watch.look(frame, tracks), frame.moment)
    return [event for event in events if event.phase is Phase.START]


@pytest.mark.parametrize("begins_h", [5.8, 12.0, 23.0])
def test_minutes_of_dawn_noon_and_night_tell_of_nothing(begins_h: float) -> None:
    assert told(Day(seed=1, hours=0.2, begins_h=begins_h)) == []


@pytest.mark.parametrize("begins_h", [5.9, 12.0, 23.0])
def test_a_bag_among_all_that_is_found(begins_h: float) -> None:
    events = told(Day(seed=2, hours=0.06, begins_h=begins_h, thing=(120.0, 1e9, 98, 100)))
    assert [event.kind for event in events] == [Kind.ABANDONED]
    assert events[0].started.mono_ns < 140e9


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_day_tells_of_less_than_one_thing(seed: int) -> None:
    events = told(Day(seed=seed))
    assert events == [], [(e.kind, e.moment.mono_ns / 3.6e12, e.thing) for e in events]
