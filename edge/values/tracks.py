"""Objects followed over time on one camera."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.detections import Boxes, Classes, Scores

TrackIds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """The live tracks of one camera at one frame, a struct of arrays of equal length n, by ascending id.

    Attributes:
        ids: int64 n, unique within the tracker that issued them, never reused; they stay inside the box.
        boxes: float32 n×4, corners x1 y1 x2 y2 in pixels of the analysed frame.
        scores: float32 n, confidence of the last matched detection, 0..1.
        classes: int16 n, index into the labels of the model card.
        age: int32 n, frames since the track began, 1 on its first.
        confirmed: bool n, seen often enough to be believed.
        seen: bool n, matched by the last answer and nothing moved since; False where the box is predicted.
    """

    ids: TrackIds
    boxes: Boxes
    scores: Scores
    classes: Classes
    age: npt.NDArray[np.int32]
    confirmed: npt.NDArray[np.bool_]
    seen: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        n = len(self.ids)
        lengths = [len(a) for a in (self.scores, self.classes, self.age, self.confirmed, self.seen)]
        if self.boxes.shape != (n, 4) or any(length != n for length in lengths):
            raise ValueError(f"tracks want {n} rows everywhere, got boxes {self.boxes.shape} and {lengths}")
        for array in (self.ids, self.boxes, self.scores, self.classes, self.age, self.confirmed, self.seen):
            array.setflags(write=False)

    @classmethod
    def none(cls) -> "Tracks":
        """No track is alive."""
        return cls(
            np.empty(0, np.int64),
            np.empty((0, 4), np.float32),
            np.empty(0, np.float32),
            np.empty(0, np.int16),
            np.empty(0, np.int32),
            np.empty(0, np.bool_),
            np.empty(0, np.bool_),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> "Tracks":
        """The rows chosen by an index array or a mask of length n."""
        return Tracks(
            self.ids[which],
            self.boxes[which],
            self.scores[which],
            self.classes[which],
            self.age[which],
            self.confirmed[which],
            self.seen[which],
        )
