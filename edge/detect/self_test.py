"""The self-test: does the model find in the card's picture what the card says it finds."""

import numpy as np

from edge.detect.candidates import Floats
from edge.detect.card import Expected, SelfTest, Thresholds
from edge.detect.nms import iou_matrix
from edge.values.detections import Detections


def observed(found: Detections, labels: tuple[str, ...]) -> tuple[Expected, ...]:
    """What a detector found, as a card expects it; rounded, because no test needs more."""
    rows = zip(found.classes, found.scores, found.boxes, strict=True)
    return tuple(
        Expected(labels[label], round(float(score), 3), tuple(round(float(side), 1) for side in box))  # type: ignore[arg-type]
        for label, score, box in rows
    )


def difference(
    test: SelfTest, found: Detections, labels: tuple[str, ...], thresholds: Thresholds
) -> str | None:
    """What was found otherwise than the card says, in words; None when all is as it says.

    Args:
        test: what must be found.
        found: what was found.
        labels: names of the classes.
        thresholds: what is less than the permitted drift above its threshold may come or go.
    """

    def sure(thing: Expected) -> bool:
        return thing.score >= thresholds.of(thing.label) + test.max_score_drift

    matched: set[int] = set()
    for expected in test.expected:
        row = _match(expected, test, found, labels, matched)
        if row is None and sure(expected):
            return f"wanted {_words(expected)}, got {_nearest(expected, found, labels)}"
        matched |= {row} if row is not None else set()
    for row, extra in enumerate(observed(found, labels)):
        if row not in matched and sure(extra):
            return f"wanted nothing more than expected, got {_words(extra)}"
    return None


def _match(
    expected: Expected, test: SelfTest, found: Detections, labels: tuple[str, ...], taken: set[int]
) -> int | None:
    """Row of the best free detection that is the expected one; None when there is none."""
    overlap = _overlap(expected, found)
    drift = np.abs(found.scores - np.float32(expected.score))
    fits = (overlap >= test.min_iou) & (drift <= test.max_score_drift)
    fits &= found.classes == labels.index(expected.label)
    rows = [int(row) for row in np.flatnonzero(fits) if int(row) not in taken]
    return max(rows, key=lambda row: float(overlap[row]), default=None)


def _overlap(expected: Expected, found: Detections) -> Floats:
    """Overlap of the expected box with each found one, n."""
    return iou_matrix(np.array([expected.box], np.float32), found.boxes).reshape(-1)


def _nearest(expected: Expected, found: Detections, labels: tuple[str, ...]) -> str:
    """The detection that overlaps most with the expected one, in words."""
    overlap = _overlap(expected, found)
    if not overlap.any():
        return f"nothing there among {len(found)} found"
    return f"at most {_words(observed(found, labels)[int(overlap.argmax())])}"


def _words(thing: Expected) -> str:
    box = " ".join(f"{side:.0f}" for side in thing.box)
    return f"a {thing.label} of score {thing.score:.2f} at [{box}]"
