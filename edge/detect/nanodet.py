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
    probabilities = [output[0] for output in outputs[:3]]
    best = np.concatenate([p.max(axis=1) for p in probabilities])
    rows = possible(best, floor)
    level, column, row = cells(
        rows, tuple(size.width // s for s in STRIDES), tuple(size.height // s for s in STRIDES)
    )
    classes = np.empty(len(rows), np.intp)
    logits = np.empty((len(rows), outputs[3].shape[2]), np.float32)
    for which, (scores, distances) in enumerate(zip(probabilities, outputs[3:], strict=True)):
        here = level == which
        cell = row[here] * (size.width // STRIDES[which]) + column[here]
        classes[here] = scores[cell].argmax(axis=1)
        logits[here] = distances[0][cell]
    stride = np.asarray(STRIDES, np.float32)[level]
    left, top, right, bottom = distances_of(logits).T * stride
    x, y = (column + np.float32(0.5)) * stride, (row + np.float32(0.5)) * stride
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=1).astype(np.float32, copy=False)
    return Candidates(boxes, best[rows], classes)


def distances_of(logits: Floats) -> Floats:
    """Mean distance of each side, n×4 in bins, from logits n×(4·bins)."""
    bins = logits.shape[1] // 4
    sides = logits.reshape(-1, 4, bins)
    weights = np.exp(sides - sides.max(axis=2, keepdims=True))
    mean: Floats = weights @ np.arange(bins, dtype=np.float32) / weights.sum(axis=2)
    return mean
