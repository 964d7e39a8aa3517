"""Candidates: what a decoder reads from a model's tensors, before anything is thrown out.

Law: candidates may overlap, leave the picture, or hold numbers that are none; `answer` judges them.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.values.frame import Size

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]
Tensor = npt.NDArray[Any]
Shape = tuple[int | None, ...]
"""Shape that a family wants of an output; None where any length is right."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Possible objects, a struct of arrays of equal length n.

    Attributes:
        boxes: float32 n×4, x1 y1 x2 y2 in pixels of the model's input.
        scores: float32 n.
        classes: int n, index into the labels.
    """

    boxes: Floats
    scores: Floats
    classes: npt.NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, rows: npt.NDArray[Any]) -> "Candidates":
        """The rows chosen by an index array or a mask of length n."""
        return Candidates(self.boxes[rows], self.scores[rows], self.classes[rows])


def possible(scores: Floats, floor: float) -> Rows:
    """Indices of the scores that are not below the floor; NaN is kept, so that it is found later."""
    low = scores < np.float32(floor)
    return np.logical_not(low, out=low).nonzero()[0]


def from_centres(cx: Floats, cy: Floats, width: Floats, height: Floats) -> Floats:
    """Boxes n×4 x1 y1 x2 y2 from centres and sizes, each of length n."""
    half_w, half_h = width / 2, height / 2
    boxes: Floats = np.empty((len(cx), 4), np.float32)
    np.subtract(cx, half_w, out=boxes[:, 0], casting="same_kind")
    np.subtract(cy, half_h, out=boxes[:, 1], casting="same_kind")
    np.add(cx, half_w, out=boxes[:, 2], casting="same_kind")
    np.add(cy, half_h, out=boxes[:, 3], casting="same_kind")
    return boxes


@lru_cache(maxsize=8)
def cells(size: Size, strides: tuple[int, ...]) -> Floats:
    """Column, row and stride of every cell, float32 3×n, of grids that lie one after the other, row by row.

    The same for every frame, so it is remembered.
    """
    grids = []
    for stride in strides:
        columns, rows = np.meshgrid(np.arange(size.width // stride), np.arange(size.height // stride))
        grids.append(np.stack([columns.ravel(), rows.ravel(), np.full(columns.size, stride)]))
    table = np.concatenate(grids, axis=1).astype(np.float32)
    table.setflags(write=False)
    return table
