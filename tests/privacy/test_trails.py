import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edge.privacy.trails import Hold, Trail, Trails
from edge.values.tracks import Tracks

HOLD = Hold(ends_s=2.0, gap_s=4.0, near_s=0.25)


def trail(*sightings: tuple[float, tuple[float, float, float, float]]) -> Trail:
    times, boxes = zip(*sightings, strict=True)
    return Trail(np.array(times), np.array(boxes, float), 0)


def holds(outer: np.ndarray | None, inner: tuple[float, ...]) -> bool:
    return outer is not None and bool(
        (outer[:2] <= np.array(inner[:2]) + 1e-9).all() and (outer[2:] >= np.array(inner[2:]) - 1e-9).all()
    )


LEFT, RIGHT = (10.0, 10.0, 20.0, 40.0), (60.0, 12.0, 70.0, 42.0)


@pytest.mark.parametrize("time_s", [5.0, 5.1, 6.5, 8.9, 9.0])
def test_between_two_sightings_everything_between_them_is_filled(time_s: float):
    box = trail((5.0, LEFT), (9.0, RIGHT)).box_at(time_s, HOLD)
    if 5.0 < time_s < 9.0:
        assert holds(box, LEFT)
        assert holds(box, RIGHT)
    else:
        assert holds(box, LEFT if time_s == 5.0 else RIGHT)


@pytest.mark.parametrize("time_s", [3.0, 4.2, 5.0, 6.0, 7.0])
def test_the_place_is_held_before_the_first_and_after_the_last_sighting(time_s: float):
    assert holds(trail((5.0, LEFT)).box_at(time_s, HOLD), LEFT)


@pytest.mark.parametrize("time_s", [2.9, 7.1])
def test_a_hold_ends(time_s: float):
    assert trail((5.0, LEFT)).box_at(time_s, HOLD) is None


def test_who_walks_is_held_on_the_way_on_and_on_the_way_back():
    walker = trail((5.0, (10, 10, 20, 40)), (5.5, (15, 10, 25, 40)))
    assert holds(walker.box_at(7.0, HOLD), (30, 10, 40, 40))
    assert holds(walker.box_at(3.5, HOLD), (-5, 10, 5, 40))


def test_a_box_that_lost_its_legs_for_one_picture_is_no_smaller_person():
    blinking = trail((0.0, LEFT), (0.2, (10, 10, 20, 22)), (0.4, LEFT))
    assert holds(blinking.box_at(0.2, HOLD), LEFT)


@settings(max_examples=100, deadline=None)
@given(
    some.lists(some.tuples(some.floats(0, 9), *[some.floats(0, 200)] * 2), min_size=1, max_size=8),
    some.floats(-3, 12),
)
def test_the_sightings_around_a_time_are_always_covered(seen: list, time_s: float):
    rows = sorted({round(t, 2): (x, y, x + 10, y + 30) for t, x, y in seen}.items())
    box = trail(*rows).box_at(time_s, HOLD)
    if rows[0][0] - HOLD.ends_s <= time_s <= rows[-1][0] + HOLD.ends_s:
        before = [b for t, b in rows if t <= time_s][-1:]
        after = [b for t, b in rows if t >= time_s][:1]
        assert before or after
        assert all(holds(box, each) for each in (*before, *after))
    else:
        assert box is None


def tracks(seen: bool, x: float) -> Tracks:
    return Tracks(
        np.array([7], np.int64),
        np.array([[x, 1, x + 2, 5]], np.float32),
        np.array([0.5], np.float32),
        np.array([3], np.int16),
        np.array([1], np.int32),
        np.array([True]),
        np.array([seen]),
    )


def test_only_what_was_seen_is_a_sighting():
    trails = Trails()
    for n, seen in enumerate((True, False, True)):
        trails.add(n * 0.5, tracks(seen, float(n)))
    (closed,) = trails.closed()
    assert closed.times_s.tolist() == [0.0, 1.0]
    assert closed.boxes[:, 0].tolist() == [0.0, 2.0]
    assert closed.kind == 3
