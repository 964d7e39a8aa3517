"""Non-maximum suppression: of boxes that show the same thing, the best stays."""

from typing import Any

import numpy as np
import numpy.typing as npt

from edge.detect.candidates import Floats, Rows

Classes = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

BLOCK = 128
_BEFORE = np.triu(np.ones((BLOCK, BLOCK), np.bool_), 1)


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


def suppress(boxes: Floats, classes: Classes, nms_iou: float, across_iou: float) -> Rows:
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
    alike = (classes == classes[0]).all()
    limits = (np.float32(nms_iou), np.float32(nms_iou if alike else across_iou))
    stay = np.empty(0, np.intp)
    # Blocks, so that the cost is that of the boxes that stay times all, and tables fit into the cache.
    for start in range(0, n, BLOCK):
        rows = np.arange(start, min(start + BLOCK, n))
        if len(stay):
            rows = rows[~_close(boxes, classes, stay, rows, limits).any(axis=0)]
        fresh = rows[_greedy(_close(boxes, classes, rows, rows, limits))]
        stay = np.concatenate([stay, fresh]) if len(stay) else fresh
    return stay


def _greedy(close: Flags) -> Flags:
    """Which boxes stay of those whose overlaps n×n are known, best first.

    Greedy suppression is the one solution of: stays[j] = no i < j that stays is close to j. Each round
    settles at least one more link of every chain of overlaps; mostly two or three rounds settle all.
    """
    n = len(close)
    beats = close & _BEFORE[:n, :n]
    stays: Flags = np.logical_not(beats.any(axis=0))  # the first round: every box is there to be beaten by
    while True:
        settled: Flags = np.logical_not(beats[stays].any(axis=0))
        if (settled == stays).all():
            return stays
        stays = settled


def _close(
    boxes: Floats, classes: Classes, some: Rows, others: Rows, limits: tuple[np.float32, np.float32]
) -> Flags:
    """Whether boxes `some` and `others` overlap more than two things may, n×m.

    As in `iou_matrix`, without its division: s / (a + b − s) > t ⇔ s > (a + b)·t / (1 + t).
    """
    a = np.ascontiguousarray(boxes[some].T)
    b = a if others is some else np.ascontiguousarray(boxes[others].T)
    side = np.minimum(a[2:, :, None], b[2:, None])
    side -= np.maximum(a[:2, :, None], b[:2, None])
    np.maximum(side, 0, out=side)
    shared = side[0]
    shared *= side[1]
    permitted: Floats = _areas(a)[:, None] + _areas(b)
    within, across = (limit / (1 + limit) for limit in limits)
    if within == across:
        permitted *= within
    else:
        permitted *= np.where(classes[some][:, None] == classes[others], within, across)
    close: Flags = shared > permitted
    return close


def _areas(corners: Floats) -> Floats:
    """Areas n of boxes 4×n."""
    areas: Floats = (corners[2] - corners[0]) * (corners[3] - corners[1])
    return areas
