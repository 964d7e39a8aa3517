"""Which boxes hide others: few or many, it is what comparing each with each finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from edge.ground.lens import F64
from edge.pace.cover import FEW, covered_by, hidden


def each_with_each(boxes: F64) -> F64:
    most = np.zeros(len(boxes))
    for i, one in enumerate(boxes):
        for other in boxes:
            if other[3] > one[3]:
                sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
                area = max((one[2:] - one[:2]).prod(), 1e-12)
                most[i] = max(most[i], np.maximum(sides, 0.0).prod() / area)
    return most


@settings(max_examples=60, deadline=None)
@given(
    some.integers(0, 10_000),
    some.integers(0, 25) | some.integers(FEW, FEW + 25),
    some.sampled_from([8, 1000]),
)
def test_few_and_many_are_hidden_as_each_with_each_says(seed: int, n: int, steps: int) -> None:
    chance = np.random.default_rng(seed)
    corners = chance.integers(0, steps, (n, 2)) / steps  # on few steps, so that sides are often the same
    boxes = np.hstack([corners, np.minimum(corners + chance.integers(0, steps // 3, (n, 2)) / steps, 1.0)])
    assert np.array_equal(hidden(boxes), each_with_each(boxes))


def test_who_stands_nearer_hides_who_stands_behind_and_never_the_other_way_round() -> None:
    behind, before = [0.0, 0.0, 0.4, 0.4], [0.2, 0.1, 0.6, 0.5]
    assert hidden(np.array([behind, before])).round(9).tolist() == [0.375, 0.0]
    assert covered_by(np.array([before]), np.array([behind])).round(9).tolist() == [0.375]
    assert hidden(np.array([behind, behind])).tolist() == [0.0, 0.0]
    assert covered_by(np.array([behind]), np.empty((0, 4))).tolist() == [0.0]
