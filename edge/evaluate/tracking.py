"""How well objects were followed: HOTA, IDF1 and MOTA.

Definitions: Luiten et al., HOTA (IJCV 129, 2021); Ristani et al., IDF1 (ECCV Workshops 2016); Bernardin and
Stiefelhagen, CLEAR MOT (EURASIP 2008); all in the reading of TrackEval, which the tests are held to.
Concatenating the frames of several clips, with ids made distinct, gives what TrackEval calls combined.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.evaluate.overlap import Floats
from edge.track.assignment import assign

Ids = npt.NDArray[np.intp]

ALPHAS = np.arange(0.05, 0.99, 0.05)
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One frame: who was there and who was followed.

    Attributes:
        truth: intp n, ids of the true objects, counting from 0 over the whole run.
        tracks: intp m, ids of the tracks, likewise.
        similarity: float64 n×m, intersection over union, 0 for pairs that may not match.
    """

    truth: Ids
    tracks: Ids
    similarity: Floats


@dataclass(frozen=True, slots=True)
class Tracking:
    """Scores in 0..1 but for MOTA, which has no lower bound; None where there was nothing to follow.

    Attributes:
        hota: geometric mean of detection and association accuracy, mean over overlaps 0.05..0.95.
        deta: detection accuracy, likewise.
        assa: association accuracy, likewise.
        idf1: share of boxes with the right identity, at overlap 0.5.
        mota: 1 minus misses, false boxes and switches per true box, at overlap 0.5.
        switches: how often a true object's track id changed, at overlap 0.5.
    """

    hota: float | None
    deta: float | None
    assa: float | None
    idf1: float | None
    mota: float | None
    switches: int


def followed(frames: Sequence[Seen], least: float = 0.5) -> Tracking:
    """All tracking scores of a run; `least` is the overlap of a hit for IDF1, MOTA and switches."""
    true_boxes = sum(len(frame.truth) for frame in frames)
    if true_boxes == 0:
        return Tracking(None, None, None, None, None, 0)
    counts = _Counts.of(frames)
    hota, deta, assa = _hota(frames, counts)
    hits, switches = _clear(frames, len(counts.truth), least)
    false_boxes = int(counts.tracks.sum()) - hits
    mota = (hits - false_boxes - switches) / true_boxes
    return Tracking(hota, deta, assa, _idf1(frames, counts, least), mota, switches)


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Boxes per true object and per track."""

    truth: Floats
    tracks: Floats

    @classmethod
    def of(cls, frames: Sequence[Seen]) -> "_Counts":
        none: list[Ids] = [np.empty(0, np.intp)]
        truth = np.concatenate(none + [frame.truth for frame in frames])
        tracks = np.concatenate(none + [frame.tracks for frame in frames])
        return cls(np.bincount(truth).astype(np.float64), np.bincount(tracks).astype(np.float64))

    def zeros(self) -> Floats:
        return np.zeros((len(self.truth), len(self.tracks)))

    def jaccard(self, common: Floats) -> Floats:
        union = self.truth[:, None] + self.tracks[None, :] - common
        return common / np.maximum(union, _EPS)


def _hota(frames: Sequence[Seen], counts: _Counts) -> tuple[float, float, float]:
    alike = counts.zeros()
    for frame in frames:
        both = frame.similarity
        either = both.sum(axis=0)[None, :] + both.sum(axis=1)[:, None] - both
        share = np.divide(both, either, out=np.zeros_like(both), where=either > _EPS)
        alike[frame.truth[:, None], frame.tracks[None, :]] += share
    alignment = counts.jaccard(alike)
    matched = np.stack([counts.zeros() for _ in ALPHAS])
    for frame in frames:
        rows, columns = assign(alignment[frame.truth[:, None], frame.tracks[None, :]] * frame.similarity)
        good = frame.similarity[rows, columns] >= ALPHAS[:, None] - _EPS
        matched[:, frame.truth[rows], frame.tracks[columns]] += good
    hits = matched.sum(axis=(1, 2))
    deta = hits / (counts.truth.sum() + counts.tracks.sum() - hits)
    assa = np.array([(m * counts.jaccard(m)).sum() for m in matched]) / np.maximum(hits, 1.0)
    return float(np.sqrt(deta * assa).mean()), float(deta.mean()), float(assa.mean())


def _idf1(frames: Sequence[Seen], counts: _Counts, least: float) -> float:
    common = counts.zeros()
    for frame in frames:
        common[frame.truth[:, None], frame.tracks[None, :]] += frame.similarity >= least
    rows, columns = assign(common)
    return float(2.0 * common[rows, columns].sum() / (counts.truth.sum() + counts.tracks.sum()))


def _clear(frames: Sequence[Seen], objects: int, least: float) -> tuple[int, int]:
    """Hits and identity switches of CLEAR MOT; a pair of the frame before is kept where it still can be."""
    last = np.full(objects, -1)
    previous = np.full(objects, -1)
    hits = switches = 0
    for frame in frames:
        if len(frame.truth) == 0 or len(frame.tracks) == 0:
            continue  # as in TrackEval, such a frame does not break the chain
        kept = frame.tracks[None, :] == previous[frame.truth][:, None]
        able = frame.similarity >= least - _EPS
        rows, columns = assign((1000.0 * kept + frame.similarity) * able)
        who, track = frame.truth[rows], frame.tracks[columns]
        hits += len(who)
        switches += int(np.count_nonzero((last[who] >= 0) & (last[who] != track)))
        last[who] = track
        previous[:] = -1
        previous[who] = track
    return hits, switches
