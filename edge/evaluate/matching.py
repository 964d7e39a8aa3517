"""What counts as found, and which truths nobody is asked to find."""

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from edge.evaluate.overlap import Floats
from edge.values.truth import TrueFrame, TrueObject

LABELS = frozenset({"person", "bicycle", "car", "motorcycle", "bus", "truck"})
"""Labels that are scored; detections of others are left aside."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Bounds of the score; they stand in the scorecard, since a number means nothing without them.

    Attributes:
        overlap: least intersection over union of a hit, for AP50, IDF1 and MOTA.
        least_visibility: objects of which less can be seen are neither missed nor wrong to find, 0..1.
        least_height: likewise objects lower than this, share of the picture's height.
        instant_s: farthest that an instant event may be from the truth, seconds.
        lasting_s: farthest that a lasting event may be from overlapping the truth, seconds.
    """

    overlap: float = 0.5
    least_visibility: float = 0.25
    least_height: float = 12 / 360
    instant_s: float = 1.0
    lasting_s: float = 2.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            low, high = (0.0, 60.0) if name.endswith("_s") else (0.0, 1.0)
            if not low <= value <= high:
                raise ValueError(f"matching wants {name} of {low:g}..{high:g}, got {value:g}")


@dataclass(frozen=True, slots=True, eq=False)
class TrueBoxes:
    """The objects of one frame that are in the picture: what can be seen of them.

    Attributes:
        ids: intp n.
        boxes: float64 n×4, unit square, clipped to the picture.
        labels: n.
        ignored: bool n, too small or too hidden to be asked for.
    """

    ids: npt.NDArray[np.intp]
    boxes: Floats
    labels: tuple[str, ...]
    ignored: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, frame: TrueFrame, labels: frozenset[str], matching: Matching) -> "TrueBoxes":
        """The objects with these labels."""
        here = [(o, box) for o in frame.objects if o.label in labels and (box := _clipped(o)) is not None]
        return cls(
            np.array([o.id for o, _ in here], np.intp),
            np.array([box for _, box in here], np.float64).reshape(-1, 4),
            tuple(o.label for o, _ in here),
            np.array([_unfair(o, box, matching) for o, box in here], np.bool_),
        )


def _clipped(o: TrueObject) -> Floats | None:
    """The visible box within the picture; None if nothing is left."""
    if o.visible is None:
        return None
    box = np.clip(np.array(o.visible, np.float64), 0.0, 1.0)
    return box if box[2] > box[0] and box[3] > box[1] else None


def _unfair(o: TrueObject, box: Floats, matching: Matching) -> bool:
    area = (o.full[2] - o.full[0]) * (o.full[3] - o.full[1])
    inside = float((box[2] - box[0]) * (box[3] - box[1])) / area
    seen = min(o.visibility, inside)
    return bool(seen < matching.least_visibility or box[3] - box[1] < matching.least_height)
