"""Takes a change of light out of what is remembered of a place.

Law: clouds, dusk, a lamp and the camera's exposure change a place by a factor that is smooth over the
picture. It is measured where the street is seen, block by block, never where something may stand on it.
"""

import numpy as np
import numpy.typing as npt

from edge.view.outline import Grey
from edge.view.patch import Flags

Weights = npt.NDArray[np.float32]

BLOCK = 13
"""Cells per side of a block: a sixteenth of the picture's width."""
LEAST_SEEN = 0.2
"""Share of a block that must be street for its factor to be measured."""
ONES = np.ones((1, BLOCK), np.float32)
WEAKEST, STRONGEST = 0.25, 4.0


class Light:
    """The light of small pictures of one shape, measured in blocks and linear between their middles."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._columns = _held(shape[1])
        self._down, self._across = np.ascontiguousarray(_between(shape[0]).T), _between(shape[1])
        self._areas = np.outer(_held(shape[0]).sum(axis=1), self._columns.sum(axis=1))
        self._blocks = np.zeros((3, len(self._areas), BLOCK, shape[1]), np.float32)
        """What is weighed, by rows of blocks; what the last one lacks stays 0."""
        self._weighed = self._blocks.reshape(3, -1, shape[1])[:, : shape[0]]

    def factor(self, now: Grey, before: Grey, street: Flags) -> Grey:
        """By how much each cell is lighter now than before; 1 everywhere where no street is seen.

        Args:
            now, before: float32 rows×columns.
            street: which cells show nothing but the street, both times.
        """
        weights = self._weighed[0]
        np.copyto(weights, street)
        np.multiply(weights, now, out=self._weighed[1])
        np.multiply(weights, before, out=self._weighed[2])
        seen, here, there = self._sums()
        known = seen >= LEAST_SEEN * self._areas
        if not known.any():
            return np.ones_like(now)
        ratio = (here + 1) / (there + 1)
        np.minimum(np.maximum(ratio, WEAKEST, out=ratio), STRONGEST, out=ratio)
        if not known.all():
            ratio[~known] = _median(ratio[known])
        return np.asarray(self._down @ (ratio @ self._across), np.float32)

    def _sums(self) -> Weights:
        """Over each block, of what is weighed: 3×rows×columns of blocks."""
        of_rows = (ONES @ self._blocks).reshape(-1, self._blocks.shape[3])
        return np.asarray((of_rows @ self._columns.T).reshape(*self._blocks.shape[:2], -1), np.float32)


def _median(values: Weights) -> float:
    """What `np.median` says of at least one number, at a fifth of its price for a few."""
    ordered = np.sort(values)
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / np.float32(2))


def _held(cells: int) -> Weights:
    """Which cells each block holds, float32 blocks×cells of 0 and 1; the last block may be short."""
    held: Weights = np.equal(np.arange(cells) // BLOCK, np.arange(-(-cells // BLOCK))[:, None]).astype(
        np.float32
    )
    return held


def _between(cells: int) -> Weights:
    """Weight of each block at each cell, float32 blocks×cells, linear between their middles."""
    starts = np.arange(0, cells, BLOCK)
    middles = (starts + np.minimum(starts + BLOCK, cells) - 1) / 2
    return np.array([np.interp(np.arange(cells), middles, unit) for unit in np.eye(len(starts))], np.float32)
