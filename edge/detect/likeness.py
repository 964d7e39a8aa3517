"""Whether an exported model is still the original: same boxes, same classes, same scores.

Law: two programs scale pictures a little differently, so a box at the threshold may come or go; one clearly
above it may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.detect.agreement import IOU, agreement
from edge.detect.nms import iou_matrix
from edge.values.detections import Detections

LEAST_AGREEMENT = 0.90
LEAST_OVERLAP = 0.85
LARGEST_DRIFT = 0.10
FEWEST = 10
"""Boxes that both found, below which nothing is proven."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two models' answers to the same pictures are.

    Attributes:
        both: boxes that both found.
        recall, precision: shares of the original's and of the copy's boxes that the other has; None if none.
        overlap: mean intersection over union of what both found.
        drift: median difference of its scores.
    """

    both: int
    recall: float | None
    precision: float | None
    overlap: float
    drift: float

    def objection(self) -> str | None:
        """Why the copy is not the original, in words; None if it is."""
        if self.both < FEWEST or self.recall is None or self.precision is None:
            return f"wanted {FEWEST} boxes that both find, got {self.both}: give pictures with more in them"
        if min(self.recall, self.precision) < LEAST_AGREEMENT:
            return (
                f"wanted {LEAST_AGREEMENT:.0%} of the boxes in both, got {self.recall:.0%} of the original's "
                f"and {self.precision:.0%} of the copy's"
            )
        if self.overlap < LEAST_OVERLAP:
            return f"wanted boxes that overlap by {LEAST_OVERLAP}, got {self.overlap:.2f}"
        if self.drift > LARGEST_DRIFT:
            return f"wanted scores within {LARGEST_DRIFT}, got a median difference of {self.drift:.2f}"
        return None


def likeness(original: Sequence[Detections], copy: Sequence[Detections]) -> Likeness:
    """Compare answers to the same pictures, one for one."""
    pairs = list(zip(original, copy, strict=True))
    found = agreement(pairs)
    near = [_nearest(one, other) for one, other in pairs]
    overlaps = np.concatenate([overlap for overlap, _ in near]) if near else np.empty(0)
    drifts = np.concatenate([drift for _, drift in near]) if near else np.empty(0)
    return Likeness(
        found.both,
        found.recall,
        found.precision,
        float(overlaps.mean()) if len(overlaps) else 0.0,
        float(np.median(drifts)) if len(drifts) else 1.0,
    )


def _nearest(one: Detections, other: Detections) -> tuple[np.ndarray, np.ndarray]:
    """For each box of one that the other has too: overlap, and difference of the scores."""
    if not len(one) or not len(other):
        return np.empty(0), np.empty(0)
    overlap = iou_matrix(one.boxes, other.boxes)
    overlap[one.classes[:, None] != other.classes[None, :]] = 0
    best = overlap.argmax(axis=1)
    rows = np.flatnonzero(overlap.max(axis=1) >= IOU)
    return overlap[rows, best[rows]], np.abs(one.scores[rows] - other.scores[best[rows]])
