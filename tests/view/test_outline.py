"""The small picture and the means near its samples, against the same said slowly."""

import numpy as np
import pytest

from edge.view.outline import NEAR, mean_near, small_of


@pytest.mark.parametrize("shape", [(234, 416), (360, 640), (31, 50), (45, 100), (1200, 2000)])
@pytest.mark.parametrize("across", [104, 208])
def test_a_small_picture_is_the_mean_green_of_whole_squares(shape: tuple[int, int], across: int) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (*shape, 3), dtype=np.uint8)
    pixels[: shape[0] // 2] = 255  # sums as large as they get
    side = -(-shape[1] // across)
    rows, columns = shape[0] // side, shape[1] // side
    squares = pixels[: rows * side, : columns * side, 1].reshape(rows, side, columns, side)
    small = small_of(pixels, across)
    assert small.dtype == np.float32
    assert np.allclose(small, squares.mean(axis=(1, 3)), rtol=1e-6)


@pytest.mark.parametrize("shape", [(5, 7), (56, 102), (102, 56), (1, 1)])
def test_the_mean_near_repeats_borders_outwards(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(4).random(shape).astype(np.float32) * 1e4
    padded = np.pad(values.astype(np.float64), NEAR, mode="edge")
    squares = np.lib.stride_tricks.sliding_window_view(padded, (2 * NEAR + 1, 2 * NEAR + 1))
    near = mean_near(values)
    assert near.dtype == np.float32
    assert np.allclose(near, squares.mean(axis=(2, 3)), rtol=1e-5)
