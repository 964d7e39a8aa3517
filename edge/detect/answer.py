"""From a model's tensors to an answer: decode, judge, suppress, and bring the boxes back to the frame.

Law: numbers that are none are no answer, and a class that the card does not name is an error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from edge.detect import deim, fastestdet, nanodet, ultralytics, yolox
from edge.detect.candidates import Candidates, Floats, Shape, Tensor
from edge.detect.card import Card, Family
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
    """

    card: Card
    floors: Floats
    floor: float
    uneven: bool

    @classmethod
    def of(cls, card: Card) -> "Reader":
        """A reader with the card's thresholds."""
        floors = [card.thresholds.of(label) for label in card.labels]
        return cls(card, np.array(floors, np.float32), min(floors), min(floors) < max(floors))

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
            found = _DECODERS[card.family](outputs, card.input.size, self.floor)
        if not (np.isfinite(found.scores).all() and np.isfinite(found.boxes).all()):
            return NotAnswered(Unanswered.NOT_FINITE)
        if len(found) and not 0 <= found.classes.min() <= found.classes.max() < len(card.labels):
            got = sorted({int(c) for c in found.classes})
            raise ValueError(f"wanted classes 0 to {len(card.labels) - 1}, got {got}")
        if self.uneven:
            found = found.take(found.scores >= self.floors[found.classes])
        found = found.take((-found.scores).argsort(kind="stable")[:MOST_CANDIDATES])
        return self._best(Candidates(placement.to_frame(found.boxes), found.scores, found.classes))

    def _best(self, found: Candidates) -> Detections:
        """The candidates that stay, boxes already in pixels of the frame and best first."""
        limits = self.card.thresholds
        x1, y1, x2, y2 = found.boxes.T
        within = (x1 < x2) & (y1 < y2)  # others lie in the padding
        if not within.all():
            found = found.take(within)
        rows = suppress(found.boxes, found.classes, limits.nms_iou, limits.across_iou)
        best = found.take(rows[: limits.max_detections])
        return Detections(best.boxes, np.minimum(best.scores, np.float32(1)), best.classes.astype(np.int16))
