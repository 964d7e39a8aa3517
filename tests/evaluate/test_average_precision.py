"""Golden figures: pycocotools 2.0.11, printed by tests/evaluate/reference.py."""

import numpy as np
import pytest

from edge.evaluate.average_precision import Picture, average_precision
from tests.fakes.scored import as_pictures, pictures

PRECISIONS = [
    0.178217822,
    0.542730571,
    0.246390264,
    0.226308345,
    0.374481783,
    0.5,
    0.300219023,
    0.202722772,
    0.427392739,
    0.287900219,
]


def picture(scores, overlap, ignored):
    shape = (len(scores), len(ignored))
    return Picture(np.array(scores, float), np.array(overlap, float).reshape(shape), np.array(ignored, bool))


@pytest.mark.parametrize("seed", range(10))
def test_figures_are_those_of_pycocotools(seed):
    assert average_precision(as_pictures(pictures(seed))) == pytest.approx(PRECISIONS[seed], abs=1e-8)


def test_by_hand():
    """Two truths, hit first and third: precision 1 up to recall 0.5, then 2/3: (51 + 50 * 2/3) / 101."""
    one = picture([0.9, 0.8, 0.7], [[0.9, 0.0], [0.0, 0.0], [0.0, 0.9]], [False, False])
    assert average_precision([one]) == pytest.approx((51 + 50 * 2 / 3) / 101)


def test_finding_what_is_ignored_is_neither_right_nor_wrong():
    asked = picture([0.5], [[1.0]], [False])
    aside = picture([0.9], [[1.0]], [True])
    assert average_precision([asked, aside]) == pytest.approx(1.0)


def test_a_second_detection_of_the_same_object_is_wrong():
    twice = picture([0.9, 0.8], [[0.9, 0.0], [0.9, 0.0]], [False, False])
    assert average_precision([twice]) == pytest.approx(51 / 101)


def test_nothing_to_find_is_no_score_and_nothing_found_is_zero():
    assert average_precision([picture([0.9], [], [])]) is None
    assert average_precision([]) is None
    assert average_precision([picture([], [], [False])]) == 0.0
