"""Where the pieces of a patch's outline lie, worked out once for as long as it keeps its shape.

Law: places are flat indices into the whole picture, in the order of its rows.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.once import once
from edge.view.outline import Grey
from edge.view.patch import Flags, Patch, grown, shrunk

Places = npt.NDArray[np.intp]

RIM = 3
"""How many cells beyond a patch are looked at."""


@dataclass(frozen=True, eq=False)
class Outline:
    """One patch in pictures of one shape."""

    patch: Patch
    shape: tuple[int, int]

    @once
    def where(self) -> tuple[slice, slice]:
        """The rectangle of the patch and its rim, within the picture."""
        patch, (rows, columns) = self.patch, self.shape
        down = slice(max(0, patch.top - RIM), min(rows, patch.bottom + RIM))
        return down, slice(max(0, patch.left - RIM), min(columns, patch.right + RIM))

    @once
    def _cells(self) -> Flags:
        """The patch in that rectangle."""
        cells, patch = np.zeros([side.stop - side.start for side in self.where], np.bool_), self.patch
        top, left = patch.top - self.where[0].start, patch.left - self.where[1].start
        cells[top : top + patch.cells.shape[0], left : left + patch.cells.shape[1]] = patch.cells
        return cells

    @once
    def halo(self) -> Flags:
        """The patch and two cells around it, in that rectangle."""
        return grown(grown(self._cells))

    @once
    def inner(self) -> Places:
        """The patch."""
        return self._flat(self._cells)

    @once
    def outer(self) -> Places:
        """What lies around it, a cell apart."""
        return self._flat(grown(self.halo) & ~grown(self._cells))

    @once
    def _ring(self) -> tuple[Places, Places, Places, Places, Grey, Grey]:
        """Cells before and after each one of the border, by row and by column, and one by their distance."""
        rows, columns = (self.halo & ~shrunk(shrunk(self._cells))).nonzero()
        rows, columns = rows + self.where[0].start, columns + self.where[1].start
        up, down = np.maximum(rows - 1, 0), np.minimum(rows + 1, self.shape[0] - 1)
        left, right = np.maximum(columns - 1, 0), np.minimum(columns + 1, self.shape[1] - 1)
        across, wide = self.shape[1] * rows, self.shape[1]
        steps = [(1 / np.maximum(step, 1)).astype(np.float32) for step in (down - up, right - left)]
        return up * wide + columns, down * wide + columns, across + left, across + right, *steps

    def steepness(self, picture: Grey) -> float:
        """Mean slope on the border of the patch, two cells to both sides, grey levels a cell."""
        up, down, left, right, by_row, by_column = self._ring
        falls = picture.take(down)
        falls -= picture.take(up)
        falls *= by_row
        runs = picture.take(right)
        runs -= picture.take(left)
        runs *= by_column
        return float(np.add.reduce(np.hypot(falls, runs))) / len(falls)

    def _flat(self, cells: Flags) -> Places:
        rows, columns = cells.nonzero()
        flat = (rows + self.where[0].start) * self.shape[1] + columns + self.where[1].start
        return np.asarray(flat, np.intp)
