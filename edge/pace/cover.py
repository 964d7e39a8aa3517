"""Which boxes hide others.

Law: who stands nearer, lower in the picture, hides who stands behind; nobody hides themselves. Only boxes
that overlap are compared, so that the work grows with these and not with the square of all.
"""

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64

COVERED = 0.2
"""Share of its box that another covers from which the box says nothing of its place."""


def hidden(boxes: F64) -> F64:
    """Share of each box n×4 that the nearer one that covers most of it covers, n."""
    one, other = _beside(boxes)
    left, top, right, bottom = boxes.T
    feet, others = bottom[one], bottom[other]
    apart, high = feet - others, np.minimum(feet, others) - np.maximum(top[one], top[other])
    some = ((high > 0) & (apart != 0)).nonzero()[0]
    one, other = one[some], other[some]
    wide = np.minimum(right[one], right[other]) - np.maximum(left[one], left[other])
    most = np.zeros(len(boxes))
    np.maximum.at(most, np.where(apart[some] < 0, one, other), wide * high[some])
    return np.asarray(most / _areas(boxes))


def covered_by(boxes: F64, others: F64) -> F64:
    """Share of each box n×4 that the one of others m×4 that covers most of it covers, n."""
    if not len(boxes) or not len(others):
        return np.zeros(len(boxes))
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.maximum(high - low, 0.0).prod(axis=2).max(axis=1) / _areas(boxes))


def _areas(boxes: F64) -> F64:
    left, top, right, bottom = boxes.T
    return np.asarray(np.maximum((right - left) * (bottom - top), 1e-12))


def _beside(boxes: F64) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs of boxes that overlap from left to right, each once: a sweep over their left sides."""
    order = boxes[:, 0].argsort()
    left, right = boxes[order, 0], boxes[order, 2]
    rank = np.arange(len(order))
    followers = np.maximum(left.searchsorted(right) - rank - 1, 0)  # begin before it ends
    one = rank.repeat(followers)
    begins = followers.cumsum() - followers
    other = np.arange(len(one)) - begins[one] + one + 1
    return order[one], order[other]
