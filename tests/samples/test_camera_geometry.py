import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.samples.camera import Pinhole
from edge.values.truth import feet_of

cameras = st.builds(
    Pinhole,
    st.just(640),
    st.just(360),
    st.floats(300, 1200),
    st.floats(2, 12),
    st.floats(5, 50),
    st.floats(-90, 90),
    st.floats(-5, 5),
)


@given(cameras, st.floats(0.05, 0.95), st.floats(0.8, 1.0))
@settings(max_examples=60, deadline=None)
def test_the_ground_seen_at_a_point_projects_back_to_it(camera: Pinhole, u: float, v: float) -> None:
    ground = camera.ground_at([(u, v)])[0]
    pixels, _ = camera.project([(*ground, 0.0)])
    assert np.allclose(pixels[0] / [640, 360], (u, v), atol=1e-6)


@given(cameras, st.floats(-8, 8), st.floats(8, 20))
@settings(max_examples=60, deadline=None)
def test_homography_and_camera_matrix_agree_on_the_ground(camera: Pinhole, x: float, y: float) -> None:
    pixels, depth = camera.project([(x, y, 0.0)])
    if depth[0] < 0.5:
        return
    homography = tuple(tuple(row) for row in camera.homography.tolist())
    assert np.allclose(feet_of((x, y), homography), pixels[0] / [640, 360], atol=1e-6)


def test_straight_ahead_lands_in_the_middle() -> None:
    camera = Pinhole(640, 360, 500.0, 5.0, 45.0)
    assert np.allclose(camera.project([(0.0, 5.0, 0.0)])[0][0], (320, 180))


def test_what_stands_up_is_higher_in_the_picture() -> None:
    camera = Pinhole(640, 360, 500.0, 5.0, 20.0)
    (foot, head), _ = camera.project([(1.0, 12.0, 0.0), (1.0, 12.0, 1.7)])
    assert head[1] < foot[1]


def test_a_camera_under_the_ground_is_refused() -> None:
    with pytest.raises(ValueError, match=r"height > 0, got .* -1 m"):
        Pinhole(640, 360, 500.0, -1, 20.0)
