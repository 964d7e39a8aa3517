"""Ultralytics exports: the raw head of YOLOv8 and YOLO11, and the end-to-end head of YOLOv10 and later.

Source: the documented output of `yolo export format=onnx` (https://docs.ultralytics.com/modes/export/), with
`nms=False` for the raw head; Wang et al., "YOLOv10", arXiv:2405.14458, for the end-to-end head. No code was
taken from that project, which is AGPL-3.0.
"""

from collections.abc import Sequence

import numpy as np

from edge.detect.candidates import Candidates, Shape, Tensor, from_centres, possible
from edge.values.frame import Size

STRIDES = (8, 16, 32)


def raw_shapes(size: Size, classes: int) -> tuple[Shape, ...]:
    """One output [1, 4 + classes, n], n cells of all grids."""
    return ((1, 4 + classes, sum((size.width // s) * (size.height // s) for s in STRIDES)),)


def decode_raw(outputs: Sequence[Tensor], _: Size, floor: float) -> Candidates:
    """Candidates of at least `floor`.

    Float32 [1, 4 + classes, n]: rows cx cy w h in pixels of the input, then one row of probabilities for each
    class. The best score of each column is taken along contiguous rows, before anything is transposed.
    """
    table = outputs[0][0]
    best = table[4:].max(axis=0)
    columns = possible(best, floor)
    found = table[:, columns]
    boxes = from_centres(found[0], found[1], found[2], found[3])
    return Candidates(boxes, best[columns], found[4:].argmax(axis=0))


def end2end_shapes(_: Size, __: int) -> tuple[Shape, ...]:
    """One output [1, n, 6], any n."""
    return ((1, None, 6),)


def decode_end2end(outputs: Sequence[Tensor], _: Size, floor: float) -> Candidates:
    """Candidates of at least `floor`.

    Float32 [1, n, 6]: each row is x1 y1 x2 y2 in pixels of the input, score, class index.
    """
    table = outputs[0][0]
    found = table[possible(table[:, 4], floor)]
    # no number of a class that is none: -1 is told as a wrong class
    classes = np.nan_to_num(found[:, 5], nan=-1, posinf=-1, neginf=-1).astype(np.intp)
    return Candidates(found[:, :4], found[:, 4], classes)
