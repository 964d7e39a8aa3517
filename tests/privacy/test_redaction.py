import numpy as np
import pytest

from edge.privacy.fill import grid_of
from edge.privacy.redaction import DARK, Redaction, Sighting, packed
from edge.privacy.trails import Hold, Trail
from edge.values.frame import Size

SIZE = Size(96, 64)
PALETTE = np.array([[250, 10, 10], [10, 10, 250]], np.uint8)
NOTHING = packed(np.zeros(grid_of(64, 96), np.bool_))
EMPTY = (np.empty((0, 4)), np.empty(0, np.intp))
BOX = np.array([[20.0, 10.0, 30.0, 40.0]])


def redaction(answered: list[float], strange: list[bytes] | None = None, trails: tuple = ()) -> Redaction:
    """Twenty pictures, ten a second, of which every other one was to be looked at."""
    times = tuple(n / 10 for n in range(20))
    sightings = tuple(Sighting(time_s, *EMPTY) for time_s in answered)
    return Redaction(SIZE, times, strange or [NOTHING] * 20, sightings, trails, 0.2, Hold())


ALL = [n / 5 for n in range(10)]


def test_every_picture_has_a_region_and_an_empty_street_is_shown():
    plan = redaction(ALL)
    assert len(plan) == 20
    assert not any(plan.region(n, n / 10).covers(SIZE).any() for n in range(20))


def test_a_picture_without_an_answer_is_filled_whole_with_all_until_the_next_answers():
    plan = redaction([time_s for time_s in ALL if time_s != 0.8])
    whole = [n for n in range(20) if plan.region(n, n / 10).whole]
    assert whole == [7, 8, 9]
    assert plan.region(8, 0.8).covers(SIZE).all()


def test_a_clip_without_any_answer_is_filled_whole():
    plan = redaction([])
    assert all(plan.region(n, n / 10).whole for n in range(20))


@pytest.mark.parametrize(("index", "time_s"), [(3, 0.31), (20, 2.0), (4, 0.3)])
def test_a_picture_that_the_clip_was_not_planned_with_is_filled_whole(index: int, time_s: float):
    assert redaction(ALL).region(index, time_s).whole


def test_what_was_found_is_filled_in_the_pictures_around_it():
    sightings = [Sighting(t, *EMPTY) if t != 0.8 else Sighting(t, BOX, np.array([1])) for t in ALL]
    plan = Redaction(SIZE, [n / 10 for n in range(20)], [NOTHING] * 20, sightings, (), 0.2, Hold())
    filled = [n for n in range(20) if plan.region(n, n / 10).covers(SIZE)[10:40, 20:30].all()]
    assert set(filled) >= {7, 8, 9}
    picture = plan.region(8, 0.8).filled(np.full((64, 96, 3), 200, np.uint8), PALETTE)
    assert (picture[25, 25] == PALETTE[1]).all()


def test_who_is_lost_for_a_while_is_filled_all_the_while():
    trail = Trail(np.array([0.0, 1.8]), np.concatenate([BOX, BOX]), 0)
    plan = redaction(ALL, trails=(trail,))
    assert all(plan.region(n, n / 10).covers(SIZE)[10:40, 20:30].all() for n in range(20))


def test_without_a_hold_the_same_person_comes_out():
    trail = Trail(np.array([0.4]), BOX, 0)
    plan = Redaction(
        SIZE,
        [n / 10 for n in range(20)],
        [NOTHING] * 20,
        [Sighting(t, *EMPTY) for t in ALL],
        (trail,),
        0.2,
        Hold(ends_s=0.0, gap_s=0.0, near_s=0.0),
    )
    assert [n for n in range(20) if plan.region(n, n / 10).covers(SIZE).any()] == [4]


def test_what_is_not_the_street_is_filled_at_the_size_of_the_picture_and_shortly_before_and_after():
    blocks = np.zeros(grid_of(64, 96), np.bool_)
    blocks[2, 3] = True
    strange = [NOTHING] * 20
    strange[10] = packed(blocks)
    plan = redaction(ALL, strange)
    assert [n for n in range(20) if plan.region(n, n / 10).blocks.any()] == list(range(7, 14))
    picture = plan.region(10, 1.0).filled(np.full((192, 288, 3), 200, np.uint8), PALETTE)
    assert (picture[48:72, 72:96] == DARK).all()
    assert (picture != 200).any(axis=2).sum() == 24 * 24


def test_a_box_that_is_none_fills_the_picture():
    sightings = [Sighting(t, np.array([[1.0, 2.0, np.nan, 4.0]]), np.array([0])) for t in ALL]
    plan = Redaction(SIZE, [n / 10 for n in range(20)], [NOTHING] * 20, sightings, (), 0.2, Hold())
    assert plan.region(5, 0.5).covers(SIZE).all()


def test_blocks_of_another_number_than_pictures_are_refused():
    with pytest.raises(ValueError, match="blocks for 20 pictures, got 19"):
        redaction(ALL, [NOTHING] * 19)
