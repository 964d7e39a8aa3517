"""Frames for tests."""

import numpy as np
import numpy.typing as npt

from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment


def frame_of(pixels: npt.NDArray[np.uint8], seq: int = 0, camera: str = "gate") -> Frame:
    """A frame of these pixels, uint8 H×W×3, RGB, five a second."""
    height, width = pixels.shape[:2]
    moment = Moment(seq * 200_000_000, seq * 200_000_000, ClockTrust.REPLAY)
    return Frame(camera, "run", seq, moment, pixels, Size(width, height))


def grey_frame(width: int = 64, height: int = 36, seq: int = 0) -> Frame:
    """A frame without anything in it."""
    return frame_of(np.full((height, width, 3), 114, np.uint8), seq)
