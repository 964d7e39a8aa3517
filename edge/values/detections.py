"""What a detector said about one frame, or that it did not answer: never the same value."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float32]
Classes = npt.NDArray[np.int16]

_DTYPES = (np.dtype(np.float32), np.dtype(np.float32), np.dtype(np.int16))


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Objects found in one frame, as a struct of arrays of equal length n.

    Attributes:
        boxes: float32 n×4, corners x1 y1 x2 y2 in pixels of the analysed frame, x1 <= x2 and y1 <= y2.
        scores: float32 n, confidence in 0..1.
        classes: int16 n, index into the labels of the model card.
        glimpsed: float32 m×4, all that looks at all like a person, the found ones among it, several boxes for
            each as they come, by descending score. Of the rest nobody may say that somebody is there. None
            where the detector was not asked.
    """

    boxes: Boxes
    scores: Scores
    classes: Classes
    glimpsed: Boxes | None = None

    def __post_init__(self) -> None:
        n = len(self.scores)
        if self.boxes.shape != (n, 4) or self.classes.shape != (n,) or self.scores.shape != (n,):
            raise ValueError(
                f"detections want boxes n×4, scores n, classes n; got {self.boxes.shape}, "
                f"{self.scores.shape}, {self.classes.shape}"
            )
        dtypes = (self.boxes.dtype, self.scores.dtype, self.classes.dtype)
        if dtypes != _DTYPES:
            got = ", ".join(str(dtype) for dtype in dtypes)
            raise ValueError(f"detections want float32 boxes, float32 scores, int16 classes; got {got}")
        for array in (self.boxes, self.scores, self.classes):
            array.setflags(write=False)
        if self.glimpsed is not None:
            if self.glimpsed.dtype != np.float32 or self.glimpsed.shape[1:] != (4,):
                got = f"{self.glimpsed.dtype} {self.glimpsed.shape}"
                raise ValueError(f"detections want float32 glimpses m×4, got {got}")
            self.glimpsed.setflags(write=False)

    @classmethod
    def of(cls, boxes: npt.ArrayLike, scores: npt.ArrayLike, classes: npt.ArrayLike) -> "Detections":
        """Detections from anything array-like; copies, and shapes an empty list to n = 0."""
        return cls(
            np.array(boxes, dtype=np.float32).reshape(-1, 4),
            np.array(scores, dtype=np.float32).reshape(-1),
            np.array(classes, dtype=np.int16).reshape(-1),
        )

    @classmethod
    def none(cls) -> "Detections":
        """An answer that found nothing: the street is empty."""
        return cls.of([], [], [])

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> "Detections":
        """The rows chosen by an index array or a mask of length n."""
        return Detections(self.boxes[which], self.scores[which], self.classes[which], self.glimpsed)


class Unanswered(StrEnum):
    """Why there is no answer for a frame."""

    FAILED = "failed"  # the inference raised
    NOT_FINITE = "not-finite"  # NaN or infinity came out
    LATE = "late"  # the frame was too old to be worth an answer


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """The detector gave no answer; nothing is known about the frame, which is not an empty street."""

    why: Unanswered


@dataclass(frozen=True, slots=True)
class Still:
    """The motion gate saw nothing move since the last answer, so the detector was not asked."""


Answer = Detections | NotAnswered | Still
