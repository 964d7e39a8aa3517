"""At which rate people pass, by the times between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.headways import Headways
from edge.values.moment import NS_PER_S
from tests.fakes.happenings import at


def ns(seconds: float) -> int:
    return at(seconds).mono_ns


def headways(passed_s: list[float], now_s: float, window_s: float = 15.0, began_s: float = 0.0) -> Headways:
    found = Headways(window_s)
    found.add(at(began_s), ())
    found.add(at(now_s), [ns(each) for each in passed_s])
    return found


@given(headway_s=st.floats(0.2, 3.0), phase=st.floats(0.0, 1.0))
def test_who_pass_evenly_pass_at_the_same_rate_whenever_one_looks(headway_s: float, phase: float) -> None:
    now_s = 100.0
    passed = [now_s - (phase + k) * headway_s for k in range(100) if (phase + k) * headway_s < 90]
    assert headways(passed, now_s).per_second() == pytest.approx(1 / headway_s, rel=1e-6)


def test_a_stop_is_seen_as_it_goes_on() -> None:
    found, rates = headways([k * 0.5 for k in range(41)], 20.0), []
    for now_s in (20.0, 24.0, 28.0, 32.0, 34.9, 35.1):
        found.add(at(now_s), ())
        rates.append(found.per_second())
    assert rates[0] == pytest.approx(2.0)
    assert rates == sorted(rates, reverse=True)
    assert rates[-2] < 0.1
    assert rates[-1] == 0.0


def test_a_crush_of_few_is_no_stream() -> None:
    assert headways([19.0, 19.1, 19.2], 20.0).per_second() == pytest.approx(3 / 15, rel=0.02)


def test_only_the_time_that_was_seen_counts() -> None:
    assert headways([4.0], 5.0).per_second() == pytest.approx(1 / 5)
    assert headways([4.0], 5.0).covered_s == 5.0
    assert headways([], 50.0).covered_s == 15.0


def test_who_is_told_late_counts_when_they_passed() -> None:
    found = headways([1.0, 3.0, 4.0], 5.0)
    found.add(at(6.0), [ns(2.0)])
    assert (len(found), found.per_second()) == (4, pytest.approx(4 / (3 + 0.5 + 2.0)))
    found.add(at(30.0), [ns(14.0), ns(29.0) + 2 * NS_PER_S])
    assert len(found) == 0, "too long ago, and not yet"


def test_a_gap_counts_for_half_a_usual_one_or_for_what_it_is() -> None:
    steady = [k * 1.0 for k in range(21)]
    found = [headways(steady, 20.0 + gap_s).per_second() for gap_s in (0.0, 1.0, 1.5, 2.0, 3.0)]
    assert found[:2] == [pytest.approx(1.0)] * 2
    assert found[3:] == [pytest.approx(14 / 15, abs=0.04), pytest.approx(13 / 15, abs=0.04)]
    assert found == sorted(found, reverse=True)
