"""The boxes of one picture as the watch over pace reads them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.pace.cover import COVERED, hidden
from edge.values.frame import Size
from edge.values.tracks import TrackIds, Tracks

Flags = npt.NDArray[np.bool_]
BORDER, LAG = 0.008, 0.08
"""A box so near to the picture's border, picture sides or its own, may go on beyond it: a tracker smooths
what it is told, and puts a side that the border cuts off up to 7 % of its box away from it."""


@dataclass(frozen=True, eq=False)
class Seen:
    """All that are seen now, n objects.

    Attributes:
        ids: int64 n, ascending.
        boxes: float64 n×4, corners in the unit square, clipped to it.
        scores: float64 n, 0..1.
        classes: int64 n, index into the labels.
        believed: bool n, as the tracker says.
        aspect: width of the picture divided by its height.
    """

    ids: TrackIds
    boxes: F64
    scores: F64
    classes: npt.NDArray[np.int64]
    believed: Flags
    aspect: float

    @classmethod
    def of(cls, tracks: Tracks, size: Size) -> "Seen":
        """Those of these tracks, boxes in pixels of a picture of this size, that are seen."""
        if not tracks.seen.all():
            tracks = tracks.take(tracks.seen)
        boxes = tracks.boxes / np.array([*size, *size], np.float64)
        np.minimum(np.maximum(boxes, 0.0, out=boxes), 1.0, out=boxes)
        scores, classes = tracks.scores.astype(np.float64), tracks.classes.astype(np.int64)
        return cls(tracks.ids, boxes, scores, classes, tracks.confirmed, size.width / size.height)

    @cached_property
    def spots(self) -> F64:
        """Feet, n×2: the middle of the lower side."""
        spots = self.boxes[:, 2:].copy()
        spots[:, 0] += self.boxes[:, 0]
        spots[:, 0] /= 2
        return spots

    @property
    def sides(self) -> F64:
        """Box widths and heights 2×n, picture heights: by what share of its height feet err, says how sure a
        place is."""
        left, top, right, bottom = self.boxes.T
        return np.stack([(right - left) * self.aspect, bottom - top])

    @cached_property
    def covered(self) -> Flags:
        """Which boxes something nearer covers, n."""
        return hidden(self.boxes) >= COVERED

    @cached_property
    def whole(self) -> Flags:
        """Which boxes end within the picture, but for their upper side."""
        left, top, right, bottom = self.boxes.T
        beside, below = (np.maximum(BORDER, LAG * side) for side in (right - left, bottom - top))
        return np.asarray((left > beside) & (top > 0) & (right < 1 - beside) & (bottom < 1 - below))
