import numpy as np
import pytest

from edge.evaluate.leak import Leak, boxed, leak
from edge.values.frame import Size


def test_the_share_of_bodies_pixels_that_is_not_filled():
    bodies, covered = np.zeros((2, 10, 10), np.bool_)
    bodies[2:6, 2:7] = True
    covered[2:6, :6] = True
    assert leak(bodies, covered) == Leak(20, 4, 1)
    assert leak(bodies, covered).share == 0.2


def test_stretches_add_up():
    assert Leak(20, 4, 1) + Leak(80, 0, 0) == Leak(100, 4, 1)


def test_where_nobody_is_nothing_comes_out():
    nobody = np.zeros((4, 4), np.bool_)
    assert leak(nobody, nobody).share == 0.0


def test_masks_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="one size"):
        leak(np.zeros((4, 4), np.bool_), np.zeros((4, 5), np.bool_))


def test_a_box_touches_every_pixel_it_leans_into_and_none_outside_the_picture():
    mask = boxed([(-0.2, 0.15, 0.25, 0.5), (1.2, 0.0, 1.4, 0.1)], Size(10, 10))
    ys, xs = np.nonzero(mask)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (0, 2, 1, 4)
    assert mask.sum() == 12
