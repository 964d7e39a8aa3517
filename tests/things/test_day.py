"""A day without a thing tells of none; a bag in it is found."""

import pytest

from edge.evaluate.day_run import DayRun, run
from edge.samples.day import Bag, Day
from edge.values.event import Kind


def told(day: Day) -> list[tuple[Kind, float]]:
    """What begins in a day, and when, in hours."""
    found: DayRun = run(day)
    return [(event.kind, at_s / 3600) for at_s, event in found.told]


@pytest.mark.parametrize("begins_h", [5.8, 12.0, 23.0])
def test_minutes_of_dawn_noon_and_night_tell_of_nothing(begins_h: float) -> None:
    assert told(Day(seed=1, hours=0.2, begins_h=begins_h)) == []


@pytest.mark.parametrize("begins_h", [5.9, 12.0, 23.0])
def test_a_bag_among_all_that_is_found(begins_h: float) -> None:
    bag = Bag(120.0, 1e9, 98, 100)
    ((kind, at_h),) = told(Day(seed=2, hours=0.06, begins_h=begins_h, bags=(bag,)))
    assert kind is Kind.ABANDONED
    assert at_h * 3600 < 140


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_day_tells_of_less_than_one_thing(seed: int) -> None:
    assert told(Day(seed=seed)) == []
