"""The outline of a picture: where edges are, whatever light falls on them.

Law: each edge is told in shares of the edges around it, so that dusk, a lamp, infrared light, fog and a
camera's exposure change an outline little; sensor noise alone makes a faint one. An outline shows nobody.
"""

import numpy as np
import numpy.typing as npt

from edge.values.frame import Pixels

Grey = npt.NDArray[np.float32]
Outline = npt.NDArray[np.float32]

COLUMNS = 104  # samples along the width of a small picture: 4 pixels each at 416
NEAR = 4  # an edge is compared with those up to this far away, samples
FAINT = np.float32(6.0)  # a step of so many grey levels between a sample's neighbours is noise


def small_of(pixels: Pixels, across: int = COLUMNS) -> Grey:
    """The picture in small: means of the green channel over squares, which also take most noise away.

    Args:
        pixels: uint8 H×W×3, RGB.
        across: samples along its width, about.

    Returns:
        float32 h×w.
    """
    side = max(1, -(-pixels.shape[1] // across))
    rows, columns = max(1, pixels.shape[0] // side), max(1, pixels.shape[1] // side)
    green = pixels[: rows * side, : columns * side, 1]
    lines = np.add.reduce(green.reshape(rows, side, -1), axis=1, dtype=np.uint16)
    sums = np.add.reduce(lines.reshape(rows, columns, side), axis=2, dtype=np.uint32)
    small: Grey = sums.astype(np.float32) / np.float32(side * side)
    return small


def outline_of(small: Grey) -> Outline:
    """Strength of the edge at each inner sample of a small picture, about 0 to 3.

    Args:
        small: float32 h×w, at least 3×3.

    Returns:
        float32 (h-2)×(w-2).
    """
    across = small[1:-1, 2:] - small[1:-1, :-2]
    down = small[2:, 1:-1] - small[:-2, 1:-1]
    energy = across * across
    energy += down * down
    outline: Outline = np.sqrt(energy / (mean_near(energy) + FAINT * FAINT))
    return outline


def mean_near(values: Grey) -> Grey:
    """Mean of each square of 2 × `NEAR` + 1 samples a side; borders are repeated outwards."""
    side = 2 * NEAR + 1
    padded = np.pad(values, ((NEAR + 1, NEAR), (NEAR + 1, NEAR)), mode="edge")
    padded[0], padded[:, 0] = 0.0, 0.0
    sums = padded.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    whole = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    mean: Grey = np.maximum(whole / (side * side), 0.0).astype(np.float32)
    return mean
