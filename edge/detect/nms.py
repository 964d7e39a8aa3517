"""Non-maximum suppression: of boxes that show the same thing, the best stays."""

from typing import Any

import numpy as np
import numpy.typing as npt

from edge.detect.candidates import Floats, Rows


def iou_matrix(a: Floats, b: Floats) -> Floats:
    """Intersection over union n×m of boxes n×4 and m×4, x1 y1 x2 y2; 0 where both are empty."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    side = np.maximum(high - low, np.float32(0))
    shared = side[..., 0] * side[..., 1]
    area_a, area_b = ((x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1]) for x in (a, b))
    union = area_a[:, None] + area_b[None, :] - shared
    overlap: Floats = shared / np.maximum(union, np.float32(1e-9))
    return overlap


def suppress(boxes: Floats, classes: npt.NDArray[Any], nms_iou: float, across_iou: float) -> Rows:
    """Indices of the boxes that stay, ascending.

    A box goes when a better one that itself stays overlaps it by more than `nms_iou` (same class) or
    `across_iou` (another class).

    Args:
        boxes: float32 n×4, x1 y1 x2 y2, best first.
        classes: int n.
        nms_iou: limit within a class, 0..1.
        across_iou: limit between classes, 0..1.
    """
    n = len(boxes)
    if n < 2 or min(nms_iou, across_iou) >= 1:
        return np.arange(n)
    limit = np.where(classes[:, None] == classes[None, :], np.float32(nms_iou), np.float32(across_iou))
    beats = np.triu(iou_matrix(boxes, boxes) > limit, k=1)
    # Greedy suppression is the one solution of: stays[j] = no i < j that stays beats j. Each round settles at
    # least one more link of every chain of overlaps, so that this ends, mostly after two or three rounds.
    stays: npt.NDArray[np.bool_] = np.ones(n, np.bool_)
    while True:
        settled = np.logical_not(np.any(beats[stays], axis=0))
        if np.array_equal(settled, stays):
            return np.flatnonzero(stays)
        stays = settled
