"""Cells of 4×4 samples, in which the motion gate adds up what it compares."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.uint16]

CELL = 4
PAIRS = np.uint32(0x00FF00FF)


def cell_sums(samples: Samples) -> Sums:
    """Sum of the samples of each cell.

    Args:
        samples: uint8 H×W, both multiples of 4.

    Returns:
        uint16 H/4 × W/4.
    """
    words = samples.view(np.uint32)  # a row of a cell is one word: its bytes are added two at a time
    pairs = (words & PAIRS) + ((words >> 8) & PAIRS)
    sums = pairs[0::CELL] + pairs[1::CELL] + pairs[2::CELL] + pairs[3::CELL]
    return ((sums & 0xFFFF) + (sums >> 16)).astype(np.uint16)
