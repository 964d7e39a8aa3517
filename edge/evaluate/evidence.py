"""One clip's truth and run laid side by side, frame by frame, ready to be pooled with other clips."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.evaluate.average_precision import Picture
from edge.evaluate.events import EventScore, event_scores
from edge.evaluate.expected import expected_events, scored_rules
from edge.evaluate.matching import LABELS, Matching, TrueBoxes
from edge.evaluate.overlap import overlap
from edge.evaluate.record import Answered, Look, RunRecord
from edge.evaluate.tracking import Seen
from edge.track.assignment import assign
from edge.values.event import Kind
from edge.values.truth import TrueFrame, Truth


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the scores of one clip are made of.

    Attributes:
        pictures: by label, the frames that the detector answered.
        seen: all frames, with ids counting from 0 over this clip.
        true_ids, track_ids: how many different ids there are in `seen`.
        count_errors: by zone, absolute errors of the number of persons, one per frame that has one.
        events: scores by kind.
        looks: sampled frames; `still` of them gated, `silent` without an answer.
        wall_s, cpu_s: time that the run took.
    """

    pictures: Mapping[str, list[Picture]]
    seen: list[Seen]
    true_ids: int
    track_ids: int
    count_errors: Mapping[str, list[int]]
    events: Mapping[Kind, EventScore]
    looks: int
    still: int
    silent: int
    wall_s: float
    cpu_s: float

    @classmethod
    def of(cls, truth: Truth, record: RunRecord, matching: Matching) -> "Evidence":
        """The evidence of one clip."""
        labels = LABELS & set(record.labels)
        pairs = [(look, _shown(truth, look)) for look in record.looks]
        boxes = [(look, TrueBoxes.of(frame, labels, matching)) for look, frame in pairs]
        seen, true_ids, track_ids = _numbered([_followed(look, true, matching) for look, true in boxes])
        rules = {rule.id: frozenset(rule.places) for rule in scored_rules(truth, record)}
        told = [e for e in record.events if e.place in rules.get(e.rule, ())]
        answers = [look.answered for look in record.looks]
        return cls(
            _pictures(boxes, {o.label for _, frame in pairs for o in frame.objects} & labels),
            seen,
            true_ids,
            track_ids,
            _count_errors(truth, record),
            event_scores(expected_events(truth, record), told, record.began, matching),
            len(answers),
            answers.count(Answered.STILL),
            answers.count(Answered.NO),
            record.wall_s,
            record.cpu_s,
        )


def _shown(truth: Truth, look: Look) -> TrueFrame:
    """The true frame that was shown at the time of a look."""
    return truth.frames[min(round(look.pts_s * truth.fps), len(truth.frames) - 1)]


def _pictures(boxes: Sequence[tuple[Look, TrueBoxes]], labels: set[str]) -> dict[str, list[Picture]]:
    answered = [(look, true) for look, true in boxes if look.answered is Answered.YES]
    return {label: [_picture(look, true, label) for look, true in answered] for label in sorted(labels)}


def _picture(look: Look, true: TrueBoxes, label: str) -> Picture:
    found, there = _are(look.labels, label), _are(true.labels, label)
    return Picture(
        look.scores[found].astype(np.float64),
        overlap(look.boxes[found], true.boxes[there]),
        true.ignored[there],
    )


def _followed(look: Look, true: TrueBoxes, matching: Matching) -> Seen:
    """The frame with ids as they stand; tracks on ignored truths, and these truths, are left out."""
    scored = np.array([label in LABELS for label in look.track_labels], np.bool_)
    alike = overlap(true.boxes, look.track_boxes)
    same = np.array(true.labels, np.str_)[:, None] == np.array(look.track_labels, np.str_)[None, :]
    near = (alike >= matching.overlap) & (same | true.ignored[:, None]) & scored
    rows, columns = assign(np.where(near, alike + ~true.ignored[:, None], 0.0))
    kept = scored.copy()
    kept[columns[true.ignored[rows]]] = False
    asked = ~true.ignored
    return Seen(
        true.ids[asked], look.ids[kept].astype(np.intp), np.where(same, alike, 0.0)[np.ix_(asked, kept)]
    )


def _numbered(frames: Sequence[Seen]) -> tuple[list[Seen], int, int]:
    """The frames with ids counting from 0, and how many there are."""
    none = [np.empty(0, np.intp)]
    truths = np.unique(np.concatenate(none + [frame.truth for frame in frames]))
    tracks = np.unique(np.concatenate(none + [frame.tracks for frame in frames]))
    numbered = [
        Seen(np.searchsorted(truths, f.truth), np.searchsorted(tracks, f.tracks), f.similarity)
        for f in frames
    ]
    return numbered, len(truths), len(tracks)


def _count_errors(truth: Truth, record: RunRecord) -> dict[str, list[int]]:
    errors: dict[str, list[int]] = {}
    for look in record.looks:
        index = _shown(truth, look).index
        for zone, persons in look.persons.items():
            if zone in truth.counts:
                errors.setdefault(zone, []).append(abs(persons - truth.counts[zone][index]))
    return errors


def _are(labels: tuple[str, ...], label: str) -> npt.NDArray[np.bool_]:
    return np.array([one == label for one in labels], np.bool_)


def pooled(evidence: Sequence[Evidence]) -> list[Seen]:
    """The frames of all clips, with ids that stay apart."""
    frames: list[Seen] = []
    truth = tracks = 0
    for clip in evidence:
        frames += [Seen(f.truth + truth, f.tracks + tracks, f.similarity) for f in clip.seen]
        truth, tracks = truth + clip.true_ids, tracks + clip.track_ids
    return frames
