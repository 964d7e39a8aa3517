"""Trusted time: no step is believed before a synchronised clock showed it twice, far enough apart."""

from hypothesis import given
from hypothesis import strategies as st

from edge.footage.trusted_time import DRIFT, Step, TrustedTime, look
from edge.values.moment import NS_PER_S, ClockTrust, Moment

YEAR_S = 365 * 86_400
BOOT = "boot-1"
START = Moment(10 * NS_PER_S, 1_700_000_000 * NS_PER_S, ClockTrust.SYNCED)


def at(mono_s: float, utc_s: float, trust: ClockTrust = ClockTrust.SYNCED) -> Moment:
    """Clocks so many seconds after the start, each by its own account."""
    return Moment(START.mono_ns + round(mono_s * NS_PER_S), START.utc_ns + round(utc_s * NS_PER_S), trust)


def seen(*moments: Moment, boot: str = BOOT, known: TrustedTime | None = None) -> TrustedTime:
    for moment in moments:
        known, _ = look(known, moment, boot)
    assert known is not None
    return known


LOOKS = st.lists(
    st.tuples(st.floats(0.1, 120), st.floats(-20 * YEAR_S, 20 * YEAR_S), st.sampled_from(ClockTrust)),
    max_size=30,
)


@given(LOOKS)
def test_within_the_time_of_confirmation_no_clock_moves_trusted_time(
    looks: list[tuple[float, float, ClockTrust]],
) -> None:
    known, mono_s = seen(START), 0.0
    for wait_s, utc_s, trust in looks:
        mono_s += wait_s
        known, step = look(known, at(mono_s, utc_s, trust), BOOT, confirm_s=1e9)
        assert step is None
        assert abs(known.utc_ns - at(mono_s, mono_s).utc_ns) <= DRIFT * mono_s * NS_PER_S + 1000


@given(LOOKS)
def test_an_unsynchronised_clock_is_never_believed(looks: list[tuple[float, float, ClockTrust]]) -> None:
    known, mono_s = seen(START), 0.0
    for wait_s, utc_s, _ in looks:
        mono_s += wait_s
        known, step = look(known, at(mono_s, utc_s, ClockTrust.UNSYNCED), BOOT)
        assert step is None
        assert abs(known.utc_ns - at(mono_s, mono_s).utc_ns) <= DRIFT * mono_s * NS_PER_S + 1000


def test_a_step_of_ten_years_is_believed_after_two_looks_ten_minutes_apart() -> None:
    known = seen(START, at(60, 60 + 10 * YEAR_S), at(600, 600 + 10 * YEAR_S))
    assert known.utc_ns == at(600, 600).utc_ns
    known, step = look(known, at(660, 660 + 10 * YEAR_S), BOOT)
    assert step == Step(at(660, 660).utc_ns, at(660, 660 + 10 * YEAR_S).utc_ns)
    assert known.utc_ns == at(660, 660 + 10 * YEAR_S).utc_ns


def test_a_clock_that_lost_its_source_in_between_begins_anew() -> None:
    step_s = 10 * YEAR_S
    known = seen(
        START, at(60, 60 + step_s), at(400, 400 + step_s, ClockTrust.UNSYNCED), at(700, 700 + step_s)
    )
    assert known.utc_ns == at(700, 700).utc_ns


def test_a_clock_that_steps_about_is_not_believed() -> None:
    wild = [at(60 * n, 60 * n + n * YEAR_S) for n in range(1, 40)]
    assert seen(START, *wild).utc_ns == at(60 * 39, 60 * 39).utc_ns


def test_time_stands_still_over_a_restart_until_the_clock_was_confirmed() -> None:
    known = seen(START, at(100, 100))
    known = seen(Moment(NS_PER_S, at(0, 90_000).utc_ns, ClockTrust.SYNCED), boot="boot-2", known=known)
    assert known.utc_ns == at(100, 100).utc_ns
    confirmed = Moment(601 * NS_PER_S, at(0, 90_600).utc_ns, ClockTrust.SYNCED)
    assert seen(confirmed, boot="boot-2", known=known).utc_ns == confirmed.utc_ns


def test_the_clock_of_another_run_of_the_machine_says_nothing_of_time_that_passed() -> None:
    """A machine that runs longer now than it did then would else seem to have run on all the while."""
    known = seen(START, at(100, 100))
    after = seen(at(5000, 5000), boot="boot-2", known=known)
    assert after.utc_ns == known.utc_ns


def test_a_slewed_clock_is_followed() -> None:
    known = seen(START, *(at(60 * n, 60 * n * (1 + DRIFT / 2), ClockTrust.UNSYNCED) for n in range(1, 100)))
    assert known.utc_ns == at(0, 60 * 99 * (1 + DRIFT / 2)).utc_ns
