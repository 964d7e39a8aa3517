"""The input tensor: a frame's pixels, brought into the shape, order and numbers that a model wants.

Law: one buffer for the life of a detector, padded once; a frame of the size seen before allocates nothing.
Measured for 416×234 RGB uint8 into a padded float32 NCHW 416×416 with swapped colours, one thread, median µs
with warm and cold caches: `cv2.split` into kept planes 80, 260; channel by channel 150, 320; numpy transpose
170, 240; `cv2.split` into new planes 490 warm; `cv2.LUT` 630 warm; `cv2.dnn.blobFromImage` 1,590 warm. For a
model that takes uint8 NHWC pixels as they are, 320×180: 14 warm.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edge.detect.card import Input
from edge.detect.letterbox import Placement
from edge.values.frame import Pixels, Size


class InputTensor:
    """Holds the tensor that a model reads."""

    def __init__(self, wanted: Input) -> None:
        self._wanted = wanted
        mean, std = np.array(wanted.mean)[: wanted.channels], np.array(wanted.std)[: wanted.channels]
        self._scale = (1 / (wanted.divisor * std)).astype(np.float32)
        self._shift = (-mean / std).astype(np.float32)
        self._scales, self._shifts = bool(np.any(self._scale != 1)), bool(np.any(self._shift))
        self.tensor: npt.NDArray[Any] = np.empty(wanted.shape, wanted.dtype)
        self._lay_out(wanted.size)

    def fill(self, pixels: Pixels) -> Placement:
        """Put a picture into the tensor; where it lies there.

        Args:
            pixels: uint8 H×W×3, RGB; scaled here only if it has not the size that the model wants.
        """
        height, width = pixels.shape[:2]
        if (width, height) != self._placement.frame:
            self._lay_out(Size(width, height))
        content = self._placement.content
        if content != (width, height):
            # area averaging where the picture shrinks, as a camera's own scaler does: no aliasing
            how = cv2.INTER_AREA if content.width < width else cv2.INTER_LINEAR
            pixels = cv2.resize(pixels, content, interpolation=how)  # type: ignore[assignment]
        if self._wanted.colour == "GREY":
            pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None]  # type: ignore[assignment]
        if self._wanted.layout == "NCHW":
            cv2.split(pixels, self._planes)
            for plane, target, scale, shift in self._moves:
                self._put(plane, target, scale, shift)
        else:
            picture = pixels[:, :, ::-1] if self._wanted.colour == "BGR" else pixels
            self._put(picture, self._inside, self._scale, self._shift)
        return self._placement

    def _lay_out(self, frame: Size) -> None:
        """Get ready for frames of this size: pad the tensor, and keep the views that are written to."""
        place = self._placement = Placement.of(frame, self._wanted.size, self._wanted.fit)
        width, height = place.content
        picture = self.tensor[0]
        channels_last = picture.transpose(1, 2, 0) if self._wanted.layout == "NCHW" else picture
        channels_last[...] = np.float32(self._wanted.pad) * self._scale + self._shift
        self._inside = channels_last[place.top : place.top + height, place.left : place.left + width]
        self._planes = [np.empty((height, width), np.uint8) for _ in range(self._wanted.channels)]
        planes = self._planes[::-1] if self._wanted.colour == "BGR" else self._planes
        targets = self._inside.transpose(2, 0, 1)
        self._moves = list(zip(planes, targets, self._scale, self._shift, strict=True))

    def _put(
        self, pixels: Pixels, target: npt.NDArray[Any], scale: npt.ArrayLike, shift: npt.ArrayLike
    ) -> None:
        """Put pixels · scale + shift into the target; a number for one channel, three for three."""
        if self._scales:
            np.multiply(pixels, scale, out=target)
        else:
            np.copyto(target, pixels)
        if self._shifts:
            np.add(target, shift, out=target)
