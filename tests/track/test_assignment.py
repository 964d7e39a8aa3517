import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edge.track.assignment import assign


def best_sum(gain):
    """The optimum by trying everything."""
    n, m = gain.shape
    padded = np.concatenate([np.maximum(gain, 0.0), np.zeros((n, n))], axis=1)
    return max(
        sum(padded[i, column] for i, column in enumerate(columns))
        for columns in itertools.permutations(range(n + m), n)
    )


def test_nothing_to_assign():
    for shape in ((0, 0), (0, 3), (3, 0)):
        rows, columns = assign(np.zeros(shape))
        assert len(rows) == len(columns) == 0


def test_pairs_without_gain_are_never_made():
    rows, columns = assign(np.array([[0.0, -1.0], [-2.0, 3.0]]))
    assert rows.tolist() == [1]
    assert columns.tolist() == [1]


def test_the_largest_sum_wins_over_the_largest_single_gain():
    rows, columns = assign(np.array([[10.0, 9.0], [9.0, 1.0]]))
    assert dict(zip(rows.tolist(), columns.tolist(), strict=True)) == {0: 1, 1: 0}


def test_a_row_may_be_left_out_when_that_pays():
    rows, columns = assign(np.array([[5.0], [7.0], [6.0]]))
    assert (rows.tolist(), columns.tolist()) == ([1], [0])


@settings(max_examples=150, deadline=None)
@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(1, 4)),
        elements=st.one_of(st.integers(-3, 5).map(float), st.floats(-3, 5)),
    )
)
def test_it_is_the_optimum(gain):
    rows, columns = assign(gain)
    assert len(set(rows.tolist())) == len(rows)
    assert len(set(columns.tolist())) == len(columns)
    assert (gain[rows, columns] > 0).all()
    assert gain[rows, columns].sum() == pytest.approx(best_sum(gain), abs=1e-9)


def test_a_long_chain_of_contests_is_settled():
    """Row i prefers column 0 slightly; only one chain of moves gives everybody a place."""
    n = 60
    gain = np.full((n, n), -1.0)
    for i in range(n):
        gain[i, : i + 1] = 100.0 - np.arange(i + 1)
    rows, columns = assign(gain)
    assert len(rows) == n
    assert columns.tolist() == list(range(n))
