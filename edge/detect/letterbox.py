"""Letterbox arithmetic: where a picture lies in a model's input, and the way back for boxes.

Law: sizes and boxes only. Whoever moves pixels (the video source, the detector adapter) asks here where to.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from edge.detect.fit import Fit
from edge.values.detections import Boxes
from edge.values.frame import Size


def content_size(source: Size, target: Size, fit: Fit) -> Size:
    """Size to which a picture of size `source` is scaled for an input of size `target`.

    The whole input for `STRETCH`, else the largest size of the same aspect that fits in it, rounded to the
    nearest pixel and never below one.
    """
    if min(source) < 1 or min(target) < 1:
        raise ValueError(f"sizes want to be at least 1x1, got source {source} and target {target}")
    if fit is Fit.STRETCH:
        return target
    scale = min(target.width / source.width, target.height / source.height)
    width, height = (max(1, round(side * scale)) for side in source)
    return Size(min(width, target.width), min(height, target.height))


@dataclass(frozen=True)
class Placement:
    """Where a frame lies in the model's input.

    Attributes:
        frame: size of the analysed frame, in whose pixels boxes are given.
        content: size that the frame has in the input.
        left: first column of the content in the input.
        top: first row of the content in the input.
    """

    frame: Size
    content: Size
    left: int
    top: int

    @classmethod
    def of(cls, frame: Size, target: Size, fit: Fit) -> "Placement":
        """The place of a frame in an input of size `target`; centring gives an odd pixel to the right."""
        content = content_size(frame, target, fit)
        if fit is not Fit.LETTERBOX_CENTRE:
            return cls(frame, content, 0, 0)
        return cls(frame, content, (target.width - content.width) // 2, (target.height - content.height) // 2)

    def to_frame(self, boxes: Boxes) -> Boxes:
        """Boxes of the input as boxes of the frame, cut at its border.

        Args:
            boxes: float32 n×4, x1 y1 x2 y2 in pixels of the input.

        Returns:
            float32 n×4, x1 y1 x2 y2 in pixels of the frame, 0..width and 0..height.
        """
        offset, scale, border = self._back
        placed: Boxes = boxes - offset
        placed *= scale
        np.maximum(placed, 0, out=placed)
        return np.minimum(placed, border, out=placed)

    @cached_property
    def _back(self) -> tuple[Boxes, Boxes, Boxes]:
        """Offset in the input, scale to the frame, and border of the frame, of x1 y1 x2 y2."""
        (width, height), content = self.frame, self.content
        offset = np.array([self.left, self.top] * 2, np.float32)
        scale = np.array([width / content.width, height / content.height] * 2, np.float32)
        return offset, scale, np.array([width, height] * 2, np.float32)
