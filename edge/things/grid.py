"""The small picture in which things are looked for, and where its cells lie.

Law: a cell is a square of pixels of the analysed picture; a picture is about 208 cells wide, so that a bag
of 40 cm twenty metres away covers about a dozen.
"""

from collections.abc import Sequence

import numpy as np

from edge.values.detections import Boxes
from edge.values.fact import UnitBox
from edge.values.frame import Pixels
from edge.view.outline import Grey, small_of
from edge.view.patch import Flags
from edge.view.polygon import inside

COLUMNS = 208
AROUND = 0.06
"""By how much a body may reach beyond its box, share of the box's height."""


class Grid:
    """The cells of pictures of one size."""

    def __init__(self, width: int, height: int) -> None:
        self.side = max(1, -(-width // COLUMNS))
        self.shape = max(1, height // self.side), max(1, width // self.side)
        self.width, self.height = width, height

    def grey(self, pixels: Pixels) -> Grey:
        """Mean of the green channel over each cell.

        Args:
            pixels: uint8 H×W×3, RGB.

        Returns:
            float32 rows×columns.
        """
        return small_of(pixels, COLUMNS)

    def covered(self, boxes: Boxes, beyond: int = 1) -> Flags:
        """Which cells lie in one of these boxes, or hardly beyond it.

        Args:
            boxes: pixels, n×4.
            beyond: how many cells beyond where the body itself may reach.
        """
        cells = np.zeros(self.shape, np.bool_)
        if not len(boxes):
            return cells
        sides = boxes.astype(np.float64)
        more = AROUND * (sides[:, 3:] - sides[:, 1:2]) + beyond * self.side
        sides[:, :2] -= more
        sides[:, 2:] += more + self.side
        edges = np.maximum((sides / self.side).astype(np.int64), 0).tolist()
        for left, top, right, bottom in edges:
            cells[top:bottom, left:right] = True
        return cells

    def inside(self, polygon: Sequence[tuple[float, float]]) -> Flags:
        """Which cells have their middle in a polygon of the unit square, by the even-odd rule."""
        rows, columns = self.shape
        y = (np.arange(rows) + 0.5) * self.side / self.height
        return inside(polygon, (np.arange(columns) + 0.5) * self.side / self.width, y)

    def unit_box(self, top: int, left: int, bottom: int, right: int) -> UnitBox:
        """Rows and columns (the last ones not included) as a box of the unit square."""
        across, down = self.side / self.width, self.side / self.height
        return left * across, top * down, min(1.0, right * across), min(1.0, bottom * down)
