"""What was half seen widens an interval, and takes its upper end away where nobody can count."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.density import Level, crowd
from edge.rules.fusion import Blend, by_boxes, by_map, fused
from edge.rules.rules import Rules
from edge.values.acuity import Acuity, Glimpses
from edge.values.crowd import MOST_PER_M2, Basis, DensityTable, Heads, Mapped, MapSource
from edge.values.event import EndCause, Event, Phase
from edge.values.fact import Occupancy
from tests.rules.test_density import BEGAN, FLOOR, PACKED

ACUITY = Acuity(0.08, 2.0, 0.95, 16.0)
SHARES = st.floats(0, 1)


def looks(covered: float, tall_px: float = 40.0) -> Glimpses:
    return Glimpses(covered, tall_px, 1.25, ACUITY)


def test_as_many_may_be_there_as_fill_the_place_so() -> None:
    plain, wide = (by_boxes(Heads(2, 0.2), FLOOR, 0.25, glimpses) for glimpses in (None, looks(0.8)))
    assert (wide.best, wide.low) == (plain.best, plain.low)
    assert wide.high == pytest.approx(1.609 / 2.5, abs=1e-3)
    assert not wide.countless
    assert (
        by_boxes(Heads(40, 0.2), FLOOR, 0.25, looks(0.2)).high == by_boxes(Heads(40, 0.2), FLOOR, 0.25).high
    )


def test_a_place_that_looks_full_has_no_upper_end() -> None:
    found = by_boxes(Heads(1, 0.2), FLOOR, 0.25, looks(0.95))
    assert found.countless
    assert found.high == MOST_PER_M2
    assert found.low <= 1 / FLOOR.m2
    assert not by_boxes(Heads(1, 0.2), FLOOR, 0.25, looks(0.94)).countless


def test_where_nobody_can_count_the_level_is_the_least_that_it_can_be() -> None:
    level = Level(DensityTable.FRUIN_WALKWAY)
    guessed = Mapped(2.0 * FLOOR.m2, 1.0, MapSource("mcnn", "5a" * 32, 0.5))
    sure = crowd(Heads(0.4 * FLOOR.m2, 0.0), FLOOR, 0.25, level, guessed, glimpses=looks(0.5))
    assert (sure.at_least, sure.level) == (False, "E")
    least = crowd(Heads(0.36 * FLOOR.m2, 0.0), FLOOR, 0.25, level, guessed, glimpses=looks(1.0))
    assert least.per_m2 == pytest.approx(2.0), "the best estimate is a map's that nobody measured"
    assert (least.at_least, least.level) == (True, "B"), "of the boxes, whose lower end alone is sure"


def test_people_who_are_too_small_are_not_even_glimpsed() -> None:
    assert by_boxes(Heads(0, 0.0), FLOOR, 0.25, looks(0.0, tall_px=15.0)).countless
    assert not by_boxes(Heads(0, 0.0), FLOOR, 0.25, looks(0.0, tall_px=16.0)).countless


@given(st.integers(0, 400), SHARES, SHARES, st.floats(0, 0.9))
def test_the_fuller_it_looks_the_less_sure_it_is(
    people: int, one: float, other: float, missed: float
) -> None:
    heads, (few, many) = Heads(people, 0.3), sorted((one, other))
    less, more = (by_boxes(heads, FLOOR, missed, looks(share)) for share in (few, many))
    assert less.low <= less.best <= less.high <= more.high + 1e-9
    assert by_boxes(heads, FLOOR, missed).high <= less.high
    assert more.countless or not less.countless


def test_where_boxes_cannot_count_a_density_map_does_however_few_it_tells() -> None:
    source = MapSource("crowd", "ab" * 32, 0.3)
    boxes, told = by_boxes(Heads(1, 0.2), FLOOR, 0.25, looks(1.0)), by_map(Mapped(6, 0.0, source), FLOOR)
    found, basis = fused(boxes, told, Blend())
    assert basis is Basis.MAP
    assert (found.best, found.high) == (pytest.approx(0.3), told.high)
    assert not found.countless


@pytest.mark.parametrize(("glimpses", "at_least"), [(None, None), (looks(0.3), False), (looks(1.0), True)])
def test_a_crowd_says_whether_it_could_be_counted(glimpses: Glimpses | None, at_least: bool | None) -> None:
    told = crowd(Heads(1, 0.2), FLOOR, 0.25, Level(DensityTable.STANDING), glimpses=glimpses)
    assert told.at_least is at_least


def judged(counts: list[tuple[int, float]]) -> list[tuple[int, Event]]:
    """What a rule of one person per square metre says of so many told in a place that looks so full, five
    times a second."""
    rules, events = Rules((PACKED,), "node", "camera", "run"), []
    for k, (people, covered) in enumerate(counts):
        moment, heads = BEGAN.plus(k / 5), {"person": Heads(people, 0.5)}
        there = Occupancy(moment, "hall", (), (), FLOOR, heads, glimpses=looks(covered))
        events += [(k, event) for event in rules.judge((there,), moment)]
    return events


def test_a_crowd_that_grows_until_nobody_can_count_it_is_not_over() -> None:
    events = judged([(30, 0.9)] * 20 + [(1, 1.0)] * 40 + [(30, 0.9)] * 20)
    assert [event.phase for _, event in events].count(Phase.START) == 1
    assert Phase.END not in [event.phase for _, event in events]


def test_when_it_stays_so_its_event_ends_as_unseen_and_not_as_cleared() -> None:
    events = judged([(30, 0.9)] * 20 + [(1, 1.0)] * 100)
    (end,) = [event for _, event in events if event.phase is Phase.END]
    assert end.cause is EndCause.UNSEEN


def test_a_crowd_of_which_only_a_part_is_told_counts_when_that_part_is_enough() -> None:
    events = [event for _, event in judged([(30, 1.0)] * 20)]
    assert events[0].phase is Phase.START
    assert events[0].crowd is not None and events[0].crowd.at_least


@pytest.mark.parametrize(
    "wrong", [{"glimpse": 0.0}, {"covers": 0.0}, {"full_from": 1.0}, {"smallest_px": 0.5}]
)
def test_an_acuity_is_valid_from_birth(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="an acuity wants"):
        replace(ACUITY, **wrong)
