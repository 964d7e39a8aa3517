"""Persons per square metre: the number, its interval, its name, and when it is an event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.density import Level, crowd
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec, Step
from edge.values.crowd import LEVELS, DensityTable, Floor, Heads
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Occupancy, Sighting
from edge.values.moment import ClockTrust, Moment

BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)
FLOOR = Floor(20.0, 1.0)
FRUIN, STANDING = DensityTable.FRUIN_WALKWAY, DensityTable.STANDING
PACKED = RuleSpec(
    "packed",
    Kind.DENSITY,
    ("hall",),
    severity=Severity.MODERATE,
    classes=frozenset({"person"}),
    at_least=1.0,
    for_s=1.0,
    clear_s=1.0,
    steps=(Step(2.0, Severity.SEVERE), Step(3.5, Severity.EXTREME)),
    table=STANDING,
)


def told(counts: list[int], spec: RuleSpec = PACKED, floor: Floor | None = FLOOR) -> list[Event]:
    """What a rule says of so many people in the hall, five times a second."""
    rules = Rules((spec,), "node", "camera", "run")
    events: list[Event] = []
    for k, count in enumerate(counts):
        who = tuple(Sighting(i, "person", 0.9, (0.1, 0.1, 0.2, 0.5)) for i in range(count))
        moment = BEGAN.plus(k / 5)
        heads = {"person": Heads(count, 0.5)}
        events += rules.judge((Occupancy(moment, "hall", who, (0.0,) * count, floor, heads),), moment)
    return events


def test_ground_that_is_not_measured_any_more_is_no_end_of_a_crowd() -> None:
    rules = Rules((PACKED,), "node", "camera", "run")
    who = tuple(Sighting(i, "person", 0.9, (0.1, 0.1, 0.2, 0.5)) for i in range(50))
    ends = []
    for k in range(100):
        moment, floor = BEGAN.plus(k / 5), FLOOR if k < 10 else None
        seen = Occupancy(moment, "hall", who, (0.0,) * len(who), floor, {"person": Heads(50, 0.5)})
        ends += [(k, event) for event in rules.judge((seen,), moment) if event.phase is Phase.END]
    assert [event.cause for _, event in ends] == [EndCause.UNSEEN]
    assert ends[0][0] == pytest.approx(10 + PACKED.blind_s * 5, abs=2)


@given(st.integers(0, 500), st.floats(0, 50), st.floats(0.25, 5000), st.floats(0, 0.5), st.floats(0, 0.9))
def test_the_estimate_lies_in_its_interval(
    people: int, variance: float, m2: float, doubt: float, missed: float
) -> None:
    heads = Heads(people, variance)
    found = crowd(heads, Floor(m2, doubt * m2), missed, Level(FRUIN))
    assert 0 <= found.low <= found.per_m2 <= found.high
    assert found.per_m2 == people / m2
    surer = crowd(heads, Floor(m2, 0.0), 0.0, Level(FRUIN))
    assert found.low <= surer.low
    assert surer.high <= found.high + 1e-9


def test_people_on_the_border_and_an_unsure_floor_widen_it() -> None:
    sure = crowd(Heads(20, 0.0), Floor(20.0, 0.0), 0.0, Level(FRUIN))
    assert (sure.low, sure.per_m2, sure.high) == (1.0, 1.0, 1.0)
    border = crowd(Heads(20, 4.0), Floor(20.0, 0.0), 0.0, Level(FRUIN))
    assert (border.low, border.high) == pytest.approx((1 - 0.1645, 1 + 0.1645))
    area = crowd(Heads(20, 0.0), Floor(20.0, 2.0), 0.0, Level(FRUIN))
    assert (area.low, area.high) == pytest.approx((1 - 0.1645, 1 + 0.1645))
    hidden = crowd(Heads(20, 0.0), Floor(20.0, 0.0), 0.2, Level(FRUIN))
    assert (hidden.low, hidden.high) == pytest.approx((1.0, 1.25))


@pytest.mark.parametrize(
    ("per_m2", "table", "level"),
    [
        (0.0, FRUIN, "A"),
        (0.3099, FRUIN, "A"),
        (0.31, FRUIN, "B"),
        (0.5, FRUIN, "C"),
        (1.0, FRUIN, "D"),
        (1.08, FRUIN, "E"),
        (9.0, FRUIN, "F"),
        (1.99, STANDING, "free"),
        (2.0, STANDING, "slowed"),
        (3.57, STANDING, "touching"),
        (5.55, STANDING, "pressed"),
        (7.1, STANDING, "critical"),
    ],
)
def test_a_density_has_the_name_of_its_table(per_m2: float, table: DensityTable, level: str) -> None:
    assert Level(table).of(per_m2) == level


@pytest.mark.parametrize("table", DensityTable)
def test_levels_ascend_from_nothing(table: DensityTable) -> None:
    thresholds = [least for least, _ in LEVELS[table]]
    assert thresholds[0] == 0.0
    assert thresholds == sorted(set(thresholds))


def test_a_dense_hall_starts_rises_falls_and_ends() -> None:
    events = told([10] * 5 + [22] * 10 + [45] * 10 + [22] * 10 + [5] * 10)
    words = [(event.phase, event.severity) for event in events]
    assert words == [
        (Phase.START, Severity.MODERATE),
        (Phase.UPDATE, Severity.SEVERE),
        (Phase.UPDATE, Severity.MODERATE),
        (Phase.END, Severity.MODERATE),
    ]
    start = events[0].crowd
    assert start is not None
    assert (start.per_m2, start.floor, start.level, start.missed_max) == (1.1, FLOOR, "free", 0.25)
    assert (events[1].crowd or start).level == "slowed"


def test_ten_percent_of_noise_does_not_make_a_level_flap() -> None:
    noisy = [
        round(40 * (1 + 0.1 * (-1) ** (k // 3))) for k in range(200)
    ]  # 1.8 and 2.2 persons per square metre
    events = told(noisy)
    assert {event.phase for event in events[1:]} == {Phase.UPDATE}
    assert {(event.severity, event.crowd and event.crowd.level) for event in events[1:]} == {
        (Severity.SEVERE, "slowed")
    }


def test_without_a_floor_nothing_is_dense() -> None:
    assert told([400] * 20, floor=None) == []


def test_other_kinds_count_heads_and_carry_the_density_along() -> None:
    spec = RuleSpec("crowd", Kind.OCCUPANCY, ("hall",), at_least=10)
    measured, unmeasured = told([12] * 3, spec), told([12] * 3, spec, None)
    assert [event.count for event in measured] == [event.count for event in unmeasured] == [12]
    assert measured[0].crowd is not None
    assert measured[0].crowd.per_m2 == 0.6
    assert unmeasured[0].crowd is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"at_least": 0.0}, "at_least of 0.01 to 20 persons per square metre, got 0"),
        ({"at_least": 30.0}, "at_least of 0.01 to 20 persons per square metre, got 30"),
        ({"at_least": 2.0, "clear_below": 3.0}, "clear_below of 0.01 to at_least, which is 2, got 3"),
        ({"at_least": 2.0, "steps": (Step(1.0, Severity.SEVERE),)}, "ascend"),
        ({"kind": Kind.OCCUPANCY, "at_least": 2.5}, "whole numbers of objects"),
        ({"kind": Kind.OCCUPANCY, "at_least": 2, "table": STANDING}, "a table only if its kind is density"),
        ({"missed_max": 0.95}, "missed_max of 0..0.9"),
    ],
)
def test_a_density_rule_that_means_nothing_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        RuleSpec(**({"id": "r", "kind": Kind.DENSITY, "places": ("hall",)} | settings))
