"""Whether a picture shows anything that those before it did not: what a frozen camera's never do.

Law: a live sensor is never still. By light its noise changes some pixels with every key frame, a frozen
picture changes none but those of a clock that a recorder draws on it. A thermal camera's noise is so faint
that little of it is left of a key frame: there every single pixel is life. What an encoder makes of one and
the same picture is not one picture but a round of them, key frame and what refines it, that comes again.
"""

import zlib

import numpy as np
import numpy.typing as npt

from edge.values.frame import Frame, Pixels
from edge.values.moment import Moment

Thumbnail = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

SIDE = 64  # samples along the longer side of a thumbnail
CLOCK_SHARE = 0.025
"""Largest share of a picture in which a drawn clock changes it: one of a twentieth of its height has less."""
CLOCK_STRIP = 0.15
"""Share of the height, above or below, in which such a clock stands."""
ROUND_S = 30.0
"""Longest round, seconds: key frames are hardly ever further apart."""


class Unchanged:
    """Compares the pictures of a camera for light, by samples, with the last one that was new."""

    def __init__(self, same_share: float, same_level: int) -> None:
        """Of the samples `same_share` may change by more than `same_level` in the same picture."""
        self._share, self._level = same_share, same_level
        self._first: Thumbnail | None = None
        self._clock: Flags | None = None  # what has changed in a picture that is else the same

    def is_new(self, _: Frame, thumbnail: Thumbnail) -> bool:
        """Whether a picture with this thumbnail shows what the last new one did not."""
        first = self._first
        if first is not None and first.shape == thumbnail.shape:
            difference = np.maximum(thumbnail, first) - np.minimum(thumbnail, first)
            changed = difference > self._level
            if np.count_nonzero(changed) <= self._share * changed.size or self._is_clock(changed):
                return False
        self._first, self._clock = thumbnail, None
        return True

    def _is_clock(self, changed: Flags) -> bool:
        """Whether all that changed since the last new picture may be a clock that is drawn on it."""
        ever = changed if self._clock is None else self._clock | changed
        strip = max(1, round(CLOCK_STRIP * len(ever)))
        if ever[strip:-strip].any() or np.count_nonzero(ever) > CLOCK_SHARE * ever.size:
            return False
        self._clock = ever
        return True


class Unrepeated:
    """Compares what a thermal camera counted with the pictures of the last `round_s` seconds."""

    def __init__(self, round_s: float = ROUND_S) -> None:
        self._round_s = round_s
        self._seen: dict[int, Moment] = {}

    def is_new(self, frame: Frame, _: Thumbnail) -> bool:
        """Whether no picture like this one, pixel by pixel, was shown here lately."""
        shown = zlib.crc32(np.ascontiguousarray(frame.pixels if frame.counts is None else frame.counts).data)
        known = self._seen.pop(shown, None) is not None
        self._seen[shown] = frame.moment
        while frame.moment.seconds_since(self._seen[oldest := next(iter(self._seen))]) > self._round_s:
            del self._seen[oldest]
        return not known


def thumbnail_of(pixels: Pixels) -> Thumbnail:
    """Samples of the green channel on a grid of at most 64 a side: not averaged, which would hide noise.

    Args:
        pixels: uint8 H×W×3.

    Returns:
        uint8 h×w.
    """
    step = -(-max(pixels.shape[:2]) // SIDE)
    return np.ascontiguousarray(pixels[step // 2 :: step, step // 2 :: step, 1])
