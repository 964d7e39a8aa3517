import numpy as np
import pytest

from edge.ground.area import Rings, floor_of, width_of, within
from edge.ground.surveyed import Precision, survey
from tests.ground.street import CAMERA, LENS, ZONE, horizon, true_area

SEEN = np.array([[0.2, 0.9], [0.85, 0.92], [0.75, 0.4], [0.25, 0.42]])
GROUND = survey(SEEN, CAMERA.ground_at(SEEN), LENS, Precision(1e-6, 1e-6)).ground
DOUBTED = survey(SEEN, CAMERA.ground_at(SEEN), LENS, Precision()).ground


def test_a_zone_covers_what_its_corners_enclose_on_the_ground() -> None:
    assert floor_of(GROUND, ZONE, ()).m2 == pytest.approx(true_area(ZONE), rel=0.005)


def test_masked_floor_is_not_seen() -> None:
    left = ((0.0, 0.0), (0.7, 0.0), (0.7, 1.0), (0.0, 1.0))
    right = ((0.7, 0.0), (1.0, 0.0), (1.0, 1.0), (0.7, 1.0))
    whole, one, other = (floor_of(GROUND, ZONE, masks).m2 for masks in ((), (left,), (right,)))
    assert one + other == pytest.approx(whole, rel=0.01)
    with pytest.raises(ValueError, match="all of its floor is excluded"):
        floor_of(GROUND, ZONE, (left, right))


def test_a_zone_that_reaches_the_horizon_has_no_area() -> None:
    assert horizon(CAMERA) < 0
    flat = survey(SEEN, CAMERA.ground_at(SEEN), LENS, Precision(1e-6, 1e-6)).ground
    tall = ((0.2, 0.9), (0.8, 0.9), (0.8, horizon(CAMERA) - 0.01))
    with pytest.raises(ValueError, match="reaches the horizon"):
        floor_of(flat, tall, ())


def test_a_concave_polygon_holds_what_is_between_its_sides() -> None:
    ring = np.array([[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]], dtype=float)
    assert within(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 1.0], [5.0, 1.0]]), ring).tolist() == [
        True,
        False,
        True,
        False,
    ]


def test_a_line_is_as_long_as_its_ends_lie_apart_on_the_ground() -> None:
    ends = ((0.2, 0.8), (0.5, 0.6), (0.8, 0.8))
    at = CAMERA.ground_at(ends)
    length = float(np.hypot(*np.diff(at, axis=0).T).sum())
    assert width_of(GROUND, ends).m == pytest.approx(length, rel=1e-4)
    assert 0 < width_of(DOUBTED, ends).sd_m < 0.1 * length
    with pytest.raises(ValueError, match="reaches the horizon"):
        width_of(GROUND, ((0.5, 0.8), (0.5, horizon(CAMERA) - 0.1)))


def test_many_polygons_at_once_hold_what_each_holds_alone() -> None:
    chance = np.random.default_rng(3)
    rings = [(chance.integers(0, 9, (corners, 2)) / 8).tolist() for corners in (3, 4, 7, 5, 3)]
    points = np.concatenate([chance.integers(0, 9, (200, 2)) / 8, chance.random((200, 2))])
    alone = np.array([within(points, np.array(ring)) for ring in rings])
    assert alone.any()
    assert np.array_equal(Rings(rings).hold(points), alone)
    assert Rings(()).hold(points).shape == (0, 400)
