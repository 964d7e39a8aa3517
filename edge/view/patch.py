"""Patches: cells of a picture that belong together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.once import once

Flags = npt.NDArray[np.bool_]
Run = tuple[int, int, int]
"""Cells beside each other: their row, the first column and the one after the last."""


@dataclass(frozen=True, eq=False)
class Patch:
    """Cells that belong together, within the rectangle that holds them.

    Attributes:
        top, left: its first row and column.
        cells: bool h×w, which cells of the rectangle.
    """

    top: int
    left: int
    cells: Flags

    @once
    def bottom(self) -> int:
        """Row after its last."""
        return self.top + int(self.cells.shape[0])

    @once
    def right(self) -> int:
        """Column after its last."""
        return self.left + int(self.cells.shape[1])

    @once
    def where(self) -> tuple[slice, slice]:
        """The rectangle, to take it out of an array of the whole picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @once
    def size(self) -> int:
        """Number of its cells."""
        return int(np.count_nonzero(self.cells))

    def whole(self, shape: tuple[int, int]) -> Flags:
        """The cells in a picture of that shape."""
        flags = np.zeros(shape, np.bool_)
        flags[self.where] = self.cells
        return flags

    def equals(self, other: "Patch") -> bool:
        """Whether both have the same cells."""
        if self is other:
            return True
        same = self.top == other.top and self.left == other.left and self.cells.shape == other.cells.shape
        return same and not np.count_nonzero(self.cells != other.cells)

    def shared(self, other: "Patch") -> int:
        """Number of cells that both have."""
        if self is other:
            return self.size
        top, bottom = max(self.top, other.top), min(self.bottom, other.bottom)
        left, right = max(self.left, other.left), min(self.right, other.right)
        if top >= bottom or left >= right:
            return 0
        one = self.cells[top - self.top : bottom - self.top, left - self.left : right - self.left]
        two = other.cells[top - other.top : bottom - other.top, left - other.left : right - other.left]
        return int(np.count_nonzero(one & two))


def grown(flags: Flags) -> Flags:
    """These cells and those beside them, also across corners."""
    return np.asarray(around(flags) > 0)


def shrunk(flags: Flags) -> Flags:
    """Those of these cells that have only such cells around them."""
    return np.asarray(around(flags) == 9)


def around(flags: Flags) -> np.ndarray:
    """How many of the 3×3 cells around each are set; beyond the border none are."""
    counts = np.zeros((flags.shape[0] + 2, flags.shape[1] + 2), np.uint8)
    counts[1:-1, 1:-1] = flags
    rows = counts[:-2] + counts[1:-1] + counts[2:]
    return np.asarray(rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:])


def cropped(flags: Flags) -> tuple[int, int, Flags]:
    """First row and column of what is set, and the rectangle that holds it, as a copy; something is."""
    (rows,), (columns,) = (np.logical_or.reduce(flags, axis=axis).nonzero() for axis in (1, 0))
    top, left = int(rows[0]), int(columns[0])
    return top, left, flags[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1].copy()


def patch_of(runs: Iterable[Run], crop: Flags, top: int, left: int, least: int = 1) -> Patch | None:
    """The cells of a crop that lie in these runs, as a patch of the picture; None if they are too few."""
    rows, begins, ends = zip(*runs, strict=True)
    first, side = rows[0], min(begins)
    mine = np.zeros((rows[-1] + 1 - first, max(ends) - side), np.bool_)
    for row, begin, end in zip(rows, begins, ends, strict=True):
        mine[row - first, begin - side : end - side] = crop[row, begin:end]
    if np.count_nonzero(mine) < least:
        return None
    down, right, cells = cropped(mine)
    return Patch(top + first + down, left + side + right, cells)


def connected(flags: Flags) -> list[list[Run]]:
    """Connected cells (8 neighbours), each as its runs from top to bottom.

    Each row's runs join those that they touch in the row above (union-find).
    """
    padded = np.zeros((flags.shape[0], flags.shape[1] + 2), np.int8)
    padded[:, 1:-1] = flags
    edges = padded[:, 1:] - padded[:, :-1]
    row_of, begin = np.nonzero(edges == 1)
    runs = list(zip(row_of.tolist(), begin.tolist(), np.nonzero(edges == -1)[1].tolist(), strict=True))
    parents = list(range(len(runs)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    above = 0
    for number, (row, first, last) in enumerate(runs):
        while runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] < first):
            above += 1
        other = above
        while runs[other][0] == row - 1 and runs[other][1] <= last:
            parents[root(number)] = root(other)
            other += 1
    groups: dict[int, list[Run]] = {}
    for number, run in enumerate(runs):
        groups.setdefault(root(number), []).append(run)
    return list(groups.values())
