"""Whether a camera still shows the street: a dark or a frozen picture, judged slowly and forgiven quickly.

Law: brightness and sameness alone; a picture that is merely dull, foggy or still is a good picture. A live
sensor is never still: its noise changes some pixels with every key frame, a frozen one changes none.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.camera_state import Reason
from edge.values.frame import Frame, Pixels
from edge.values.moment import Moment

Thumbnail = npt.NDArray[np.uint8]

SIDE = 64  # samples along the longer side of a thumbnail


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """When a picture counts as dark or frozen.

    Attributes:
        dark_level: grey level, 0..255, that 99 of 100 samples of a dark picture stay under.
        dark_after_s: how long it must be dark, seconds.
        frozen_after_s: how long it must be the same, seconds.
        same_share: share of the samples that may change by more than `same_level` in the same picture.
        same_level: grey levels that compression alone may change.
    """

    dark_level: float = 24.0
    dark_after_s: float = 5.0
    frozen_after_s: float = 60.0
    same_share: float = 0.001
    same_level: int = 2

    def __post_init__(self) -> None:
        if min(self.dark_after_s, self.frozen_after_s) <= 0 or not 0 <= self.same_share < 1:
            raise ValueError(
                f"a picture watch wants times > 0 s and 0 <= same_share < 1, got {self.dark_after_s}, "
                f"{self.frozen_after_s}, {self.same_share}"
            )


class PictureWatch:
    """Judges the pictures of one camera."""

    def __init__(self, spec: PictureSpec) -> None:
        self._spec = spec
        self._dark_since: Moment | None = None
        self._first: Thumbnail | None = None
        self._same_since: Moment | None = None

    def judge(self, frame: Frame) -> Reason:
        """`DARK_PICTURE`, `SAME_PICTURE`, or `NONE` for a good one; every frame is shown here once."""
        thumbnail = thumbnail_of(frame.pixels)
        dark = self._is_dark(thumbnail, frame.moment)
        same = self._is_same(thumbnail, frame.moment)
        if dark:
            return Reason.DARK_PICTURE
        return Reason.SAME_PICTURE if same else Reason.NONE

    def _is_dark(self, thumbnail: Thumbnail, now: Moment) -> bool:
        if np.percentile(thumbnail, 99) >= self._spec.dark_level:
            self._dark_since = None
            return False
        self._dark_since = self._dark_since or now
        return now.seconds_since(self._dark_since) >= self._spec.dark_after_s

    def _is_same(self, thumbnail: Thumbnail, now: Moment) -> bool:
        if self._first is None or self._differs(thumbnail, self._first):
            self._first, self._same_since = thumbnail, now
        assert self._same_since is not None
        return now.seconds_since(self._same_since) >= self._spec.frozen_after_s

    def _differs(self, one: Thumbnail, other: Thumbnail) -> bool:
        if one.shape != other.shape:
            return True
        difference = np.maximum(one, other) - np.minimum(one, other)
        changed = int(np.count_nonzero(difference > self._spec.same_level))
        return changed > self._spec.same_share * difference.size


def thumbnail_of(pixels: Pixels) -> Thumbnail:
    """Samples of the green channel on a grid of at most 64 a side: not averaged, which would hide noise.

    Args:
        pixels: uint8 H×W×3.

    Returns:
        uint8 h×w.
    """
    step = -(-max(pixels.shape[:2]) // SIDE)
    return np.ascontiguousarray(pixels[step // 2 :: step, step // 2 :: step, 1])
