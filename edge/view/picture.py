"""Whether a camera still shows what happens now: a dark or a frozen picture, judged slowly, forgiven quickly.

Law: brightness and sameness alone; a picture that is merely dull, foggy or still is a good picture. To a
thermal camera black is cold, and no fault.
"""

from dataclasses import dataclass

import numpy as np

from edge.values.camera_state import Reason
from edge.values.frame import Frame
from edge.values.moment import Moment
from edge.view.same import ROUND_S, Thumbnail, Unchanged, Unrepeated, thumbnail_of

DARK_SHARE = 0.99
"""Share of the samples of a dark picture that are dark."""


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """When a picture counts as dark or frozen.

    Attributes:
        dark_level: grey level, 0..255, that 99 of 100 samples of a dark picture stay under.
        dark_after_s: how long it must be dark, seconds.
        frozen_after_s: how long it must be the same, seconds.
        same_share: share of the samples that may change by more than `same_level` in the same picture.
        same_level: grey levels that compression alone may change.
        thermal: whether it is of a thermal camera: such a picture is never dark, and the same only where not
            a single pixel is new.
        looped: whether it is a file that is played again and again: what comes again is no sign of frost.
    """

    dark_level: int = 24
    dark_after_s: float = 5.0
    frozen_after_s: float = 60.0
    same_share: float = 0.001
    same_level: int = 2
    thermal: bool = False
    looped: bool = False

    def __post_init__(self) -> None:
        if min(self.dark_after_s, self.frozen_after_s) <= 0 or not 0 <= self.same_share < 1:
            raise ValueError(
                f"a picture watch wants times > 0 s and 0 <= same_share < 1, got {self.dark_after_s}, "
                f"{self.frozen_after_s}, {self.same_share}"
            )


class PictureWatch:
    """Judges the pictures of one camera; `reason` is `NONE` while they are good."""

    def __init__(self, spec: PictureSpec | None = None) -> None:
        self._spec = spec = spec or PictureSpec()
        self._dark_since: Moment | None = None
        self._same = _sameness(spec)
        self.lived: Moment | None = None
        """When the picture was last seen to change; None before the first."""
        self.reason = Reason.NONE

    def judge(self, frame: Frame) -> Reason:
        """`DARK_PICTURE`, `SAME_PICTURE`, or `NONE` for a good one; every frame is shown here once."""
        now, thumbnail = frame.moment, thumbnail_of(frame.pixels)
        if self._same.is_new(frame, thumbnail) or self.lived is None:
            self.lived = now
        if not self._spec.thermal and self._is_dark(thumbnail, now):
            self.reason = Reason.DARK_PICTURE
        elif now.seconds_since(self.lived) >= self._spec.frozen_after_s:
            self.reason = Reason.SAME_PICTURE
        else:
            self.reason = Reason.NONE
        return self.reason

    def _is_dark(self, thumbnail: Thumbnail, now: Moment) -> bool:
        if np.count_nonzero(thumbnail < self._spec.dark_level) < DARK_SHARE * thumbnail.size:
            self._dark_since = None
            return False
        self._dark_since = self._dark_since or now
        return now.seconds_since(self._dark_since) >= self._spec.dark_after_s


def _sameness(spec: PictureSpec) -> Unchanged | Unrepeated:
    if not spec.thermal:
        return Unchanged(spec.same_share, spec.same_level)
    return Unrepeated(0.0 if spec.looped else ROUND_S)
