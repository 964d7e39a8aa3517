import numpy as np
import pytest

from edge.track.motion import JITTER2, MEMORY_S, SPEED2, Fading, Motion, measured

BOX = np.array([[100.0, 50.0, 140.0, 150.0]], np.float32)
FIRST = np.array([0])


def matrices(motion, axis=0):
    _, _, pp, pv, vv, _ = motion.state[:, 0, axis]
    return np.array([[pp, pv], [pv, vv]])


def test_boxes_survive_measurement():
    assert Motion.begun(measured(BOX)).boxes() == pytest.approx(BOX, abs=1e-4)


def test_two_steps_are_one_long_step():
    """The filter does not depend on how often it is asked, as long as the box keeps its size."""
    start = Motion.begun(measured(BOX)).corrected(FIRST, measured(BOX + np.float32(3.0)))
    once, twice = (
        start.predicted(Fading.over(0.6)),
        start.predicted(Fading.over(0.25)).predicted(Fading.over(0.35)),
    )
    assert twice.position == pytest.approx(once.position)
    assert matrices(twice) == pytest.approx(matrices(once), rel=1e-9)


def test_standing_time_changes_nothing():
    start = Motion.begun(measured(BOX))
    assert start.predicted(Fading.over(0.0)).state == pytest.approx(start.state)


def test_it_is_the_textbook_filter():
    """Against the matrix form of a Kalman filter with the same transition and noise."""
    dt, memory, speed2, jitter2 = 0.3, MEMORY_S[0], SPEED2[0], JITTER2[0]
    unit = np.sqrt(40.0 * 100.0)
    kept = np.exp(-dt / memory)
    transition = np.array([[1.0, memory * (1 - kept)], [0.0, kept]])
    steps = 20_000
    fine = dt / steps
    s = (np.arange(steps) + 0.5) * fine
    reach = np.stack([memory * (1 - np.exp(-s / memory)), np.exp(-s / memory)])
    noise = (reach * (2 * speed2 * unit**2 / memory * fine)) @ reach.T
    begun = Motion.begun(measured(BOX))
    expected = transition @ matrices(begun) @ transition.T + noise
    predicted = begun.predicted(Fading.over(dt))
    assert matrices(predicted) == pytest.approx(expected, rel=1e-4)
    seen = measured(BOX + np.float32(5.0))
    total = expected[0, 0] + jitter2 * unit**2
    gain = expected[:, 0] / total
    state = np.array([120.0, 0.0]) + gain * 5.0
    corrected = predicted.corrected(FIRST, seen)
    assert corrected.state[:2, 0, 0] == pytest.approx(state, rel=1e-4)
    assert matrices(corrected) == pytest.approx(expected - np.outer(gain, gain) * total, rel=1e-3)


def test_doubt_stays_bounded_in_speed_and_grows_in_place():
    motion = Motion.begun(measured(BOX))
    later, much_later = motion.predicted(Fading.over(30.0)), motion.predicted(Fading.over(300.0))
    assert matrices(much_later)[1, 1] == pytest.approx(matrices(motion)[1, 1])
    assert matrices(much_later)[0, 0] > matrices(later)[0, 0] > matrices(motion)[0, 0]


def test_who_stood_is_where_they_were_and_as_surely_as_if_measured_there():
    moving = (
        Motion.begun(measured(BOX))
        .predicted(Fading.over(0.2))
        .corrected(FIRST, measured(BOX + np.float32(20.0)))
    )
    expected = moving.predicted(Fading.over(0.2))
    stood = expected.stood(FIRST, moving.position)
    assert moving.state[1, 0, 0] > 0.0
    assert (stood.position == moving.position).all()
    assert stood.state[1, 0].tolist() == [0.0] * 4
    assert (stood.state[2:] == expected.corrected(FIRST, moving.position).state[2:]).all()


def test_who_stood_for_long_sets_off_more_slowly_than_who_is_new():
    stander = Motion.begun(measured(BOX))
    for _ in range(30):
        stander = stander.predicted(Fading.over(0.2)).stood(FIRST, stander.position)
    new = Motion.begun(measured(BOX))
    assert matrices(stander)[1, 1] < 0.1 * matrices(new)[1, 1]
    assert (
        matrices(stander.predicted(Fading.over(1.0)))[0, 0]
        < 0.25 * matrices(new.predicted(Fading.over(1.0)))[0, 0]
    )


def test_only_what_was_measured_is_corrected():
    motion = Motion.begun(measured(np.concatenate([BOX, BOX + np.float32(200.0)]))).predicted(
        Fading.over(0.2)
    )
    corrected = motion.corrected(np.array([1]), measured(BOX + np.float32(203.0)))
    assert (corrected.state[:, 0] == motion.state[:, 0]).all()
    assert (corrected.state[0, 1, :2] > motion.state[0, 1, :2]).all()
    assert (corrected.state[2, 1] < motion.state[2, 1]).all()
