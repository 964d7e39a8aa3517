"""Teachers: permissively licensed detectors that label pictures for which nobody drew boxes.

Each looks at a picture and its mirror image, the better ones also at four enlarged parts, and all votes are
fused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.adapters.model_folder import load
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Thresholds
from edge.values.detections import Detections, NotAnswered
from edge.values.frame import Pixels
from models.training.data import LABELS
from models.training.fusion import Floats, Sight, fused

FLOOR = Thresholds({}, default=0.1, nms_iou=0.6, across_iou=1.0)
PART = 0.6
"""Side of an enlarged part, as a share of the picture's; four of them overlap in the middle."""
EDGE = 3
"""A box that ends this near, in pixels, to a cut through the picture shows a cut object and is left out."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """A detector's name, the share of the vote that it earned, and whether it looks at enlarged parts as
    well.
    """

    name: str
    weight: float
    parts: bool


TEACHERS = (
    Teacher("yolox_nano_416", 1.0, True),
    Teacher("deimv2_femto", 1.2, True),
    Teacher("deimv2_atto", 0.8, True),
    Teacher("nanodet_m_320", 0.5, False),
    Teacher("fastestdet_352", 0.25, False),
)


@dataclass(frozen=True, slots=True)
class View:
    """A part of a picture as a teacher sees it: its corner in the picture, and whether it is mirrored."""

    pixels: Pixels
    left: int
    top: int
    mirrored: bool


class Jury:
    """All teachers together."""

    def __init__(self, cards: Path, weights: Path) -> None:
        """Open the teachers: `cards` holds a folder with a card for each, `weights` their ONNX files."""
        self._teachers = [(t, _opened(cards / t.name, weights / f"{t.name}.onnx")) for t in TEACHERS]

    def label(self, pixels: Pixels) -> Detections:
        """Soft labels of a picture, uint8 H×W×3 RGB; classes are indices into `LABELS`."""
        return fused(
            [
                Sight(teacher.name, teacher.weight, _seen(detector, view, pixels))
                for teacher, detector in self._teachers
                for view in _views(pixels, teacher.parts)
            ]
        )


def _opened(card: Path, weights: Path) -> OnnxDetector:
    return OnnxDetector(load(card, weights), thresholds=FLOOR)


def _views(pixels: Pixels, parts: bool) -> Iterator[View]:
    yield View(pixels, 0, 0, False)
    yield View(np.ascontiguousarray(pixels[:, ::-1]), 0, 0, True)
    if not parts:
        return
    height, width = pixels.shape[:2]
    high, wide = int(height * PART), int(width * PART)
    for top in (0, height - high):
        for left in (0, width - wide):
            yield View(np.ascontiguousarray(pixels[top : top + high, left : left + wide]), left, top, False)


def _seen(detector: OnnxDetector, view: View, picture: Pixels) -> Detections:
    answer = detector.answer(view.pixels)
    if isinstance(answer, NotAnswered):
        raise RuntimeError(f"{detector.card.name} gave no answer: {detector.last_failure}")
    names = np.array([LABELS.index(n) if n in LABELS else -1 for n in detector.labels], np.int16)
    ours = answer.take((names[answer.classes] >= 0) & _whole(answer.boxes, view, picture))
    boxes = ours.boxes.copy()
    if view.mirrored:
        boxes[:, [0, 2]] = view.pixels.shape[1] - boxes[:, [2, 0]]
    boxes += np.array([view.left, view.top] * 2, np.float32)
    return Detections(boxes, ours.scores, names[ours.classes])


def _whole(boxes: Floats, view: View, picture: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    (high, wide), (height, width) = view.pixels.shape[:2], picture.shape[:2]
    low = (boxes[:, :2] > EDGE) | (np.array([view.left, view.top]) == 0)
    free = np.array([view.left + wide, view.top + high]) >= (width, height)
    high_end = (boxes[:, 2:] < np.array([wide, high]) - EDGE) | free
    return np.asarray((low & high_end).all(1))
