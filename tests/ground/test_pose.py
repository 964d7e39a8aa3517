import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.samples.camera import Pinhole
from tests.ground.street import horizon, spots

SURE = Pose(0.0, 0.0, 0.0, 0.0)


def ground(camera: Pinhole, doubt: Pose = SURE) -> Ground:
    view = float(np.degrees(2 * np.arctan(camera.width / 2 / camera.focal_px)))
    pose = Pose(camera.height_m, horizon(camera), view, camera.roll_deg)
    return ground_of(pose, doubt, Lens(camera.width / camera.height))


@pytest.mark.parametrize("roll_deg", [0.0, 6.0, -9.0])
@pytest.mark.parametrize("tilt_deg", [12.0, 35.0, 80.0])
def test_a_pose_says_the_same_as_the_pinhole_it_describes(roll_deg: float, tilt_deg: float) -> None:
    camera = Pinhole(640, 360, 520.0, 5.2, tilt_deg, roll_deg=roll_deg)
    points = spots(np.random.default_rng(2), 30) * [1, 0.5] + [0, 0.5]
    found = ground(camera)
    assert found.metres(points) == pytest.approx(camera.ground_at(points), abs=1e-9)
    assert found.seen_at(found.metres(points)) == pytest.approx(points, abs=1e-9)


def test_what_is_at_or_above_the_horizon_has_no_place_on_the_ground() -> None:
    camera = Pinhole(640, 360, 520.0, 5.2, tilt_deg=5.0)
    assert 0 < horizon(camera) < 0.5
    above, below = [0.5, horizon(camera) - 0.01], [0.5, horizon(camera) + 0.01]
    metres = ground(camera).metres(np.array([above, below]))
    assert np.isnan(metres[0]).all()
    assert np.isfinite(metres[1]).all()


def test_what_is_behind_the_camera_is_not_seen() -> None:
    assert np.isnan(ground(Pinhole(640, 360, 520.0, 5.2, 20.0)).seen_at(np.array([[0.0, -30.0]]))).all()


def test_pixels_per_metre_fall_with_distance() -> None:
    camera = Pinhole(640, 360, 520.0, 5.2, 20.0)
    near, far = ground(camera).px_per_m(np.array([[0.5, 0.95], [0.5, 0.3]]), camera.height)
    feet = camera.ground_at([[0.5, 0.95]])[0]
    pixels, _ = camera.project([[feet[0] - 0.5, feet[1], 0.0], [feet[0] + 0.5, feet[1], 0.0]])
    assert near == pytest.approx(pixels[1, 0] - pixels[0, 0], rel=0.01)
    assert far < near / 2


def test_doubt_about_the_height_is_doubt_about_every_distance() -> None:
    found = ground(Pinhole(640, 360, 520.0, 5.0, 20.0), Pose(0.25, 0.0, 0.0, 0.0))
    points = np.array([[0.5, 0.9], [0.7, 0.5]])
    at = found.metres_on_each(points)
    assert found.spread(at) == pytest.approx(np.abs(found.metres(points)) * 0.05, rel=1e-6)


@pytest.mark.parametrize(
    ("pose", "doubt", "words"),
    [
        (Pose(0.1, 0.1, 60.0), SURE, "height_m of 0.5..500"),
        (Pose(5.0, 1.2, 60.0), SURE, "horizon of -20..0.95"),
        (Pose(5.0, 0.1, 170.0), SURE, "view_deg of 1..150"),
        (Pose(5.0, 0.1, 60.0, 80.0), SURE, "roll_deg of -45..45"),
        (Pose(5.0, 0.1, 60.0), Pose(-1.0, 0.0, 0.0), "doubt of 0..124.875 in height_m"),
    ],
)
def test_impossible_poses_are_refused(pose: Pose, doubt: Pose, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ground_of(pose, doubt, Lens(1.5))


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-0.3, 0.3), st.floats(-0.6, 0.9), st.floats(40, 90))
def test_a_single_spot_lies_where_many_do(
    x: float, y: float, strength: float, horizon: float, view_deg: float
) -> None:
    ground = ground_of(Pose(6.0, horizon, view_deg), Pose(0.1, 0.01, 1.0, 0.0), Lens(16 / 9, strength))
    wanted = ground.metres(np.array([[x, y]]))[0]
    assume(not np.isfinite(wanted).all() or np.abs(wanted).max() < 1e6)
    assert ground.spot(x, y) == pytest.approx(tuple(wanted.tolist()), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("strength", [0.0, -0.12, 0.1])
def test_the_ground_moves_with_the_picture_as_two_near_points_say(strength: float) -> None:
    ground = ground_of(Pose(6.0, 0.1, 60.0, 4.0), Pose(0.0, 0.0, 0.0), Lens(16 / 9, strength))
    points = np.random.default_rng(2).uniform((0.1, 0.4), (0.9, 0.95), (20, 2))
    at, step = ground.laid(points)
    assert np.array_equal(at, ground.metres(points))
    for k, near in enumerate(np.eye(2) * 1e-5):
        moved = (ground.metres(points + near) - ground.metres(points - near)) / 2e-5
        assert step[:, :, k] == pytest.approx(moved, rel=1e-5, abs=1e-6)
