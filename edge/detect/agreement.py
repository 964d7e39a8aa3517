"""Agreement: how much of what one detector finds another finds too.

Law: one of them is taken for the truth, which it need not be. Only classes and places count, not scores: a
box agrees with one of the same class that overlaps by `IOU` or more, each with one at most.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from edge.detect.nms import iou_matrix
from edge.values.detections import Detections

IOU = 0.5


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was found by both, by the first alone and by the second alone, over some pictures."""

    both: int
    first_alone: int
    second_alone: int

    @property
    def recall(self) -> float | None:
        """Share of the first's boxes that the second finds too; None where the first finds none."""
        return _share(self.both, self.first_alone)

    @property
    def precision(self) -> float | None:
        """Share of the second's boxes that the first finds too; None where the second finds none."""
        return _share(self.both, self.second_alone)


def agreement(answers: Iterable[tuple[Detections, Detections]]) -> Agreement:
    """The agreement of two detectors, from their answers to the same pictures."""
    both = first = second = 0
    for one, other in answers:
        matched = _matched(one, other)
        both += matched
        first += len(one) - matched
        second += len(other) - matched
    return Agreement(both, first, second)


def _matched(one: Detections, other: Detections) -> int:
    """Number of pairs, the best overlaps first."""
    if not len(one) or not len(other):
        return 0
    overlap = iou_matrix(one.boxes, other.boxes)
    overlap[one.classes[:, None] != other.classes[None, :]] = 0
    pairs = 0
    while float(overlap.max()) >= IOU:
        row, column = divmod(int(overlap.argmax()), overlap.shape[1])
        overlap[row, :] = overlap[:, column] = 0
        pairs += 1
    return pairs


def _share(both: int, alone: int) -> float | None:
    return both / (both + alone) if both + alone else None
