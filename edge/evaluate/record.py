"""What a run saw and said, frame by frame, in the unit square: the half of the score that is not truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from edge.rules.spec import RuleSpec
from edge.scene.spec import SceneSpec
from edge.values.detections import Answer, Boxes, Detections, Scores, Still
from edge.values.event import Event
from edge.values.fact import Fact, Occupancy
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.tracks import TrackIds, Tracks

PERSON = "person"


class Answered(StrEnum):
    """Whether the detector spoke about a frame."""

    YES = "yes"
    STILL = "still"  # it was not asked, because nothing moved
    NO = "no"  # it was asked and gave no answer


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One sampled frame of a run; boxes are corners x1 y1 x2 y2 in the unit square.

    Attributes:
        pts_s: presentation time in the clip, seconds.
        answered: whether the detector spoke.
        boxes, scores, labels: the n detections.
        ids, track_boxes, track_labels: the m tracks that are believed and seen.
        persons: how many persons the run says are in each zone it spoke about.
    """

    pts_s: float
    answered: Answered
    boxes: Boxes
    scores: Scores
    labels: tuple[str, ...]
    ids: TrackIds
    track_boxes: Boxes
    track_labels: tuple[str, ...]
    persons: Mapping[str, int]

    @classmethod
    def of(
        cls,
        pts_s: float,
        answer: Answer,
        tracks: Tracks,
        facts: Sequence[Fact],
        size: Size,
        labels: Sequence[str],
    ) -> "Look":
        """What one step of the pipeline led to; boxes in pixels of a picture of `size`, `labels` by class."""
        found = answer if isinstance(answer, Detections) else Detections.none()
        spoke = Answered.YES if found is answer else Answered.STILL if answer == Still() else Answered.NO
        shown = tracks.take(tracks.confirmed & tracks.seen)
        return cls(
            pts_s,
            spoke,
            _unit(found.boxes, size),
            found.scores,
            tuple(labels[i] for i in found.classes),
            shown.ids,
            _unit(shown.boxes, size),
            tuple(labels[i] for i in shown.classes),
            {f.zone: sum(w.label == PERSON for w in f.who) for f in facts if isinstance(f, Occupancy)},
        )


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """A whole run over one clip.

    Attributes:
        began: the moment of presentation time 0.
        labels: all that the detector can find.
        scene, rules: what the run was asked to watch for.
        looks: the sampled frames, in order.
        events: all revisions of all events, in order.
        wall_s: how long the run took, seconds.
        cpu_s: processor time it took on all cores, seconds.
    """

    began: Moment
    labels: tuple[str, ...]
    scene: SceneSpec
    rules: tuple[RuleSpec, ...]
    looks: tuple[Look, ...]
    events: tuple[Event, ...]
    wall_s: float
    cpu_s: float

    def __post_init__(self) -> None:
        times = [look.pts_s for look in self.looks]
        if not times or times != sorted(times) or times[0] < 0.0:
            raise ValueError("a run wants at least one frame, presentation times ascending from 0")


def _unit(boxes: Boxes, size: Size) -> Boxes:
    width, height = size
    return boxes * np.array([1 / width, 1 / height, 1 / width, 1 / height], np.float32)
