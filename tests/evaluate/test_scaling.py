"""The factor that mends a density model which counts too few everywhere, and how sure it is."""

import numpy as np
import pytest

from edge.evaluate.counting import Counted, count_score
from edge.evaluate.scaling import scaling_of


def test_the_figures_by_hand() -> None:
    ratios = np.array([1.9, 2.0, 2.0, 2.0, 2.1, 2.0, 2.0, 2.0, 1.8, 2.2])
    found = scaling_of(ratios)
    assert found is not None
    assert (found.factor, found.low, found.high) == (2.0, 1.9, 2.1), "of ten the second and the ninth"
    assert found.error == pytest.approx(0.1), "of ten errors the ninth: those of 2.2 and 1.8 are the largest"


def test_fewer_than_six_pictures_say_nothing() -> None:
    assert scaling_of(np.full(5, 2.0)) is None
    assert scaling_of(np.full(6, 2.0)) is not None


def test_the_interval_holds_the_truth_nineteen_times_of_twenty() -> None:
    chance, held = np.random.default_rng(7), 0
    for _ in range(400):
        found = scaling_of(1.6 * np.exp(chance.normal(0.0, 0.5, 15)))
        assert found is not None
        held += found.low <= 1.6 <= found.high
    assert 0.93 <= held / 400 <= 0.99


def test_the_error_is_of_pictures_that_had_no_say() -> None:
    """Of a model that errs by chance, it is no smaller in the mean than of fresh pictures."""
    chance, told, fresh = np.random.default_rng(3), [], []
    for _ in range(200):
        ratios = 2.0 * np.exp(chance.normal(0.0, 0.3, 10))
        found = scaling_of(ratios)
        assert found is not None
        told.append(found.error)
        off = np.abs(1 - 2.0 * np.exp(chance.normal(0.0, 0.3, 50)) / found.factor)
        fresh.append(np.quantile(off, 0.9))
    assert np.mean(told) >= 0.97 * np.mean(fresh)


def test_a_scale_is_proposed_where_it_mends_something() -> None:
    half = [Counted(100 + 10 * k, 50.0 + 5 * k + k % 3) for k in range(12)]
    score = count_score(half)
    assert score.scaling is not None and score.error is not None
    assert score.scaling.factor == pytest.approx(2.0, abs=0.05)
    assert score.scaling.error < 0.1 < score.error
    right = [Counted(100 + 10 * k, 100.0 + 10 * k + k % 3 - 1) for k in range(12)]
    assert count_score(right).scaling is None, "1 lies within"
    assert count_score([*half[:11], Counted(90, 0.0)]).scaling is None, "nobody told bears no factor"
    assert count_score(half[:9]).scaling is None, "too few"
