"""Which detections begin a track, surely or in doubt.

Law: nobody begins twice. What is sure begins a track wherever no track explains it; what is only doubted also
must not lie on somebody who is followed: a part of a body scores low and moves along with it.
"""

import numpy as np
import numpy.typing as npt

from edge.track.motion import Rows
from edge.track.population import Mask, Population
from edge.track.spec import TrackerSpec
from edge.values.detections import Boxes, Detections

Shares = npt.NDArray[np.float32]

DUPLICATE_IOU = 0.8
"""No track begins on a detection that overlaps a matched track so much: it is the same object twice."""
ALONE_IOU = 0.4
"""The same where both are of classes that are alone in their place: a lorry found as car and as bus."""
PART = 0.5
"""Share of the smaller of two boxes within the other beyond which what is doubted may be a part of it."""
NEVER = 2.0
"""A score that no detection has."""


class Births:
    """Knows from which score on which class may begin a track."""

    def __init__(self, spec: TrackerSpec) -> None:
        self._doubted = np.array([*spec.doubted_scores, NEVER], np.float32)
        self._alone = np.array([*spec.alone, False], np.bool_)
        self.doubts = bool(spec.doubted_scores)
        """Whether any track may begin in doubt."""

    def may_begin(self, found: Detections, high: Mask) -> Mask:
        """Which detections are good enough to begin a track, if only in doubt."""
        if not self.doubts:
            return high
        may: Mask = high | (found.scores >= self._doubted.take(found.classes, mode="clip"))
        return may

    def of(self, found: Detections, high: Mask, taken: Rows, followed: Population) -> Rows:
        """Detections that begin a track.

        Args:
            found: n detections.
            high: bool n, sure enough to begin a track.
            taken: those that belong to a track already.
            followed: tracks that saw one of them and are no doubted ones.
        """
        free = self.may_begin(found, high).copy()
        free[taken] = False
        sure, doubted = (free & high).nonzero()[0], (free & ~high).nonzero()[0]
        others = followed.motion.boxes()
        if len(sure) and len(others):
            alone = self._alone.take(found.classes[sure], mode="clip")[:, None]
            alone = alone & self._alone.take(followed.classes, mode="clip")
            novel = _shared(found.boxes[sure], others)[0] < np.where(alone, ALONE_IOU, DUPLICATE_IOU)
            sure = sure[np.all(novel, axis=1)]
        if not len(doubted):
            return sure
        others = np.concatenate((others, found.boxes[sure]))
        apart = _shared(found.boxes[doubted], others)[1].max(axis=1, initial=0.0) < PART
        return np.concatenate((sure, doubted[apart]))


def _shared(some: Boxes, others: Boxes) -> tuple[Shares, Shares]:
    """Intersection over union, and over the smaller, len(some) × len(others), of boxes with sides > 0."""
    low = np.maximum(some[:, None, :2], others[None, :, :2])
    high = np.minimum(some[:, None, 2:], others[None, :, 2:])
    common: Shares = np.maximum(high - low, 0.0).prod(axis=2)
    one, other = ((boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (some, others))
    return common / (one[:, None] + other - common), common / np.minimum(one[:, None], other)
