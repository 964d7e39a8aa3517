"""The boxes of one picture as the watch over pace reads them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.pace.cover import COVERED, hidden
from edge.values.frame import Size
from edge.values.once import once
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
        if np.count_nonzero(tracks.seen) < len(tracks):
            tracks = tracks.take(tracks.seen)
        corners = np.array(tracks.boxes.T, np.float64, order="C")  # each side of all boxes in one piece
        corners /= _scale(size)
        np.minimum(np.maximum(corners, 0.0, out=corners), 1.0, out=corners)
        scores, classes = tracks.scores.astype(np.float64), tracks.classes.astype(np.int64)
        return cls(tracks.ids, corners.T, scores, classes, tracks.confirmed, size.width / size.height)

    @once
    def spots(self) -> F64:
        """Feet, n×2: the middle of the lower side."""
        spots = self.boxes.T[2:].copy()
        spots[0] += self.boxes[:, 0]
        spots[0] /= 2
        return spots.T

    @once
    def sides(self) -> F64:
        """Box widths and heights 2×n, picture heights: by what share of its height feet err, says how sure a
        place is."""
        corners = self.boxes.T
        sides = corners[2:] - corners[:2]
        sides[0] *= self.aspect
        return sides

    @once
    def covered(self) -> Flags:
        """Which boxes something nearer covers, n."""
        return hidden(self.boxes) >= COVERED

    @once
    def whole(self) -> Flags:
        """Which boxes end within the picture, but for their upper side."""
        low, high = self.boxes.T[:2], self.boxes.T[2:]
        near = np.maximum((high - low) * LAG, BORDER)
        left, top = low
        beyond = high < 1 - near
        return np.asarray(beyond[0] & beyond[1] & (left > near[0]) & (top > 0))


@lru_cache(maxsize=8)
def _scale(size: Size) -> F64:
    """What corners in pixels are divided by, 4×1."""
    return np.array([[size.width], [size.height]] * 2, np.float64)
