"""The tracks that are alive, as a struct of arrays in the order of their ids."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.track.motion import Floats, Motion, Rows
from edge.values.detections import Classes, Detections, Scores
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
        scores: float32 n, of the last matched detection.
        classes: int16 n, the class that leads the vote.
        votes: float64 n, by how much it leads, in summed scores.
        age: int32 n, frames since birth, 1 on the first.
        hits: int32 n, detections matched so far.
        unseen_s: float64 n, seconds without a detection that count as absence.
    """

    ids: TrackIds
    motion: Motion
    scores: Scores
    classes: Classes
    votes: Floats
    age: npt.NDArray[np.int32]
    hits: npt.NDArray[np.int32]
    unseen_s: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def born(cls, first_id: int, found: Detections, measured: Floats) -> "Population":
        """New tracks, one for each detection, with ids counting up from `first_id`."""
        n = len(found)
        return cls(
            np.arange(first_id, first_id + n, dtype=np.int64),
            Motion.begun(measured),
            found.scores,
            found.classes,
            found.scores.astype(np.float64),
            np.ones(n, np.int32),
            np.ones(n, np.int32),
            np.zeros(n),
        )

    def take(self, rows: Rows) -> "Population":
        """The tracks of an index array."""
        return Population(
            self.ids[rows],
            self.motion.take(rows),
            self.scores[rows],
            self.classes[rows],
            self.votes[rows],
            self.age[rows],
            self.hits[rows],
            self.unseen_s[rows],
        )

    def joined(self, born: "Population") -> "Population":
        """These tracks, then the newly born."""
        return Population(
            np.concatenate((self.ids, born.ids)),
            self.motion.joined(born.motion),
            np.concatenate((self.scores, born.scores)),
            np.concatenate((self.classes, born.classes)),
            np.concatenate((self.votes, born.votes)),
            np.concatenate((self.age, born.age)),
            np.concatenate((self.hits, born.hits)),
            np.concatenate((self.unseen_s, born.unseen_s)),
        )

    def aged(self, motion: Motion, unseen_s: Floats) -> "Population":
        """The same tracks one frame later, none of them matched yet."""
        return Population(
            self.ids,
            motion,
            self.scores,
            self.classes,
            self.votes,
            self.age + np.int32(1),
            self.hits,
            unseen_s,
        )

    def matched(self, rows: Rows, found: Detections, measured: Floats) -> "Population":
        """The tracks at `rows` saw one detection each: their motion, class vote and score follow."""
        scores, hits, unseen_s = self.scores.copy(), self.hits.copy(), self.unseen_s.copy()
        classes, votes = self.classes.copy(), self.votes.copy()
        scores[rows] = found.scores
        hits[rows] += 1
        unseen_s[rows] = 0.0
        classes[rows], votes[rows] = _voted(classes[rows], votes[rows], found)
        motion = self.motion.placed(rows, self.motion.take(rows).corrected(measured))
        return Population(self.ids, motion, scores, classes, votes, self.age, hits, unseen_s)

    def seen_as(self, confirmed: Mask, seen: Mask) -> Tracks:
        """The value that leaves the tracker."""
        return Tracks(self.ids, self.motion.boxes(), self.scores, self.classes, self.age, confirmed, seen)


def _voted(classes: Classes, votes: Floats, found: Detections) -> tuple[Classes, Floats]:
    """One step of the majority vote of Boyer and Moore (1981), weighted by score."""
    same = classes == found.classes
    lead = np.where(same, votes + found.scores, votes - found.scores)
    turned = lead < 0.0
    return np.where(turned, found.classes, classes), np.minimum(np.abs(lead), MAX_VOTE)
