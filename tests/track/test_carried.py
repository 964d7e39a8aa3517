"""Tracks are carried along with a moving camera, and let go of when nobody knows how it moved."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.track.motion import Motion, measured
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.moment import NS_PER_S, ClockTrust, Moment


def found(*boxes: tuple[float, float, float, float]) -> Detections:
    n = len(boxes)
    return Detections(np.array(boxes, np.float32), np.full(n, 0.9, np.float32), np.zeros(n, np.int16))


def moment(seconds: float) -> Moment:
    return Moment(round(seconds * NS_PER_S), 0, ClockTrust.REPLAY)


def shifted(right: float) -> np.ndarray:
    return np.array([[1.0, 0.0, right], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def test_two_people_keep_their_ids_while_the_camera_swings_from_one_to_the_other() -> None:
    carried, left_alone = Tracker(TrackerSpec()), Tracker(TrackerSpec())
    swing, at = 60.0, 0.0
    for step in range(8):
        by = 0.0 if step == 0 else (swing if step % 2 else -swing)
        at += by
        boxes = found((100 + at, 100, 120 + at, 150), (160 + at, 100, 180 + at, 150))
        carried.carry(shifted(by))
        tracks = carried.update(boxes, moment(0.2 * step))
        others = left_alone.update(boxes, moment(0.2 * step))
        assert tracks.ids.tolist() == [1, 2]
        assert tracks.boxes[0, 0] < tracks.boxes[1, 0], "each is still who they were"
    assert others.ids.tolist() != [1, 2] or others.boxes[0, 0] > others.boxes[1, 0]


def test_who_is_lost_never_comes_back_under_their_id() -> None:
    tracker = Tracker(TrackerSpec())
    assert tracker.update(found((10, 10, 30, 60)), moment(0.0)).ids.tolist() == [1]
    tracker.lose()
    assert tracker.update(found((10, 10, 30, 60)), moment(0.2)).ids.tolist() == [2]


@given(
    turn=st.floats(-0.3, 0.3),
    scale=st.floats(0.7, 1.4),
    right=st.floats(-200, 200),
    down=st.floats(-200, 200),
)
def test_a_warp_and_its_inverse_leave_everything_as_it_was(
    turn: float, scale: float, right: float, down: float
) -> None:
    begun = Motion.begun(measured(np.array([[100, 50, 140, 130], [300, 200, 330, 240]], np.float32)))
    begun.state[1, :, :2] = [[5.0, -3.0], [0.0, 8.0]]
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    warp = np.array([[c, -s, right], [s, c, down], [1e-5, -2e-5, 1.0]])
    there = begun.carried(warp)
    back = there.carried(np.linalg.inv(warp))
    assert np.allclose(back.state, begun.state, rtol=1e-6, atol=1e-6)
    assert (there.state[2] > 0).all()


def test_speeds_turn_and_sizes_grow_with_the_picture() -> None:
    begun = Motion.begun(measured(np.array([[100, 100, 120, 140]], np.float32)))
    begun.state[1, 0, :2] = [10.0, 0.0]
    quarter = np.array([[0.0, -2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    there = begun.carried(quarter)
    assert np.allclose(there.state[1, 0, :2], [0.0, 20.0])
    assert np.allclose(there.boxes()[0], [-240 - 20, 220 - 40, -240 + 20, 220 + 40])
    assert np.allclose(there.state[2, 0, :2], 4 * begun.state[2, 0, :2])
