"""Laws of what goes by the clock on days of 23, 24 and 25 hours, and of what does not while a clock leaps."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.rules.rules import Rules
from edge.rules.schedule import Schedule, Window
from edge.rules.spec import RuleSpec
from edge.values.event import Event, Kind
from edge.values.fact import Direction, Fact, LineCrossed, Occupancy
from edge.values.moment import NS_PER_S, Moment
from tests.fakes.happenings import at, crowd

CHANGES = (
    ("Europe/Berlin", "2026-03-29", 23.0),
    ("Europe/Berlin", "2026-10-25", 25.0),
    ("America/New_York", "2026-11-01", 25.0),
    ("Australia/Lord_Howe", "2026-04-05", 24.5),  # half an hour
    ("America/Santiago", "2026-09-06", 23.0),  # from midnight to one: the day has no midnight
    ("America/Havana", "2026-11-01", 25.0),  # from one to midnight: it has two
    ("Asia/Tashkent", "2026-03-29", 24.0),
)
ZONES = sorted({zone for zone, _, _ in CHANGES})
EVERY_DAY = frozenset(range(7))
MIDNIGHT = time(0)
near_a_change = st.sampled_from(CHANGES).flatmap(
    lambda change: st.tuples(
        st.just(ZoneInfo(change[0])),
        st.integers(-2 * 86_400, 3 * 86_400).map(lambda s: utc(change[1]) + s),
    )
)
times = st.times().map(lambda t: t.replace(microsecond=0))
days = st.frozensets(st.integers(0, 6), min_size=1)


def utc(day: str) -> int:
    return round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def covers(zone: ZoneInfo, second: int, *windows: Window) -> bool:
    return Schedule(windows, zone).covers(Moment(0, second * NS_PER_S))


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_day_is_on_duty_for_as_long_as_it_is(zone: str, day: str, hours: float) -> None:
    which = datetime.fromisoformat(day)
    window = Window(frozenset({which.weekday()}))
    minutes = [utc(day) + 60 * minute for minute in range(-24 * 60, 48 * 60)]
    on = [second for second in minutes if covers(ZoneInfo(zone), second, window)]
    assert len(on) / 60 == hours
    assert on[-1] - on[0] == (len(on) - 1) * 60, "in one piece"


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_night_over_a_change_ends_at_its_hour_and_is_as_much_shorter_or_longer(
    zone: str, day: str, hours: float
) -> None:
    before = datetime.fromisoformat(day) - timedelta(days=1)
    night = Window(frozenset({before.weekday()}), time(20), time(6))
    minutes = [utc(day) + 60 * minute for minute in range(-24 * 60, 48 * 60)]
    on = [second for second in minutes if covers(ZoneInfo(zone), second, night)]
    assert len(on) / 60 == 10.0 + hours - 24.0
    first, last = (datetime.fromtimestamp(second, ZoneInfo(zone)) for second in (on[0], on[-1]))
    assert (first.time(), last.time()) == (time(20), time(5, 59))
    assert (last.date() - first.date()).days == 1


@given(near_a_change, times, times)
def test_what_is_off_duty_is_what_the_other_hours_of_the_day_are_on(
    when: tuple[ZoneInfo, int], begins: time, ends: time
) -> None:
    if begins == ends:
        return
    inside, outside = (Window(EVERY_DAY, *each) for each in ((begins, ends), (ends, begins)))
    assert covers(*when, inside) is not covers(*when, outside)


@given(near_a_change, days, times, times)
def test_a_window_over_midnight_is_its_evening_and_the_morning_after(
    when: tuple[ZoneInfo, int], which: frozenset[int], one: time, other: time
) -> None:
    ends, begins = sorted((one, other))
    if MIDNIGHT in (begins, ends) or begins == ends:
        return
    evening = Window(which, begins)
    morning = Window(frozenset((day + 1) % 7 for day in which), MIDNIGHT, ends)
    assert covers(*when, Window(which, begins, ends)) is covers(*when, evening, morning)


SPECS = (
    RuleSpec(
        "busy", Kind.OCCUPANCY, ("a",), at_least=3, for_s=0.6, clear_s=0.8, update_s=1.0, cooldown_s=2.0
    ),
    RuleSpec("cross", Kind.LINE_CROSSING, ("l",), cooldown_s=1.0),
)
stories = st.lists(st.tuples(st.sampled_from((0, 4, 4, 5)), st.booleans()), min_size=15, max_size=40)
leaps_s = st.dictionaries(
    st.integers(0, 14), st.sampled_from((-86_400, -3600, -1, 1, 3600, 86_400)), min_size=1
)


def told(story: list[tuple[int, bool]], leaps: dict[int, int]) -> list[tuple[object, ...]]:
    """What was told of a story, by the steady clock, while the other leaps before these pictures."""
    rules, off_s, events = Rules(SPECS, "node", "cam", "r1"), 0, list[Event]()
    for k, (n, crossed) in enumerate(story):
        off_s += leaps.get(k, 0)
        steady = at(k * 0.2)
        now = Moment(steady.mono_ns, steady.utc_ns + off_s * NS_PER_S, steady.trust)
        facts: list[Fact] = [Occupancy(now, "a", crowd(n)[:n] if n else (), (0.0,) * n)]
        if crossed:
            facts.append(LineCrossed(now, "l", crowd(1)[0], Direction.FORWARD))
        events += rules.judge(tuple(facts), now)
    return [
        (each.id, each.revision, each.phase, each.moment.mono_ns, each.started.mono_ns, each.count)
        for each in events
    ]


@settings(max_examples=50, deadline=None)
@given(stories, leaps_s)
def test_a_clock_that_leaps_changes_no_waiting_no_rest_and_no_event(
    story: list[tuple[int, bool]], leaps: dict[int, int]
) -> None:
    assert told(story, leaps) == told(story, {})
