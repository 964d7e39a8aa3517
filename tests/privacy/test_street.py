import numpy as np
import pytest

from edge.privacy.fill import BLOCK_PX
from edge.privacy.street import Street, stirred

HEIGHT, WIDTH = 90, 120
BODY = (slice(40, 72), slice(50, 60))
ROWS, COLUMNS = slice(5, 9), slice(7, 8)  # blocks that lie in the body
NOBODY = np.empty((0, 4))
BOX = np.array([[50.0, 40.0, 60.0, 72.0]])


def picture(body: bool, brighter: int = 0, seed: int | None = None, contrast: int = 25) -> np.ndarray:
    pixels = np.random.default_rng(3).integers(60, 140, (HEIGHT, WIDTH, 3)).astype(int)
    if body:
        pixels[BODY] += contrast
    if seed is not None:
        pixels = pixels + np.random.default_rng(seed).normal(0, 3, pixels.shape).round().astype(int)
    return np.clip(pixels + brighter, 0, 255).astype(np.uint8)


def street(bodies: list[bool], found: list[np.ndarray] | None = None, every_s: float = 1.0) -> Street:
    pictures = [picture(body, seed=n) for n, body in enumerate(bodies)]
    return Street.of(pictures, found or [NOBODY] * len(bodies), every_s)


def test_who_walked_in_and_stands_still_is_not_the_street():
    strange = street([False] * 20 + [True] * 2).strange(picture(True, seed=99))
    assert strange[ROWS, COLUMNS].all()


def test_the_empty_street_is_the_street():
    assert not street([False] * 20).strange(picture(False, seed=99)).any()


def test_a_cloud_over_the_whole_street_is_nobody():
    assert not street([False] * 20).strange(picture(False, brighter=-8, seed=99)).any()


def test_light_hides_nobody():
    strange = street([False] * 20).strange(picture(True, brighter=-8, seed=99))
    assert strange[ROWS, COLUMNS].all()


def test_a_place_that_nobody_explains_has_two_appearances_and_is_never_shown():
    # Stood there for most of the clip, then left: the median shows the person, the rest the pavement.
    both = street([True] * 14 + [False] * 6)
    assert both.strange(picture(True))[ROWS, COLUMNS].all()
    assert both.strange(picture(False))[ROWS, COLUMNS].all()


def test_a_place_where_somebody_was_found_has_one():
    left = street([False] * 14 + [True] * 6, [NOBODY] * 14 + [BOX] * 6)
    assert not left.doubtful.any()


def test_who_passes_unexplained_leaves_no_doubt_behind():
    assert not street([False] * 10 + [True] + [False] * 10).doubtful.any()


@pytest.mark.parametrize("count", [1, 2])
def test_a_clip_of_hardly_a_picture_has_a_street(count: int):
    assert street([False] * count).strange(picture(True))[ROWS, COLUMNS].all()


def test_what_changed_since_the_picture_before_is_seen_with_its_surroundings():
    blocks = stirred(picture(False), picture(True))
    assert blocks[ROWS, COLUMNS].all()
    assert not blocks[:, : 50 // BLOCK_PX - 1].any()


def test_a_block_that_leans_out_of_the_picture_counts_by_its_part_inside():
    before = np.full((82, 80, 3), 90, np.uint8)  # two rows of pixels in the last row of blocks
    now = before.copy()
    now[80:, 16:32] = 130
    assert stirred(before, now)[-1, 2:4].all()
