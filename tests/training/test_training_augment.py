"""Training pictures keep their labels on what they show."""

import numpy as np
import pytest

from models.training.augment import Augment, Variety
from models.training.data import Labelled

PLAIN = Variety(four=0, nine=0, plain=1, grey=0, night=0, blur=0, noise=0, jpeg=0)
BLUE = (0, 0, 255)


def street(score=1.0):
    """A grey picture with one blue object in it."""
    pixels = np.full((240, 320, 3), 120, np.uint8)
    pixels[60:180, 100:160] = BLUE
    return Labelled(
        "street",
        pixels,
        np.array([[100, 60, 160, 180]], np.float32),
        np.array([0], np.int64),
        np.array([score], np.float32),
    )


def blueness(pixels):
    return pixels[..., 2].astype(int) - pixels[..., 0]


def test_a_plain_picture_is_fitted_with_its_box():
    example = Augment(416, 256, PLAIN).make([street()], np.random.default_rng(0))
    assert example.pixels.shape == (256, 416, 3)
    assert example.boxes[0] == pytest.approx(np.array([100, 60, 160, 180]) * 256 / 240, abs=0.01)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("count", [1, 4, 9])
def test_boxes_stay_on_their_objects(seed, count):
    tame = Variety(plain=0, grey=0, night=0, blur=0, noise=0, jpeg=0)
    example = Augment(416, 256, tame).make([street()] * count, np.random.default_rng(seed))
    shown = blueness(example.pixels)
    back = np.median(shown)
    for x1, y1, x2, y2 in example.boxes.astype(int):
        middle = shown[(y1 + y2) // 2, (x1 + x2) // 2]
        assert middle > back + 40
        assert 0 <= x1 < x2 <= 416
        assert 0 <= y1 < y2 <= 256


def test_a_doubtful_label_is_a_place_to_ignore():
    example = Augment(416, 256, PLAIN).make([street(score=0.2)], np.random.default_rng(0))
    assert len(example.boxes) == 0
    assert len(example.ignore) == 1


def test_the_same_seed_gives_the_same_picture():
    augment = Augment(416, 256, Variety())
    one, two = (augment.make([street()] * 4, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.pixels, two.pixels)
    assert np.array_equal(one.boxes, two.boxes)


def test_the_number_of_pictures_follows_the_recipe():
    rng = np.random.default_rng(1)
    counts = {Augment(64, 64, Variety()).wanted(rng) for _ in range(200)}
    assert counts == {1, 4, 9}


def test_a_close_view_fills_the_picture_with_its_object():
    close = Variety(four=0, nine=0, plain=0, close=1, grey=0, night=0, blur=0, noise=0, jpeg=0)
    sizes = []
    for seed in range(30):
        example = Augment(416, 256, close).make([street()], np.random.default_rng(seed))
        sizes += (example.boxes[:, 3] - example.boxes[:, 1]).tolist()
    assert np.median(sizes) > 150  # 128 is what the object has in a picture that just covers


def test_pictures_kept_at_their_own_scale_keep_their_sizes():
    own = Variety(plain=0, close=0, least_scale=1, most_scale=1, own_pixels=True, grey=0, night=0, blur=0)
    example = Augment(160, 128, own).make([street()], np.random.default_rng(1))
    shown = blueness(example.pixels) > 60
    assert shown.any(0).sum() == pytest.approx(60, abs=12)
