"""A frame: the analysed picture of one camera at one moment."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edge.values.fix import Fix
from edge.values.hot import Counts
from edge.values.moment import Moment

Pixels = npt.NDArray[np.uint8]


class Size(NamedTuple):
    """Width and height in pixels, in this order."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """One analysed picture.

    Attributes:
        camera: camera id of the configuration.
        run: id of the run of the camera's pipeline; `seq` counts within it.
        seq: number of the sampled frame within the run, from 0.
        moment: presentation time of the picture.
        pixels: uint8 H×W×3, RGB, read-only; already scaled for the detector, not padded.
        source: size of the picture as the camera sent it.
        wide: the same picture, uint8 h×w×3, RGB, read-only, at the size that a density model wants; None
            where the camera has none.
        fix: where a moving camera was then; None where it does not say, and for cameras that hang still.
        counts: what each pixel of a thermal camera counted, uint16 h×w, read-only, at the camera's own
            resolution; None where it does not count, and for all other cameras.
    """

    camera: str
    run: str
    seq: int
    moment: Moment
    pixels: Pixels
    source: Size
    wide: Pixels | None = None
    fix: Fix | None = None
    counts: Counts | None = None

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(
                f"a frame wants uint8 pixels of H×W×3, got {self.pixels.dtype} {self.pixels.shape}"
            )
        for pixels in (self.pixels, self.wide, self.counts):
            if pixels is not None and pixels.flags.writeable:
                pixels.setflags(write=False)

    @property
    def size(self) -> Size:
        """Size of the analysed picture; boxes of detections and tracks are in its pixels."""
        height, width = self.pixels.shape[:2]
        return Size(width, height)

    def __repr__(self) -> str:
        return (
            f"Frame({self.camera!r}, run={self.run!r}, seq={self.seq}, {self.size.width}x{self.size.height})"
        )
