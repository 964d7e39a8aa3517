"""The outline of a picture: where edges are, whatever light falls on them.

Law: each edge is told in shares of the edges around it, so that dusk, a lamp, infrared light, fog and a
camera's exposure change an outline little; sensor noise alone makes a faint one. An outline shows nobody.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from edge.values.frame import Pixels

Grey = npt.NDArray[np.float32]
Outline = npt.NDArray[np.float32]

COLUMNS = 104  # samples along the width of a small picture: 4 pixels each at 416
NEAR = 4  # an edge is compared with those up to this far away, samples
WIDEST_16 = 16  # sums over squares of so many pixels a side fit 16 bits
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
    lines = _folded(pixels[: rows * side], side, np.uint16)  # of every colour: one alone costs more
    kind = np.uint16 if side <= WIDEST_16 else np.uint32
    sums = _folded(lines[:, : columns * side, 1].T, side, kind).T
    small: Grey = sums.astype(np.float32) / np.float32(side * side)
    return small


def stretched(small: Grey, shape: tuple[int, int]) -> Grey:
    """A small picture drawn over other samples, float32 of `shape`: what is told in shares of a picture stays
    where it was."""
    height, width = small.shape
    return np.asarray(_drawn_over(shape[0], height) @ small @ _drawn_over(shape[1], width).T, np.float32)


@lru_cache(maxsize=8)
def _drawn_over(wanted: int, had: int) -> npt.NDArray[np.float32]:
    """The share of each sample that there was in each that is wanted: of two neighbours, by distance."""
    at = np.clip((np.arange(wanted) + 0.5) * had / wanted - 0.5, 0, had - 1)
    shares: npt.NDArray[np.float32] = np.maximum(0.0, 1.0 - np.abs(at[:, None] - np.arange(had)))
    return shares.astype(np.float32)


def _folded(values: np.ndarray, side: int, kind: type[np.unsignedinteger]) -> np.ndarray:
    """Sums of so many rows each."""
    if side == 1:
        return values.astype(kind)
    sums = np.add(values[::side], values[1::side], dtype=kind)
    for row in range(2, side):
        sums += values[row::side]
    return np.asarray(sums)


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
    height, width = values.shape
    return np.asarray(_shares(height) @ values @ _shares(width).T, np.float32)


@lru_cache(maxsize=8)
def _shares(n: int) -> npt.NDArray[np.float32]:
    """The share of each of n samples in a row in the mean near each of them, n×n."""
    near = np.clip(np.arange(n)[:, None] + np.arange(-NEAR, NEAR + 1), 0, n - 1)
    counts = np.zeros((n, n), np.float32)
    np.add.at(counts, (np.arange(n)[:, None], near), 1)
    shares: npt.NDArray[np.float32] = counts / np.float32(2 * NEAR + 1)
    return shares
