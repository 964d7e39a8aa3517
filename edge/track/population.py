"""The tracks that are alive, as a struct of arrays in the order of their ids."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.track.motion import Floats, Motion, Rows
from edge.values.detections import Boxes, Classes, Detections, Scores
from edge.values.tracks import TrackIds, Tracks

Mask = npt.NDArray[np.bool_]

MAX_VOTE = 5.0
"""Confidence at which a class is settled, in summed scores; more would make an early error last."""


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Tracks of equal length n, by ascending id.

    Attributes:
        ids: int64 n.
        motion: believed motion of each.
        boxes: float32 n×4, x1 y1 x2 y2 in pixels, of the last matched detection.
        scores: float32 n, of the last matched detection.
        classes: int16 n, the class that leads the vote.
        votes: float64 n, by how much it leads, in summed scores.
        age: int32 n, frames since birth, 1 on the first.
        hits: int32 n, matched detections so far that were sure enough to begin a track; 0 of a doubted one.
        unseen_s: float64 n, seconds without a detection that count as absence.
        unsure_s: float64 n, such seconds since the last detection that was sure enough to begin a track.
    """

    ids: TrackIds
    motion: Motion
    boxes: Boxes
    scores: Scores
    classes: Classes
    votes: Floats
    age: npt.NDArray[np.int32]
    hits: npt.NDArray[np.int32]
    unseen_s: Floats
    unsure_s: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def born(cls, first_id: int, found: Detections, measured: Floats, high: Mask) -> "Population":
        """New tracks, one for each detection, with ids counting up from `first_id`, sure where it is high."""
        n = len(found)
        return cls(
            np.arange(first_id, first_id + n, dtype=np.int64),
            Motion.begun(measured),
            found.boxes,
            found.scores,
            found.classes,
            found.scores.astype(np.float64),
            np.ones(n, np.int32),
            high.astype(np.int32),
            np.zeros(n),
            np.zeros(n),
        )

    @classmethod
    def none(cls) -> "Population":
        """Nobody."""
        return cls.born(1, Detections.none(), np.empty((0, 4)), np.empty(0, np.bool_))

    def take(self, rows: Rows) -> "Population":
        """The tracks of an index array."""
        return Population(
            self.ids[rows],
            self.motion.take(rows),
            self.boxes[rows],
            self.scores[rows],
            self.classes[rows],
            self.votes[rows],
            self.age[rows],
            self.hits[rows],
            self.unseen_s[rows],
            self.unsure_s[rows],
        )

    def joined(self, born: "Population") -> "Population":
        """These tracks, then the newly born."""
        return Population(
            np.concatenate((self.ids, born.ids)),
            self.motion.joined(born.motion),
            np.concatenate((self.boxes, born.boxes)),
            np.concatenate((self.scores, born.scores)),
            np.concatenate((self.classes, born.classes)),
            np.concatenate((self.votes, born.votes)),
            np.concatenate((self.age, born.age)),
            np.concatenate((self.hits, born.hits)),
            np.concatenate((self.unseen_s, born.unseen_s)),
            np.concatenate((self.unsure_s, born.unsure_s)),
        )

    def aged(self, motion: Motion, unseen_s: Floats, unsure_s: Floats) -> "Population":
        """The same tracks one frame later, none of them matched yet."""
        age = self.age + np.int32(1)
        told = self.boxes, self.scores, self.classes, self.votes
        return Population(self.ids, motion, *told, age, self.hits, unseen_s, unsure_s)

    def matched(self, rows: Rows, found: Detections, measured: Floats, high: Mask) -> "Population":
        """The tracks at `rows` saw one detection each, some of them sure ones; the rest follows from that."""
        boxes, scores, hits = self.boxes.copy(), self.scores.copy(), self.hits.copy()
        classes, votes = self.classes.copy(), self.votes.copy()
        unseen_s, unsure_s = self.unseen_s.copy(), self.unsure_s.copy()
        boxes[rows] = found.boxes
        scores[rows] = found.scores
        hits[rows] += high
        classes[rows], votes[rows] = _voted(classes[rows], votes[rows], found)
        unseen_s[rows] = 0.0
        unsure_s[rows[high]] = 0.0
        motion = self.motion.corrected(rows, measured)
        return Population(self.ids, motion, boxes, scores, classes, votes, self.age, hits, unseen_s, unsure_s)

    def all_matched(self, found: Detections, measured: Floats, high: Mask) -> "Population":
        """As `matched`, where every track saw one, in their order: nothing has to be kept of what was."""
        classes, votes = _voted(self.classes, self.votes, found)
        motion, unseen_s = self.motion.all_corrected(measured), np.zeros(len(self))
        told = found.boxes, found.scores, classes, votes
        return Population(
            self.ids, motion, *told, self.age, self.hits + high, unseen_s, self.unsure_s * ~high
        )

    def seen_as(self, confirmed: Mask, seen: Mask) -> Tracks:
        """The value that leaves the tracker; a box that was seen lies halfway between detected and filtered.

        A detection alone jitters over lines that somebody walks along; the filter alone lags behind people
        who bend, turn and come out from behind each other.
        """
        filtered = self.motion.boxes()
        boxes = (self.boxes + filtered) * np.float32(0.5)
        if not every(seen):
            boxes = np.where(seen[:, None], boxes, filtered)
        return Tracks(self.ids, boxes, self.scores, self.classes, self.age, confirmed, seen)


def every(mask: Mask) -> bool:
    """Whether all of a mask is true; `mask.all()` at a third of its price."""
    return int(np.count_nonzero(mask)) == len(mask)


def _voted(classes: Classes, votes: Floats, found: Detections) -> tuple[Classes, Floats]:
    """One step of the majority vote of Boyer and Moore (1981), weighted by score."""
    same = classes == found.classes
    if every(same):
        return classes, np.minimum(votes + found.scores, MAX_VOTE)
    lead = np.where(same, votes + found.scores, votes - found.scores)
    turned = lead < 0.0
    return np.where(turned, found.classes, classes), np.minimum(np.abs(lead), MAX_VOTE)
