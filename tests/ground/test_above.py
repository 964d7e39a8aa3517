"""Where what stands over the ground is seen."""

import numpy as np
import pytest

from edge.ground.above import seen_above
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.surveyed import Precision, survey
from edge.samples.camera import Pinhole
from tests.ground.street import spots

SPOTS = np.array([[0.2, 0.9], [0.85, 0.92], [0.75, 0.5], [0.25, 0.52], [0.5, 0.7], [0.6, 0.6]])


def ground_of(camera: Pinhole, turn_deg: float = 0.0) -> Ground:
    """The ground by surveyed spots, whose metres an operator counts along any directions."""
    turn = np.radians(turn_deg)
    way = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    metres = camera.ground_at(SPOTS) @ way.T + [3.0, -7.0]
    return survey(SPOTS, metres, Lens(camera.width / camera.height), Precision()).ground


@pytest.mark.parametrize("tilt_deg", [16.0, 25.0, 45.0, 70.0])
@pytest.mark.parametrize("turn_deg", [0.0, 33.0, 90.0, 225.0])
def test_a_head_is_seen_where_the_camera_shows_it(tilt_deg: float, turn_deg: float) -> None:
    camera = Pinhole(640, 360, focal_px=686.0, height_m=5.2, tilt_deg=tilt_deg)
    points = spots(np.random.default_rng(1), 50) * [1, 0.6] + [0, 0.38]
    at = camera.ground_at(points)
    true, _ = camera.project(np.column_stack([at, np.full(len(at), 1.57)]))
    assert np.abs(seen_above(ground_of(camera, turn_deg), points, 1.57) - true / [640, 360]).max() < 1e-4


def test_nothing_is_above_the_sky() -> None:
    camera = Pinhole(640, 360, focal_px=686.0, height_m=5.2, tilt_deg=16.0)
    assert np.isnan(seen_above(ground_of(camera), np.array([[0.5, -0.4]]), 1.57)).all()


def test_a_camera_that_looks_straight_down_tells_no_height() -> None:
    plane = np.array([[8.0, 0, -4], [0, -4.5, 2.25], [0, 0, 1.0]])
    ground = Ground(Lens(16 / 9), plane, np.empty((0, 3, 3)))
    assert np.isnan(seen_above(ground, np.array([[0.3, 0.4]]), 1.57)).all()
