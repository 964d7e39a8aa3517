import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edge.privacy.fill import BLOCK_PX, moving, solid_fill

RED = np.array([[255, 0, 0]], np.uint8)


def street(height: int = 60, width: int = 80) -> np.ndarray:
    return np.random.default_rng(1).integers(1, 200, (height, width, 3), dtype=np.uint8)


def test_a_box_becomes_one_colour_and_the_rest_stays():
    before = street()
    after = solid_fill(before, np.array([[10.2, 20.7, 30.1, 40.0]]), RED, margin=0.0)
    assert (after[20:40, 10:31] == RED).all()
    kept = np.ones(before.shape[:2], bool)
    kept[20:40, 10:31] = False
    assert (after[kept] == before[kept]).all()


def test_the_picture_itself_is_not_touched():
    before = street()
    copy = before.copy()
    solid_fill(before, np.array([[0, 0, 80, 60]]), RED)
    assert (before == copy).all()


def test_the_margin_grows_every_side_by_a_share_of_the_longer_one():
    after = solid_fill(street(), np.array([[20.0, 20.0, 30.0, 40.0]]), RED, margin=0.1)
    ys, xs = np.nonzero((after == RED).all(axis=2))
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (18, 31, 18, 41)


@pytest.mark.parametrize("box", [[-50, -50, -10, -10], [90, 70, 99, 99]])
def test_a_box_outside_fills_nothing(box: list[int]):
    before = street()
    assert (solid_fill(before, np.array([box], float), RED, margin=0.0) == before).all()


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_box_that_is_none_fills_everything(wrong: float):
    assert not solid_fill(street(), np.array([[1.0, 2.0, wrong, 4.0]]), RED).any()


def test_no_box_is_no_fill():
    before = street()
    assert (solid_fill(before, np.empty((0, 4)), np.empty((0, 3), np.uint8)) == before).all()


@settings(max_examples=100, deadline=None)
@given(some.lists(some.tuples(*[some.floats(-30, 110)] * 4), min_size=1, max_size=6), some.floats(0, 1))
def test_no_pixel_under_any_box_survives(corners: list, margin: float):
    boxes = np.array(corners)
    boxes = np.concatenate(
        (np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])), 1
    )
    after = solid_fill(street(), boxes, np.repeat(RED, len(boxes), 0), margin)
    for x1, y1, x2, y2 in boxes:
        inside = after[max(0, int(y1)) : max(0, int(np.ceil(y2))), max(0, int(x1)) : max(0, int(np.ceil(x2)))]
        if x2 > x1 and y2 > y1:
            assert (inside == RED).all()


def test_what_moves_is_found_with_its_surroundings():
    before = np.full((60, 80, 3), 90, np.uint8)
    now = before.copy()
    now[20:32, 40:46] = 200
    boxes = moving(before, now)
    covered = solid_fill(now, boxes, np.repeat(RED, len(boxes), 0), margin=0.0)
    assert (covered[20 - BLOCK_PX : 32, 40 - BLOCK_PX : 46 + 1] == RED).all()
    assert (covered[:8] == 90).all()


def test_a_quiet_noisy_picture_does_not_move():
    dice = np.random.default_rng(2)
    noisy = [np.clip(dice.normal(100, 6, (61, 83, 3)), 0, 255).astype(np.uint8) for _ in range(2)]
    assert moving(*noisy).shape == (0, 4)
