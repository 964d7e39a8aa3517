"""How good a picture is for finding people: light, focus, compression.

Law: grey pictures in, numbers out. What a number means is said in `verdict`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.suitability.sharpness import Grey, sharpness

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
