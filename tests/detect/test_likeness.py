import numpy as np
import pytest

from edge.detect.likeness import FEWEST, likeness
from edge.values.detections import Detections


def found(n: int = 20, shift: float = 0.0, score: float = 0.8, label: int = 0) -> Detections:
    left = np.arange(n, dtype=np.float32) * 50
    boxes = np.stack([left, left * 0 + 10, left + 40, left * 0 + 90], axis=1) + np.float32(shift)
    return Detections(boxes.astype(np.float32), np.full(n, score, np.float32), np.full(n, label, np.int16))


def test_the_same_answers_are_alike() -> None:
    like = likeness([found(), found(3)], [found(), found(3)])
    assert like.objection() is None
    assert (like.both, like.recall, like.precision) == (23, 1.0, 1.0)
    assert (like.overlap, like.drift) == (pytest.approx(1.0), 0.0)


@pytest.mark.parametrize(
    ("copy", "told"),
    [
        (found(17), "of the boxes in both"),
        (found(24), "of the boxes in both"),
        (found(label=1), "boxes that both find"),
        (found(shift=3.5), "boxes that overlap by"),
        (found(score=0.5), "scores within"),
        (found(0), "boxes that both find"),
    ],
)
def test_what_differs_is_told(copy: Detections, told: str) -> None:
    assert told in str(likeness([found()], [copy]).objection())


def test_little_proves_nothing() -> None:
    assert "more in them" in str(likeness([found(FEWEST - 1)], [found(FEWEST - 1)]).objection())
    assert likeness([], []).objection() is not None


def test_a_box_or_two_at_the_threshold_may_come_or_go() -> None:
    assert likeness([found(20)], [found(19)]).objection() is None
