"""Schedules: the site's own hours, over midnight and over changes of the clock."""

from datetime import UTC, datetime, time
from math import inf
from zoneinfo import ZoneInfo

import pytest

from edge.rules.schedule import Schedule, Window
from edge.values.moment import NS_PER_S, Moment

TASHKENT, BERLIN = ZoneInfo("Asia/Tashkent"), ZoneInfo("Europe/Berlin")
EVERY_DAY = frozenset(range(7))
MONDAY, FRIDAY, SATURDAY = frozenset({0}), frozenset({4}), frozenset({5})


def at_utc(text: str) -> Moment:
    utc = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Moment(0, round(utc.timestamp()) * NS_PER_S)


@pytest.mark.parametrize(
    ("begins", "ends", "clock", "covered"),
    [
        ("08:00", "18:00", "07:59:59", False),
        ("08:00", "18:00", "08:00", True),
        ("08:00", "18:00", "17:59:59", True),
        ("08:00", "18:00", "18:00", False),
        ("08:00", "00:00", "23:59:59", True),
        ("08:00", "00:00", "00:00", False),
        ("00:00", "00:00", "00:00", True),
        ("00:00", "00:00", "23:59:59", True),
        ("22:00", "06:00", "23:00", True),
        ("22:00", "06:00", "05:59", True),
        ("22:00", "06:00", "06:00", False),
        ("22:00", "06:00", "21:59", False),
    ],
)
def test_a_window_has_its_first_moment_and_not_its_last(
    begins: str, ends: str, clock: str, covered: bool
) -> None:
    window = Window(EVERY_DAY, time.fromisoformat(begins), time.fromisoformat(ends))
    assert window.covers(2, time.fromisoformat(clock)) is covered


@pytest.mark.parametrize(
    ("windows", "longest_s"),
    [
        ([(EVERY_DAY, "10:00", "10:10")], 600),
        ([(MONDAY, "22:00", "06:00"), (FRIDAY, "08:00", "09:00")], 8 * 3600),
        ([(EVERY_DAY, "10:00", "12:00"), (MONDAY, "11:00", "13:30")], 3.5 * 3600),
        ([(frozenset({6}), "20:00", "00:00"), (MONDAY, "00:00", "02:00")], 6 * 3600),
        ([(FRIDAY, "00:00", "00:00"), (SATURDAY, "00:00", "00:00")], 48 * 3600),
        ([(EVERY_DAY, "00:00", "00:00")], inf),
    ],
)
def test_the_longest_duty_goes_over_windows_that_touch_and_over_the_week_s_end(
    windows: list[tuple[frozenset[int], str, str]], longest_s: float
) -> None:
    each = tuple(Window(days, time.fromisoformat(a), time.fromisoformat(b)) for days, a, b in windows)
    assert Schedule(each, BERLIN).longest_s == longest_s


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = Window(FRIDAY, time(22), time(6))
    assert friday_night.covers(4, time(23))
    assert friday_night.covers(5, time(3))
    assert not friday_night.covers(4, time(3))
    assert not friday_night.covers(5, time(23))
    assert Window(frozenset({6}), time(22), time(6)).covers(0, time(1))  # Sunday night into Monday


def test_hours_are_those_of_the_site() -> None:
    office = Schedule((Window(MONDAY, time(9), time(18)),), TASHKENT)
    assert office.covers(at_utc("2026-06-01 04:00"))  # Monday 09:00 in Tashkent
    assert not office.covers(at_utc("2026-06-01 03:59"))
    assert not office.covers(at_utc("2026-06-01 13:00"))


@pytest.mark.parametrize(
    ("utc", "covered"),
    [
        ("2026-03-28 07:00", True),  # Saturday 08:00 winter time
        ("2026-03-28 06:30", False),
        ("2026-03-30 06:00", True),  # Monday 08:00 summer time
        ("2026-03-30 05:30", False),
    ],
)
def test_a_window_keeps_its_wall_clock_over_the_change_to_summer_time(utc: str, covered: bool) -> None:
    assert Schedule((Window(EVERY_DAY, time(8), time(18)),), BERLIN).covers(at_utc(utc)) is covered


@pytest.mark.parametrize(
    ("utc", "covered"),
    [
        ("2026-10-25 00:15", True),  # 02:15 summer time
        ("2026-10-25 01:15", True),  # 02:15 again, winter time
        ("2026-10-25 01:30", False),  # 02:30, the second time
        ("2026-10-25 00:45", False),  # 02:45, the first time
    ],
)
def test_an_hour_that_happens_twice_belongs_twice(utc: str, covered: bool) -> None:
    assert Schedule((Window(EVERY_DAY, time(2), time(2, 30)),), BERLIN).covers(at_utc(utc)) is covered


def test_an_hour_that_does_not_happen_is_never_on_duty() -> None:
    skipped = Schedule((Window(EVERY_DAY, time(2, 10), time(2, 50)),), BERLIN)
    minutes = [at_utc("2026-03-29 00:00").plus(60 * k) for k in range(180)]
    assert not any(skipped.covers(minute) for minute in minutes)


def test_any_window_is_enough() -> None:
    schedule = Schedule((Window(MONDAY, time(8), time(9)), Window(SATURDAY)), TASHKENT)
    assert schedule.covers(at_utc("2026-06-01 03:30"))
    assert schedule.covers(at_utc("2026-06-06 12:00"))
    assert not schedule.covers(at_utc("2026-06-02 03:30"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ((frozenset(), time(8), time(9)), "days"),
        ((frozenset({7}), time(8), time(9)), "days"),
        ((MONDAY, time(8), time(8)), "differs"),
        ((MONDAY, time(8, tzinfo=UTC), time(9)), "time zone"),
    ],
)
def test_a_window_that_is_no_window_is_refused(settings: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Window(*settings)


def test_a_schedule_without_windows_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one window"):
        Schedule((), TASHKENT)
