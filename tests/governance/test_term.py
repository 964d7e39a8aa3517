"""A policy is over on the morning of its day, and a clock that runs free does not bring it back."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from edge.governance.built_in import BUILT_IN
from edge.governance.term import days_left, is_over
from edge.values.moment import NS_PER_S, ClockTrust

DAY = date(2027, 1, 5)
BEGINS_NS = int(datetime(2027, 1, 5, tzinfo=UTC).timestamp()) * NS_PER_S
TRUSTS = st.sampled_from(ClockTrust)
TIMES = st.integers(0, 4_000_000_000 * NS_PER_S)


def test_it_holds_to_the_last_moment_of_the_day_before() -> None:
    for trust in ClockTrust:
        assert not is_over(DAY, BEGINS_NS - 1, trust, was_over=False)
        assert is_over(DAY, BEGINS_NS, trust, was_over=False)


@given(TIMES, TRUSTS, st.booleans())
def test_who_sets_a_free_clock_back_wins_nothing(utc_ns: int, trust: ClockTrust, was_over: bool) -> None:
    over = is_over(DAY, utc_ns, trust, was_over)
    if was_over and trust is not ClockTrust.SYNCED:
        assert over
    elif utc_ns >= BEGINS_NS:
        assert over
    else:
        assert not over


@given(TIMES)
def test_no_day_is_left_exactly_when_it_is_over(utc_ns: int) -> None:
    assert (days_left(DAY, utc_ns) == 0) is is_over(DAY, utc_ns, ClockTrust.SYNCED, was_over=False)


def test_days_are_counted_as_people_do() -> None:
    for days in (1, 7, 30):
        morning = datetime(2027, 1, 5, tzinfo=UTC) - timedelta(days=days)
        assert days_left(DAY, int(morning.timestamp()) * NS_PER_S) == days
        assert days_left(DAY, int((morning + timedelta(hours=23)).timestamp()) * NS_PER_S) == days


def test_the_built_in_policy_is_never_over() -> None:
    assert not is_over(BUILT_IN.expires, 4_000_000_000 * NS_PER_S, ClockTrust.UNSYNCED, was_over=False)
