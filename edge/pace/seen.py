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
BORDER = 0.008
"""A box so near to the picture's border may go on beyond it."""


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
        some = tracks.seen
        boxes = np.clip(tracks.boxes[some] / np.array([*size, *size], np.float64), 0.0, 1.0)
        scores, classes = tracks.scores[some].astype(np.float64), tracks.classes[some].astype(np.int64)
        return cls(tracks.ids[some], boxes, scores, classes, tracks.confirmed[some], size.width / size.height)

    @cached_property
    def spots(self) -> F64:
        """Feet, n×2: the middle of the lower side."""
        return np.column_stack([(self.boxes[:, 0] + self.boxes[:, 2]) / 2, self.boxes[:, 3]])

    @property
    def heights(self) -> F64:
        """Box heights n, picture heights: by what share of it feet err, says how sure a place is."""
        return np.asarray(self.boxes[:, 3] - self.boxes[:, 1])

    @cached_property
    def covered(self) -> Flags:
        """Which boxes something nearer covers, n."""
        return hidden(self.boxes) >= COVERED

    @cached_property
    def whole(self) -> Flags:
        """Which boxes end within the picture, but for their upper side."""
        within = (self.boxes[:, :2].min(axis=1) > 0) & (self.boxes[:, 0] > BORDER)
        return np.asarray(within & (self.boxes[:, 2:].max(axis=1) < 1 - BORDER))
