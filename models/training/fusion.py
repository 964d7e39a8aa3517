"""Weighted box fusion: what several teachers saw in several views of a picture becomes one set of labels.

After Solovyev, Wang, Gabruseva: "Weighted boxes fusion" (2021), with one change: a teacher's say is its
best score over all views, and a teacher that saw nothing says zero. So the fused score is a vote, and
looking more often is no vote.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.detect.nms import iou_matrix
from edge.values.detections import Detections
from models.training.data import LABELS

Floats = npt.NDArray[np.float32]

SAME_BOX = 0.55
"""Overlap from which two boxes of one class show one object (the paper's value)."""
RIVALS = 0.7
"""Overlap from which boxes of two vehicle classes show one vehicle; the likelier class gets all votes."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one teacher saw in one view; `weight` is its share of the vote, the same in all its views."""

    teacher: str
    weight: float
    found: Detections


@dataclass(slots=True)
class Cluster:
    """Boxes of one class taken for one object, and the best score that each teacher gave it."""

    kind: int
    box: Floats
    mass: float
    votes: dict[str, float]

    def add(self, box: Floats, score: float, sight: Sight) -> None:
        mass = score * sight.weight
        self.box = np.asarray((self.box * self.mass + box * mass) / (self.mass + mass), np.float32)
        self.mass += mass
        self.votes[sight.teacher] = max(self.votes.get(sight.teacher, 0.0), mass)

    def score(self) -> float:
        return sum(self.votes.values())


def fused(sights: Sequence[Sight]) -> Detections:
    """One soft label per object, score 0..1 by descending score; boxes in the pixels of the sights' boxes."""
    total = sum({sight.teacher: sight.weight for sight in sights}.values())
    clusters: list[Cluster] = []
    for box, score, kind, sight in _by_score(sights):
        home = _nearest(clusters, box, kind)
        if home is None:
            home = Cluster(kind, box, 0.0, {})
            clusters.append(home)
        home.add(box, score, sight)
    found = Detections.of(
        [c.box for c in clusters], [min(1.0, c.score() / total) for c in clusters], [c.kind for c in clusters]
    )
    return _without_rivals(found)


def _by_score(sights: Sequence[Sight]) -> list[tuple[Floats, float, int, Sight]]:
    every = [
        (box, float(score), int(kind), sight)
        for sight in sights
        for box, score, kind in zip(sight.found.boxes, sight.found.scores, sight.found.classes, strict=True)
    ]
    return sorted(every, key=lambda one: -one[1] * one[3].weight)


def _nearest(clusters: list[Cluster], box: Floats, kind: int) -> Cluster | None:
    mine = [c for c in clusters if c.kind == kind]
    if not mine:
        return None
    near = iou_matrix(box[None], np.stack([c.box for c in mine]))[0]
    best = int(near.argmax())
    return mine[best] if near[best] > SAME_BOX else None


def _without_rivals(found: Detections) -> Detections:
    """Vehicles seen as two classes become one, of the likelier class with both votes."""
    scores = found.scores.copy()
    vehicle = found.classes != LABELS.index("person")
    near = iou_matrix(found.boxes, found.boxes) > RIVALS
    near &= vehicle[:, None] & vehicle[None, :]
    keep: list[int] = []
    for i in np.argsort(-found.scores, kind="stable"):
        winner = next((k for k in keep if near[i, k]), None)
        if winner is None:
            keep.append(int(i))
        else:
            scores[winner] = min(1.0, scores[winner] + found.scores[i])
    order = np.array(keep, dtype=np.intp)
    order = order[np.argsort(-scores[order], kind="stable")]
    return Detections(found.boxes[order], scores[order], found.classes[order])
