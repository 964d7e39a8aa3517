"""From a model's tensors to an answer: decode, judge, suppress, and bring the boxes back to the frame.

Law: numbers that are none are no answer, and a class that the card does not name is an error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from edge.detect import deim, fastestdet, nanodet, ultralytics, yolox
from edge.detect.candidates import Candidates, Floats, Shape, Tensor
from edge.detect.card import PERSON, Card, Family
from edge.detect.letterbox import Placement
from edge.detect.nms import suppress
from edge.values.detections import Detections, NotAnswered, Unanswered
from edge.values.frame import Size

MOST_CANDIDATES = 1000
"""Best candidates that go into suppression, whose cost grows with the square of their number."""

_DECODERS: dict[Family, Callable[[Sequence[Tensor], Size, float], Candidates]] = {
    Family.YOLOX: yolox.decode,
    Family.ULTRALYTICS: ultralytics.decode_raw,
    Family.ULTRALYTICS_END2END: ultralytics.decode_end2end,
    Family.DEIM: deim.decode,
    Family.NANODET: nanodet.decode,
    Family.FASTESTDET: fastestdet.decode,
}
_SHAPES: dict[Family, Callable[[Size, int], tuple[Shape, ...]]] = {
    Family.YOLOX: yolox.shapes,
    Family.ULTRALYTICS: ultralytics.raw_shapes,
    Family.ULTRALYTICS_END2END: ultralytics.end2end_shapes,
    Family.DEIM: deim.shapes,
    Family.NANODET: nanodet.shapes,
    Family.FASTESTDET: fastestdet.shapes,
}


def output_shapes(card: Card) -> tuple[Shape, ...]:
    """The shapes of the outputs that the card's family wants, in the order that `Reader.read` takes them."""
    return _SHAPES[card.family](card.input.size, len(card.labels))


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads the answers of one model.

    Attributes:
        card: the model's card.
        floors: float32, smallest score by class index.
        floor: smallest of the floors.
        uneven: whether the floors differ.
        glimpses: whether persons are to be glimpsed too, as far as the card has an acuity.
    """

    card: Card
    floors: Floats
    floor: float
    uneven: bool
    glimpses: bool = False

    @classmethod
    def of(cls, card: Card, glimpses: bool = False) -> "Reader":
        """A reader with the card's thresholds."""
        floors = [card.thresholds.of(label) for label in card.labels]
        floor, asked = min(floors), glimpses and card.acuity is not None
        return cls(card, np.array(floors, np.float32), floor, floor < max(floors), asked)

    def read(self, outputs: Sequence[Tensor], placement: Placement) -> Detections | NotAnswered:
        """The objects in a frame, boxes in its pixels, by descending score.

        Args:
            outputs: the model's outputs, of the shapes of `output_shapes`.
            placement: where the frame lies in the input.

        Raises:
            ValueError: a class is not among the card's labels.
        """
        card = self.card
        with np.errstate(all="ignore"):  # what is not finite is looked for here, not warned of
            found = _DECODERS[card.family](outputs, card.input.size, self._least())
        if not (np.isfinite(found.scores).all() and np.isfinite(found.boxes).all()):
            return NotAnswered(Unanswered.NOT_FINITE)
        if len(found) and not 0 <= found.classes.min() <= found.classes.max() < len(card.labels):
            got = sorted({int(c) for c in found.classes})
            raise ValueError(f"wanted classes 0 to {len(card.labels) - 1}, got {got}")
        glimpsed = self._glimpsed(found, placement)
        if self.uneven or self.glimpses:
            found = found.take(found.scores >= self.floors[found.classes])
        found = found.take((-found.scores).argsort(kind="stable")[:MOST_CANDIDATES])
        return self._best(_in_frame(found, placement), glimpsed)

    def _least(self) -> float:
        acuity = self.card.acuity
        return self.floor if acuity is None or not self.glimpses else min(self.floor, acuity.glimpse)

    def _glimpsed(self, found: Candidates, placement: Placement) -> Floats | None:
        """What looks at all like a person, float32 m×4 in pixels of the frame; None where nobody asked."""
        acuity = self.card.acuity
        if acuity is None or not self.glimpses:
            return None
        person = found.classes == self.card.labels.index(PERSON)
        found = found.take(person & (found.scores >= np.float32(acuity.glimpse)))
        found = found.take((-found.scores).argsort(kind="stable")[:MOST_CANDIDATES])
        return _within(_in_frame(found, placement)).boxes

    def _best(self, found: Candidates, glimpsed: Floats | None) -> Detections:
        """The candidates that stay, boxes already in pixels of the frame and best first."""
        limits, found = self.card.thresholds, _within(found)
        rows = suppress(found.boxes, found.classes, limits.nms_iou, limits.across_iou)
        best = found.take(rows[: limits.max_detections])
        scores = np.minimum(best.scores, np.float32(1))
        return Detections(best.boxes, scores, best.classes.astype(np.int16), glimpsed)


def _in_frame(found: Candidates, placement: Placement) -> Candidates:
    return Candidates(placement.to_frame(found.boxes), found.scores, found.classes)


def _within(found: Candidates) -> Candidates:
    """Those in the picture; others lie in the padding."""
    x1, y1, x2, y2 = found.boxes.T
    within = (x1 < x2) & (y1 < y2)
    return found if within.all() else found.take(within)
