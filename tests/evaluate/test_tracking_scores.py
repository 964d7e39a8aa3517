"""Golden figures: TrackEval 1.3.0, printed by tests/evaluate/reference.py."""

import numpy as np
import pytest

from edge.evaluate.tracking import Seen, followed
from tests.fakes.scored import tracked_run

TRACKED = [
    [0.300869735, 0.384376135, 0.238255954, 0.385826772, 0.242647059, 11],
    [0.47111205, 0.473852528, 0.473966415, 0.632352941, 0.325757576, 3],
    [0.447276412, 0.52976587, 0.377641004, 0.528735632, 0.377777778, 3],
    [0.264752594, 0.401871905, 0.177352853, 0.343347639, 0.12173913, 10],
    [0.323962347, 0.43294065, 0.244493807, 0.428571429, 0.390243902, 10],
    [0.343828383, 0.394850539, 0.302455147, 0.401826484, 0.04587156, 7],
    [0.434163627, 0.388269456, 0.485995028, 0.666666667, 0.397058824, 0],
    [0.292122905, 0.398867487, 0.214567138, 0.419047619, 0.40625, 15],
]
NONE = np.empty(0, np.intp)


def frame(truth, tracks, similarity):
    shape = (len(truth), len(tracks))
    return Seen(
        np.array(truth, np.intp), np.array(tracks, np.intp), np.array(similarity, float).reshape(shape)
    )


@pytest.mark.parametrize("seed", range(8))
def test_figures_are_those_of_trackeval(seed):
    got = followed(tracked_run(seed))
    assert [got.hota, got.deta, got.assa, got.idf1, got.mota] == pytest.approx(TRACKED[seed][:5], abs=1e-8)
    assert got.switches == TRACKED[seed][5]


def test_a_perfect_run_scores_one():
    got = followed([frame([0, 1], [0, 1], np.eye(2))] * 5)
    assert (got.hota, got.idf1, got.mota, got.switches) == pytest.approx((1.0, 1.0, 1.0, 0))


def test_one_switch_halfway_through():
    """Ten boxes of one object, five by each of two tracks: no miss, but half of the identity."""
    got = followed([frame([0], [0], [[1.0]])] * 5 + [frame([0], [1], [[1.0]])] * 5)
    assert got.switches == 1
    assert got.mota == pytest.approx(0.9)
    assert got.idf1 == pytest.approx(0.5)
    assert got.assa == pytest.approx(0.5)
    assert got.deta == pytest.approx(1.0)


def test_nothing_to_follow_is_no_score():
    got = followed([frame([], [0], [])] * 3)
    assert (got.hota, got.idf1, got.mota, got.switches) == (None, None, None, 0)


def test_nobody_followed_scores_nothing():
    got = followed([frame([0], [], [])] * 3)
    assert (got.hota, got.idf1, got.mota, got.switches) == (0.0, 0.0, 0.0, 0)


def test_ghosts_alone_make_mota_negative():
    got = followed([frame([0], [0, 1], [[0.0, 0.0]])] * 3)
    assert got.mota == pytest.approx(-2.0)
    assert got.idf1 == 0.0
