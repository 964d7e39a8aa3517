"""How good a model is, on the program's own detector: the very path that a camera's picture takes."""

from collections.abc import Iterable

import numpy as np

from edge.adapters.onnx_detector import OnnxDetector
from edge.evaluate.average_precision import Picture, average_precision
from edge.evaluate.overlap import overlap
from edge.values.detections import Detections, NotAnswered
from models.training.data import LABELS, SURE, Labelled, Shelf

LEAST_SIDE = 6.0
"""Boxes whose mean side is less, in pixels of the model's input, are neither missed nor wrong to find."""


def answers(detector: OnnxDetector, shelf: Shelf) -> list[Detections]:
    """What the detector finds in each picture of a shelf."""
    return [_answered(detector, shelf[i]) for i in range(len(shelf))]


def precisions(found: list[Detections], shelf: Shelf, reach: float) -> dict[str, float | None]:
    """AP50 by class; None for a class that is not shown.

    Args:
        found: the answers, with a very low score threshold.
        shelf: the pictures and their labels; doubtful labels are neither missed nor wrong to find.
        reach: longest side of the model's input, for `LEAST_SIDE`.
    """
    return {
        label: average_precision([_picture(d, shelf[i], kind, reach) for i, d in enumerate(found)])
        for kind, label in enumerate(LABELS)
    }


def false_per_thousand(found: Iterable[Detections], label: str, floor: float) -> float:
    """Detections of a class in a thousand pictures that show none of it, at a score threshold."""
    kind = LABELS.index(label)
    counts = [int(((d.classes == kind) & (d.scores >= floor)).sum()) for d in found]
    return 1000.0 * sum(counts) / max(1, len(counts))


def best_floor(found: list[Detections], shelf: Shelf, kind: int, reach: float) -> tuple[float, float, float]:
    """Score threshold of the best F-measure of a class, with precision and recall there.

    Precision weighs twice as much as recall: a tracker bridges missed frames, but believes what it is told.
    """
    best = (0.0, 0.5, 0.0, 0.0)
    for floor in np.arange(0.1, 0.8, 0.025):
        kept = [d.take(d.scores >= floor) for d in found]
        hits, told, wanted = map(
            sum, zip(*(_counted(_picture(d, shelf[i], kind, reach)) for i, d in enumerate(kept)), strict=True)
        )
        precision, recall = hits / max(told, 1), hits / max(wanted, 1)
        worth = 1.5 * precision * recall / max(0.5 * precision + recall, 1e-9)
        best = max(best, (worth, float(floor), precision, recall))
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


def _answered(detector: OnnxDetector, picture: Labelled) -> Detections:
    answer = detector.answer(picture.pixels)
    if isinstance(answer, NotAnswered):
        raise RuntimeError(f"no answer for {picture.name}: {detector.last_failure}")
    return answer


def _picture(found: Detections, truth: Labelled, kind: int, reach: float) -> Picture:
    mine, true = found.take(found.classes == kind), truth.kinds == kind
    boxes = truth.boxes[true]
    sides = (boxes[:, 2:] - boxes[:, :2]).mean(1) * reach / max(truth.pixels.shape[:2])
    ignored = (truth.scores[true] < SURE) | (sides < LEAST_SIDE)
    return Picture(mine.scores.astype(np.float64), overlap(mine.boxes, boxes), ignored)
