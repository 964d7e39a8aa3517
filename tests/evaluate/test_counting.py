"""How well crowds are counted, worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.evaluate.counting import Counted, count_score

COUNTS = st.lists(st.builds(Counted, st.integers(0, 600), st.floats(0, 900)), min_size=1, max_size=40)


def test_the_figures_by_hand() -> None:
    score = count_score([Counted(0, 3.0), Counted(10, 6.0), Counted(100, 120.0)])
    assert (score.pictures, score.mae) == (3, pytest.approx(9.0))
    assert score.rmse == pytest.approx(math.sqrt((9 + 16 + 400) / 3))
    assert score.bias == pytest.approx((3 - 4 + 20) / 3)
    assert score.relative == pytest.approx(27 / 110)
    assert score.error is None, "two pictures with people are too few to say nine of ten"
    assert [(g.least, g.most, g.pictures, g.told) for g in score.groups] == [
        (0, 0, 1, 3.0),
        (1, 10, 1, 6.0),
        (51, 200, 1, 120.0),
    ]


def test_nine_of_ten_lie_within_the_error_of_what_is_told() -> None:
    score = count_score([Counted(100 + k, 100.0) for k in range(10)])  # off by 0 to 9 of 100
    assert score.error == pytest.approx(0.09)


def test_a_model_that_tells_nobody_has_no_error_that_a_card_can_hold() -> None:
    score = count_score([Counted(50, 0.0) for _ in range(12)])
    assert score.error is None and score.relative == 1.0


def test_empty_pictures_have_no_share() -> None:
    assert count_score([Counted(0, 5.0)] * 12).relative is None


@given(COUNTS)
def test_groups_hold_every_picture_once_and_their_errors_make_up_the_whole(counts) -> None:
    score = count_score(counts)
    assert sum(g.pictures for g in score.groups) == score.pictures == len(counts)
    assert sum(g.mae * g.pictures for g in score.groups) / score.pictures == pytest.approx(score.mae)
    assert abs(score.bias) <= score.mae + 1e-9 and score.mae <= score.rmse + 1e-9


@given(COUNTS)
def test_the_error_holds_nine_of_ten(counts) -> None:
    score = count_score(counts)
    there = [each for each in counts if each.true]
    if score.error is not None:
        held = sum(abs(c.told - c.true) <= score.error * c.told + 1e-6 for c in there)
        assert held >= 0.9 * len(there) - 1


@pytest.mark.parametrize("told", [-0.1, math.nan, math.inf])
def test_numbers_that_are_none_are_refused(told: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Counted(1, told)


def test_nothing_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="one picture"):
        count_score([])
