"""FastestDet: one grid of stride 16, one box for each cell.

Source: dog-qiuqiu/FastestDet (BSD-3-Clause), `example/onnx-runtime`.
"""

from collections.abc import Sequence

import numpy as np

from edge.detect.candidates import Candidates, Floats, Shape, Tensor, cells, from_centres, possible
from edge.values.frame import Size

STRIDE = 16


def shapes(size: Size, classes: int) -> tuple[Shape, ...]:
    """One output [1, 5 + classes, rows, columns]."""
    return ((1, 5 + classes, size.height // STRIDE, size.width // STRIDE),)


def decode(outputs: Sequence[Tensor], size: Size, floor: float) -> Candidates:
    """Candidates of at least `floor`.

    Float32 [1, 5 + classes, H, W]: objectness o, x, y, w, h, then probabilities of the classes. With the
    cell's column c and row r: centre = ((c + tanh x)/W, (r + tanh y)/H), size = (σ(w), σ(h)), both of the
    input; score = o^0.6 · best class^0.4.
    """
    table = outputs[0][0].reshape(outputs[0].shape[1], -1)
    # the score is at most o^0.6, which leaves few cells to look at
    rows = possible(table[0], floor ** (1 / 0.6))
    found = table[:, rows]
    classes = found[5:].argmax(axis=0)
    probability = found[5:].max(axis=0)
    scores: Floats = (found[0] ** np.float32(0.6)) * (probability ** np.float32(0.4))
    column, row, _ = cells(size, (STRIDE,))[:, rows]
    cx, cy = (column + np.tanh(found[1])) * STRIDE, (row + np.tanh(found[2])) * STRIDE
    wide, high = 1 / (1 + np.exp(-found[3:5]))
    boxes = from_centres(cx, cy, wide * size.width, high * size.height)
    return Candidates(boxes, scores, classes).take(possible(scores, floor))
