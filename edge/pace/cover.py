"""Which boxes hide others.

Law: who stands nearer, lower in the picture, hides who stands behind; nobody hides themselves. Only boxes
that overlap are compared where there are many, so that the work grows with these and not with the square of
all.
"""

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64

Rows = npt.NDArray[np.intp]

COVERED = 0.2
"""Share of its box that another covers from which the box says nothing of its place."""
FEW = 64
"""So many are sooner compared each with each than sorted."""


def hidden(boxes: F64) -> F64:
    """Share of each box n×4 that the nearer one that covers most of it covers, n."""
    if len(boxes) <= FEW:
        return _hidden_of_few(boxes)
    order, one, other = _beside(boxes)
    corners = boxes.T.take(order, axis=1)
    these, those = corners.take(one, axis=1), corners.take(other, axis=1)
    shared = np.minimum(these[2:], those[2:]) - np.maximum(these[:2], those[:2])
    apart = these[3] - those[3]
    some = ((shared[1] > 0) & (apart != 0)).nonzero()[0]
    wide, high = shared.take(some, axis=1)
    behind = np.where(apart.take(some) < 0, one.take(some), other.take(some))
    most = np.zeros(len(boxes))
    np.maximum.at(most, order.take(behind), wide * high)
    return np.asarray(most / _areas(boxes))


def _hidden_of_few(boxes: F64) -> F64:
    """The same, each compared with each."""
    low, high = boxes.T[:2], boxes.T[2:]
    both = np.minimum(high[:, :, None], high[:, None])
    both -= np.maximum(low[:, :, None], low[:, None])
    wide, shared = both
    np.maximum(wide, 0.0, out=wide)
    shared *= wide
    shared *= high[1][:, None] < high[1]
    return np.asarray(np.maximum.reduce(shared, axis=1, initial=0.0) / _areas(boxes))


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


def _beside(boxes: F64) -> tuple[Rows, Rows, Rows]:
    """Boxes n×4 by their left sides, and pairs of places in that order whose boxes overlap from left to
    right, each once: a sweep over their left sides."""
    order = boxes[:, 0].argsort()
    left, right = boxes[:, 0].take(order), boxes[:, 2].take(order)
    after = np.arange(1, len(order) + 1)
    followers = np.maximum(left.searchsorted(right), after) - after  # begin before it ends
    ends = followers.cumsum()
    one = (after - 1).repeat(followers)
    other = np.arange(len(one)) + (after - ends + followers).take(one)
    return order, one, other
