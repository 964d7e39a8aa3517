"""Takes a change of light out of a picture before it is compared with another.

Law: a lamp, a cloud or the camera's exposure changes the light of a place by one factor, smoothly over the
picture, and keeps its texture; a thing that moves in changes the texture, at its edge at the least.
"""

import numpy as np
import numpy.typing as npt

from edge.detect.cells import CELL, Samples, cell_sums

Weights = npt.NDArray[np.float32]

BLOCK = 4  # cells per side of a block, for which one factor is measured
WEAKEST, STRONGEST = np.float32(0.25), np.float32(4.0)


class Light:
    """The light of pictures of one shape, measured in blocks and taken as linear between their centres."""

    def __init__(self, shape: tuple[int, int]) -> None:
        """For samples of this shape, both sides multiples of 4."""
        height, width = shape
        self._in_rows, self._in_columns = in_blocks(height // CELL), in_blocks(width // CELL)
        self._between_rows, self._between_columns = between_blocks(height), between_blocks(width)

    def transferred(self, now: Samples, before: Samples) -> Samples:
        """The picture `before` as it would look in the light of the picture `now`.

        Args:
            now, before: uint8 of the shape that this light is for.
        """
        factor: Weights = np.clip((self._bright(now) + 1) / (self._bright(before) + 1), WEAKEST, STRONGEST)
        lit: Weights = self._between_rows.T @ (factor @ self._between_columns)
        lit *= before
        lit += np.float32(0.5)
        transferred: Samples = np.minimum(lit, np.float32(255)).astype(np.uint8)
        return transferred

    def _bright(self, samples: Samples) -> Weights:
        """Sum of the samples of each block."""
        bright: Weights = self._in_rows @ cell_sums(samples).astype(np.float32) @ self._in_columns.T
        return bright


def in_blocks(cells: int) -> Weights:
    """Which cells each block holds, float32 blocks×cells of 0 and 1; the last block may be short."""
    blocks = -(-cells // BLOCK)
    held: Weights = np.equal(np.arange(cells) // BLOCK, np.arange(blocks)[:, None]).astype(np.float32)
    return held


def between_blocks(side: int) -> Weights:
    """Weight of each block at each of `side` samples, float32 blocks×side, linear between their centres."""
    starts = np.arange(0, side, CELL * BLOCK)
    centres = (starts + np.minimum(starts + CELL * BLOCK, side) - 1) / 2
    at = np.arange(side)
    return np.array([np.interp(at, centres, unit) for unit in np.eye(len(starts))], np.float32)
