"""A number over the last while: what the window holds, and how it rises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.series import Series
from tests.fakes.happenings import at

VALUES = st.lists(st.floats(-50, 50), min_size=4, max_size=40)


def series(values: list[float], window_s: float = 100.0) -> Series:
    found = Series(window_s)
    for k, value in enumerate(values):
        found.add(at(float(k)), value)
    return found


@given(VALUES)
def test_the_slope_is_that_of_least_squares(values: list[float]) -> None:
    rise, error = series(values).slope()
    found, ((variance, _), _) = np.polyfit(np.arange(len(values)), values, 1, cov="unscaled")
    left = np.polyval(found, np.arange(len(values))) - values
    assert rise == pytest.approx(found[0], abs=1e-6)
    assert error == pytest.approx(np.sqrt((left**2).sum() / (len(values) - 2) * variance), abs=1e-6)


@given(VALUES, st.integers(2, 12))
def test_it_remembers_its_window_and_no_more(values: list[float], window_s: int) -> None:
    found, kept = series(values, window_s), values[-window_s - 1 :]
    assert len(found) == len(kept)
    assert found.total == pytest.approx(sum(kept), abs=1e-6)
    assert found.mean == pytest.approx(sum(kept) / len(kept), abs=1e-6)
    assert found.covered_s == len(kept)
    assert found.change() == pytest.approx((kept[-1] - kept[0]) / (len(kept) - 1), abs=1e-6)


@given(VALUES, st.integers(0, 10), st.integers(1, 10))
def test_what_was_before_a_while_ago(values: list[float], seconds: int, pieces: int) -> None:
    found = series(values)
    assert found.until(seconds) == values[: max(0, len(values) - seconds)]
    assert found.holds_until(seconds, pieces) == (len(found.until(seconds)) >= pieces)


def test_pictures_within_a_second_are_one_piece() -> None:
    found = Series(10.0)
    for k in range(10):
        found.add(at(k / 5), float(k))
    assert len(found) == 2
    assert found.until(0.0) == [2.0, 7.0]
