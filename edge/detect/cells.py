"""Cells of 4×4 samples, in which the motion gate adds up what it compares."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.uint16]

CELL = 4
BYTE = np.uint16(0xFF)


def cell_sums(samples: Samples) -> Sums:
    """Sum of the samples of each cell.

    Args:
        samples: uint8 H×W, both multiples of 4.

    Returns:
        uint16 H/4 × W/4.
    """
    words = samples.view(np.uint16)  # a row of a cell is two words of two samples each
    pairs = words & BYTE
    pairs += words >> 8
    rows = pairs.reshape(len(samples) // CELL, CELL, -1)
    halves = np.add.reduce(rows, axis=1, dtype=np.uint16)
    sums: Sums = halves[:, 0::2] + halves[:, 1::2]
    return sums
