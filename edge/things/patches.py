"""Patches: cells that belong together."""

from dataclasses import dataclass

import numpy as np

from edge.things.grid import Flags

LEAST_CELLS = 8
"""Fewer cells are noise: a bag of 40 cm has as many thirty metres away."""
MOST_PATCHES = 64
"""More at once are no things: leaves, snow, or a place that is another one."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Cells that belong together, within the rectangle that holds them.

    Attributes:
        top, left: its first row and column.
        cells: bool h×w, which cells of the rectangle.
    """

    top: int
    left: int
    cells: Flags

    @property
    def bottom(self) -> int:
        """Row after its last."""
        return self.top + int(self.cells.shape[0])

    @property
    def right(self) -> int:
        """Column after its last."""
        return self.left + int(self.cells.shape[1])

    @property
    def where(self) -> tuple[slice, slice]:
        """The rectangle, to take it out of an array of the whole picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def size(self) -> int:
        """Number of its cells."""
        return int(np.count_nonzero(self.cells))

    def whole(self, shape: tuple[int, int]) -> Flags:
        """The cells in a picture of that shape."""
        flags = np.zeros(shape, np.bool_)
        flags[self.where] = self.cells
        return flags

    def with_rim(self, shape: tuple[int, ...], rim: int = 3) -> "Patch":
        """The same cells in a rectangle that is larger on all sides, within a picture of that shape."""
        top, left = max(0, self.top - rim), max(0, self.left - rim)
        cells = np.zeros(
            (min(shape[0], self.bottom + rim) - top, min(shape[1], self.right + rim) - left), np.bool_
        )
        cells[self.top - top : self.bottom - top, self.left - left : self.right - left] = self.cells
        return Patch(top, left, cells)

    def shared(self, other: "Patch") -> int:
        """Number of cells that both have."""
        top, bottom = max(self.top, other.top), min(self.bottom, other.bottom)
        left, right = max(self.left, other.left), min(self.right, other.right)
        if top >= bottom or left >= right:
            return 0
        one = self.cells[top - self.top : bottom - self.top, left - self.left : right - self.left]
        two = other.cells[top - other.top : bottom - other.top, left - other.left : right - other.left]
        return int(np.count_nonzero(one & two))


def patches(flags: Flags) -> list[Patch] | None:
    """The patches of a picture, from top to bottom; None if there are more than can be things.

    Cells that stand alone go; cells with less than two others between them belong together.
    """
    if np.count_nonzero(flags) < LEAST_CELLS:
        return []
    solid = flags & (_around(flags) >= 4)
    rows, columns = np.nonzero(solid)
    if len(rows) < LEAST_CELLS:
        return []
    top, left = int(rows.min()), int(columns.min())
    crop = solid[top : int(rows.max()) + 1, left : int(columns.max()) + 1]
    labels, count = _labelled(grown(crop))
    labels = np.where(crop, labels, 0)
    if count > MOST_PATCHES * 4:
        return None
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    large = [label for label in range(1, count + 1) if sizes[label] >= LEAST_CELLS]
    return [_patch(labels, label, top, left) for label in large] if len(large) <= MOST_PATCHES else None


def grown(flags: Flags) -> Flags:
    """These cells and those beside them, also across corners."""
    return np.asarray(_around(flags) > 0)


def shrunk(flags: Flags) -> Flags:
    """Those of these cells that have only such cells around them."""
    return np.asarray(_around(flags) == 9)


def _around(flags: Flags) -> np.ndarray:
    """How many of the 3×3 cells around each are set; beyond the border none are."""
    counts = np.zeros((flags.shape[0] + 2, flags.shape[1] + 2), np.uint8)
    counts[1:-1, 1:-1] = flags
    rows = counts[:-2] + counts[1:-1] + counts[2:]
    return np.asarray(rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:])


def _patch(labels: np.ndarray, label: int, top: int, left: int) -> Patch:
    mine = labels == label
    rows, columns = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
    first, side = int(rows[0]), int(columns[0])
    return Patch(top + first, left + side, mine[first : int(rows[-1]) + 1, side : int(columns[-1]) + 1])


def _labelled(flags: Flags) -> tuple[np.ndarray, int]:
    """Connected cells (8 neighbours) by number from 1, and how many there are.

    By runs: each row's runs join those that they touch in the row above (union-find).
    """
    height, width = flags.shape
    padded = np.zeros((height, width + 2), np.int8)
    padded[:, 1:-1] = flags
    edges = np.diff(padded, axis=1)
    row_of, begin = np.nonzero(edges == 1)
    end = np.nonzero(edges == -1)[1]
    parents = list(range(len(row_of)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    firsts = np.searchsorted(row_of, np.arange(height + 1)).tolist()
    begins, ends = begin.tolist(), end.tolist()
    for row in range(1, height):
        above = firsts[row - 1]
        for run in range(firsts[row], firsts[row + 1]):
            while above < firsts[row] and ends[above] < begins[run]:
                above += 1
            other = above
            while other < firsts[row] and begins[other] <= ends[run]:
                parents[root(run)] = root(other)
                other += 1
    roots = [root(run) for run in range(len(parents))]
    numbers = {each: number for number, each in enumerate(dict.fromkeys(roots), 1)}
    labels = np.zeros((height, width), np.int32)
    for run, (row, first, last) in enumerate(zip(row_of.tolist(), begins, ends, strict=True)):
        labels[row, first:last] = numbers[roots[run]]
    return labels, len(numbers)
