"""NanoDet: boxes as distributions over the distance of each side, on grids of stride 8, 16 and 32.

Source: Li et al., "Generalized Focal Loss", arXiv:2006.04388; RangiLyu/nanodet (Apache-2.0), `gfl_head.py`.
"""

from collections.abc import Sequence

import numpy as np

from edge.detect.candidates import Candidates, Floats, Shape, Tensor, cells, possible
from edge.values.frame import Size

STRIDES = (8, 16, 32)


def shapes(size: Size, classes: int) -> tuple[Shape, ...]:
    """Class outputs [1, n, classes], then distance outputs [1, n, 4·bins], each by stride 8, 16, 32."""
    cells_of = [(size.width // s) * (size.height // s) for s in STRIDES]
    return (*((1, n, classes) for n in cells_of), *((1, n, None) for n in cells_of))


def decode(outputs: Sequence[Tensor], size: Size, floor: float) -> Candidates:
    """Candidates of at least `floor`.

    Class outputs are probabilities. Distance outputs are logits, `bins` for each of left, top, right, bottom;
    a distance is the mean of softmax over 0..bins − 1, in strides, from the middle of the cell.
    """
    scores, classes, logits, cell = [], [], [], []
    start = 0
    for probabilities, distances in zip(outputs[:3], outputs[3:], strict=True):
        best = probabilities[0].max(axis=1)
        rows = possible(best, floor)
        scores.append(best[rows])
        classes.append(probabilities[0][rows].argmax(axis=1))
        logits.append(distances[0][rows])
        cell.append(rows + start)
        start += len(best)
    column, row, stride = cells(size, STRIDES)[:, np.concatenate(cell)]
    left, top, right, bottom = distances_of(np.concatenate(logits)).T * stride
    x, y = (column + np.float32(0.5)) * stride, (row + np.float32(0.5)) * stride
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=1)
    return Candidates(boxes, np.concatenate(scores), np.concatenate(classes))


def distances_of(logits: Floats) -> Floats:
    """Mean distance of each side, n×4 in bins, from logits n×(4·bins)."""
    bins = logits.shape[1] // 4
    sides = logits.reshape(-1, 4, bins)
    weights = np.exp(sides - sides.max(axis=2, keepdims=True))
    mean: Floats = weights @ np.arange(bins, dtype=np.float32) / weights.sum(axis=2)
    return mean
