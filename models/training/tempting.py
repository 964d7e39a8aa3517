"""What a model invents, to learn from: cuts of labelled pictures around what it finds where nothing is.

A detector of few weights takes for a car what is dark, rectangular and about as large: lids, plates, shadows.
Among whole pictures there are few of them, and most of each is easy. A cut keeps the labels of what else is
in it.
"""

from collections.abc import Sequence

import numpy as np

from edge.evaluate.overlap import overlap
from edge.values.detections import Detections
from models.training.data import Labelled, Shelf
from models.training.deserted import cut

WIDTH, HEIGHT = 360, 288
"""Of a cut, pixels: a little more than is learnt from at once, so that it is not always in the middle."""
TEMPTS = 0.3
"""Score from which on something that is not there is worth learning."""
APART = 0.2
"""What overlaps no label by more was invented; the rest is a matter of its sides, or of its class."""
MOST = 3
"""Cuts of one picture, those of the highest scores."""


def tempting(shelf: Shelf, found: Sequence[Detections]) -> Shelf:
    """Cuts around what was found where nothing is.

    Args:
        shelf: labelled pictures.
        found: what a model finds in each of them.
    """
    return Shelf([c for i, answer in enumerate(found) for c in _cuts(shelf[i], answer)])


def _cuts(picture: Labelled, answer: Detections) -> list[Labelled]:
    boxes = answer.boxes[answer.scores >= TEMPTS]  # by descending score
    if len(picture.boxes):
        boxes = boxes[overlap(boxes, picture.boxes).max(axis=1, initial=0.0) < APART]
    return [cut(picture, _window(picture, (box[:2] + box[2:]) / 2), "tempting") for box in boxes[:MOST]]


def _window(picture: Labelled, middle: np.ndarray) -> tuple[int, int, int, int]:
    """A window around a place, as far as the picture reaches: x1 y1 x2 y2."""
    high, wide = picture.pixels.shape[:2]
    x = int(np.clip(middle[0] - WIDTH / 2, 0, max(0, wide - WIDTH)))
    y = int(np.clip(middle[1] - HEIGHT / 2, 0, max(0, high - HEIGHT)))
    return x, y, min(wide, x + WIDTH), min(high, y + HEIGHT)
