"""The pictures of a thermal camera: counts for whoever judges heat, and a grey picture for the detector.

Law: counts are taken as the camera sent them, each pixel, before anything scales or rounds. The grey picture
is white-hot, spread between what is cold and what is warm there, and follows slowly, so that a change of the
spread is no motion. A camera that ought to send counts and sends 8 bits has none: nobody makes them up.
"""

import re

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from edge.adapters.av_spec import ThermalPicture
from edge.values.hot import Counts

GREY_COUNTS = re.compile(r"gray(9|10|12|14|16)(le|be)")
LUMA_FIRST = re.compile(r"(gray|yuvj?4[0-9]{2}p|nv12|nv21)")
FOLLOW = 0.1
"""Share by which the spread follows each picture."""
FAR = 1.0
"""What lies by so many spreads elsewhere is another picture, and is followed at once."""
WARM = 3.0
"""What is warmer than the middle by so many times the usual spread is white: a fire must not make all else
black."""
SAMPLE = 8
Grey = npt.NDArray[np.uint8]


class ThermalReader:
    """Takes the pictures of one source."""

    def __init__(self, spec: ThermalPicture) -> None:
        self._spec = spec
        self._low = self._high = 0.0

    def read(self, picture: VideoFrame) -> tuple[Counts | None, VideoFrame]:
        """The counts of a decoded picture, None where it has none, and what the detector is to see.

        Returns:
            uint16 h×w, hot is high, as the camera counted (0..255 of a grey picture), and a picture in grey.
        """
        deep = GREY_COUNTS.fullmatch(picture.format.name)
        if self._spec.least_span is not None and deep is None:
            return None, picture
        if deep is None:
            grey = _luma(picture)
            grey = 255 - grey if self._spec.black_hot else grey
            return grey.astype(np.uint16), VideoFrame.from_ndarray(np.ascontiguousarray(grey), format="gray")
        counts = _counts(picture, big=deep[2] == "be")
        grey = self._spread(counts)
        if self._spec.least_span is None:  # counts that nobody calibrated are as good as their picture
            grey = 255 - grey if self._spec.black_hot else grey
            counts = grey.astype(np.uint16)
        return counts, VideoFrame.from_ndarray(grey, format="gray")

    def _spread(self, counts: Counts) -> Grey:
        low, high = self._bounds(counts[::SAMPLE, ::SAMPLE])
        span = max(self._high - self._low, 1e-6)
        if abs(low - self._low) > FAR * span or abs(high - self._high) > FAR * span:
            self._low, self._high = low, high
        else:
            self._low += FOLLOW * (low - self._low)
            self._high += FOLLOW * (high - self._high)
        steps = (np.arange(65_536, dtype=np.float32) - np.float32(self._low)) * np.float32(
            255.0 / max(self._high - self._low, 1e-6)
        )
        table = np.clip(steps, 0, 255).astype(np.uint8)
        return np.asarray(table[counts])

    def _bounds(self, some: Counts) -> tuple[float, float]:
        """What is black and what is white, counts."""
        low, cool, middle, warm, high = np.percentile(some, (1, 10, 50, 90, 99.5)).tolist()
        least = self._spec.least_span or 64.0
        high = max(min(high, middle + max(WARM * (warm - cool), least)), low + 1.0)
        more = max(0.0, least - (high - low)) / 2
        return low - more, high + more


def _counts(picture: VideoFrame, big: bool) -> Counts:
    plane = picture.planes[0]
    kind = np.dtype(">u2" if big else "<u2")
    rows = np.frombuffer(memoryview(plane), kind).reshape(picture.height, plane.line_size // 2)
    return np.asarray(rows[:, : picture.width].astype(np.uint16))


def _luma(picture: VideoFrame) -> Grey:
    """The grey of a picture as it came, without a step of conversion where it has a plane of its own."""
    if LUMA_FIRST.fullmatch(picture.format.name) is None:
        return np.asarray(picture.to_ndarray(format="gray"))
    plane = picture.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(picture.height, plane.line_size)
    return np.array(rows[:, : picture.width])
