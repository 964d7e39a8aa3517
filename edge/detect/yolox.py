"""YOLOX: an anchor-free head with objectness, over grids of stride 8, 16 and 32.

Source: Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430; `demo/ONNXRuntime` of
Megvii-BaseDetection/YOLOX (Apache-2.0) for models exported without decoding.
"""

from collections.abc import Sequence

import numpy as np

from edge.detect.candidates import Candidates, Shape, Tensor, cells, from_centres, possible
from edge.values.frame import Size

STRIDES = (8, 16, 32)


def shapes(size: Size, classes: int) -> tuple[Shape, ...]:
    """One output [1, n, 5 + classes], n cells of all grids."""
    return ((1, sum((size.width // s) * (size.height // s) for s in STRIDES), 5 + classes),)


def decode(outputs: Sequence[Tensor], size: Size, floor: float) -> Candidates:
    """Candidates of at least `floor`.

    Each row of float32 [1, n, 5 + classes] is x y w h objectness class…; objectness and classes are
    probabilities. With the cell's column c and row r and the stride s:
    centre = (x + c, y + r)·s, size = (eʷ, eʰ)·s, score = objectness · best class.
    """
    table = outputs[0][0]
    # the score is at most the objectness, so that few rows are worth a look at their classes
    rows = possible(table[:, 4], floor)
    found = table[rows]
    classes = found[:, 5:].argmax(axis=1)
    scores = found[:, 4] * found[:, 5:].max(axis=1)
    column, row, stride = cells(size, STRIDES)[:, rows]
    wide, high = np.exp(found[:, 2:4]).T * stride
    boxes = from_centres((found[:, 0] + column) * stride, (found[:, 1] + row) * stride, wide, high)
    return Candidates(boxes, scores, classes).take(possible(scores, floor))
