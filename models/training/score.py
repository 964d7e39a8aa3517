"""How good a model is, on the program's own detector: the very path that a camera's picture takes."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from edge.evaluate.average_precision import Picture, average_precision
from edge.evaluate.overlap import overlap
from edge.values.detections import Detections, NotAnswered
from edge.values.frame import Pixels
from models.training.data import ANY, SURE, Floats, Labelled, Shelf

FLOORS = tuple(round(0.2 + 0.025 * step, 3) for step in range(21))
"""Score thresholds that are tried."""
LEAST_SIDE = 6.0
"""Boxes whose mean side is less, in pixels of the model's input, are neither missed nor wrong to find."""


class Detector(Protocol):
    """Finds objects in a picture; when it gives no answer, it can say why."""

    @property
    def last_failure(self) -> str:
        """Why it gave no answer the last time."""

    def answer(self, pixels: Pixels) -> Detections | NotAnswered:
        """Objects in a picture, uint8 H×W×3 RGB."""


def answers(detector: Detector, shelf: Shelf) -> list[Detections]:
    """What the detector finds in each picture of a shelf."""
    return [_answered(detector, shelf[i]) for i in range(len(shelf))]


def precisions(found: list[Detections], shelf: Shelf, classes: int, reach: float) -> list[float | None]:
    """AP50 of each class; None for a class that is not shown.

    Args:
        found: the answers, with a very low score threshold.
        shelf: the pictures and their labels; doubtful labels are neither missed nor wrong to find.
        classes: number of classes.
        reach: longest side of the model's input, for `LEAST_SIDE`.
    """
    return [
        average_precision([_picture(d, shelf[i], kind, reach) for i, d in enumerate(found)])
        for kind in range(classes)
    ]


def false_per_thousand(found: Iterable[Detections], kind: int, floor: float) -> float:
    """Detections of a class in a thousand pictures that show none of it, at a score threshold."""
    counts = [int(((d.classes == kind) & (d.scores >= floor)).sum()) for d in found]
    return 1000.0 * sum(counts) / max(1, len(counts))


def rates(
    found: list[Detections], shelf: Shelf, kind: int, floor: float, reach: float
) -> tuple[float, float]:
    """Precision and recall of a class at a score threshold."""
    kept = [d.take(d.scores >= floor) for d in found]
    counts = [_counted(_picture(d, shelf[i], kind, reach)) for i, d in enumerate(kept)]
    hits, told, wanted = (sum(column) for column in zip(*counts, strict=True))
    return hits / max(told, 1), hits / max(wanted, 1)


def best_floor(found: list[Detections], shelf: Shelf, kind: int, reach: float) -> tuple[float, float, float]:
    """Score threshold of the best F-measure of a class, with precision and recall there.

    Precision weighs twice as much as recall: a tracker bridges missed frames, but believes what it is told.
    """
    best = (0.0, 0.5, 0.0, 0.0)
    for floor in FLOORS:
        precision, recall = rates(found, shelf, kind, floor, reach)
        worth = 1.5 * precision * recall / max(0.5 * precision + recall, 1e-9)
        if worth > best[0]:
            best = (worth, floor, precision, recall)
    return best[1:]


def _counted(picture: Picture) -> tuple[int, int, int]:
    """Hits, detections that count and truths of one picture, matched greedily by score."""
    free = np.ones(len(picture.ignored), bool)
    hits = told = 0
    for row in np.argsort(-picture.scores):
        near = np.where(free, picture.overlap[row], 0) if len(free) else np.zeros(1)
        best = int(near.argmax())
        if near[best] < 0.5:
            told += 1
            continue
        free[best] = False
        hits, told = hits + (not picture.ignored[best]), told + (not picture.ignored[best])
    return hits, told, int((~picture.ignored).sum())


def _answered(detector: Detector, picture: Labelled) -> Detections:
    answer = detector.answer(picture.pixels)
    if isinstance(answer, NotAnswered):
        raise RuntimeError(f"no answer for {picture.name}: {detector.last_failure}")
    return answer


def _picture(found: Detections, truth: Labelled, kind: int, reach: float) -> Picture:
    mine = found.take(found.classes == kind)
    known = truth.kinds == kind
    boxes = truth.boxes[known]
    sides = (boxes[:, 2:] - boxes[:, :2]).mean(1) * reach / max(truth.pixels.shape[:2])
    ignored = (truth.scores[known] < SURE) | (sides < LEAST_SIDE)
    elsewhere = np.asarray((_within(mine.boxes, truth.boxes[truth.kinds == ANY]) < 0.5).all(1), bool)
    mine = mine.take(elsewhere)
    return Picture(mine.scores.astype(np.float64), overlap(mine.boxes, boxes), ignored)


def _within(boxes: Floats, places: Floats) -> Floats:
    """Share of each box, n, that lies in each place, m; n×m."""
    low = np.maximum(boxes[:, None, :2], places[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], places[None, :, 2:])
    sides = boxes[:, 2:] - boxes[:, :2]
    return np.asarray(
        np.maximum(high - low, 0).prod(2) / np.maximum(sides.prod(1), 1e-6)[:, None], np.float32
    )
