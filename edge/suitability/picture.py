"""How good a picture is for finding people: light, focus, compression.

Law: grey pictures in, numbers out. What a number means is said in `verdict`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]

BLOCK = 8


@dataclass(frozen=True, slots=True)
class Quality:
    """What a picture is like.

    Attributes:
        mean: brightness, 0..255.
        contrast: standard deviation of the brightness.
        clipped: share of the samples that are black or white altogether.
        sharpness: how much fine detail a slight blur takes away, 0 (blurred already) to 1.
        blockiness: how much stronger steps are at the borders of 8×8 blocks than within; 1 where not at all.
    """

    mean: float
    contrast: float
    clipped: float
    sharpness: float
    blockiness: float


def grey_of(pixels: npt.NDArray[np.uint8]) -> Grey:
    """Brightness H×W of RGB pixels, by ITU-R BT.601."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    grey: Grey = pixels.astype(np.float32) @ weights
    return grey


def quality_of(grey: Grey) -> Quality:
    """Look at one picture.

    Args:
        grey: float32 H×W, 0..255, at the camera's own resolution, at least 32×32.
    """
    clipped = float(np.mean((grey <= 4) | (grey >= 251)))
    return Quality(float(grey.mean()), float(grey.std()), clipped, sharpness(grey), blockiness(grey))


def sharpness(grey: Grey) -> float:
    """How much a slight blur changes: variance of the Laplacian, before against after.

    The variance of the Laplacian alone grows with contrast and with what is in the picture; the share of it
    that a 3×3 mean takes away does not. Samples are averaged in fours first, which halves a sensor's noise.
    Source of the idea of blurring again: Crete et al., "The blur effect", SPIE 6492, 2007.
    """
    half = _halved(grey)
    before, after = float(_laplacian(half).var()), float(_laplacian(_blurred(half)).var())
    return 1.0 - after / before if before > 1e-6 else 0.0


def blockiness(grey: Grey) -> float:
    """Mean step at the borders of 8×8 blocks over the mean step between all other columns and rows.

    Source: Wang, Sheikh and Bovik, "No-reference perceptual quality assessment of JPEG", ICIP 2002.
    """
    ratios = [_steps_at_borders(grey), _steps_at_borders(grey.T)]
    return float(np.mean(ratios))


def _steps_at_borders(grey: Grey) -> float:
    steps = np.abs(np.diff(grey, axis=1)).mean(axis=0)
    at_border = np.arange(1, grey.shape[1]) % BLOCK == 0
    inside = float(steps[~at_border].mean())
    return float(steps[at_border].mean()) / inside if inside > 1e-6 else 1.0


def _halved(grey: Grey) -> Grey:
    even = grey[: grey.shape[0] // 2 * 2, : grey.shape[1] // 2 * 2]
    halved: Grey = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / np.float32(4)
    return halved


def _laplacian(grey: Grey) -> Grey:
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    edges: Grey = around - np.float32(4) * middle
    return edges


def _blurred(grey: Grey) -> Grey:
    """Mean of 3×3 samples."""
    rows = grey[:-2] + grey[1:-1] + grey[2:]
    blurred: Grey = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(9)
    return blurred
