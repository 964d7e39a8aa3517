"""Scores a run against the truth."""

from collections.abc import Iterable, Sequence

from edge.evaluate.average_precision import average_precision
from edge.evaluate.events import EventScore
from edge.evaluate.evidence import Evidence, pooled
from edge.evaluate.matching import Matching
from edge.evaluate.record import RunRecord
from edge.evaluate.scorecard import Score, Scorecard
from edge.evaluate.tracking import followed
from edge.values.event import Kind
from edge.values.truth import Truth


def score(runs: Iterable[tuple[Truth, RunRecord]], matching: Matching | None = None) -> Scorecard:
    """The scorecard of runs over clips, each with the clip's truth.

    Pooled figures are not means of the clips' figures: all frames are scored as if they were one clip.

    Raises:
        ValueError: no run was given.
    """
    bounds = matching or Matching()
    clips = [(truth.name, Evidence.of(truth, record, bounds)) for truth, record in runs]
    if not clips:
        raise ValueError("a scorecard wants at least one run")
    scores = tuple(_score(name, [evidence], bounds) for name, evidence in clips)
    return Scorecard(bounds, scores, _score("all", [evidence for _, evidence in clips], bounds))


def _score(name: str, clips: Sequence[Evidence], bounds: Matching) -> Score:
    frames = sum(clip.looks for clip in clips)
    wall_s = sum(clip.wall_s for clip in clips)
    by_label = _by_label(clips, bounds)
    found = [ap for ap in by_label.values() if ap is not None]
    return Score(
        name,
        sum(found) / len(found) if found else None,
        by_label,
        followed(pooled(clips), bounds.overlap),
        _count_errors(clips),
        _events(clips),
        frames,
        frames / wall_s if wall_s > 0.0 else None,
        1000.0 * sum(clip.cpu_s for clip in clips) / frames,
        sum(clip.still for clip in clips) / frames,
        sum(clip.silent for clip in clips) / frames,
    )


def _by_label(clips: Sequence[Evidence], bounds: Matching) -> dict[str, float | None]:
    labels = sorted({label for clip in clips for label in clip.pictures})
    pictures = {label: [p for clip in clips for p in clip.pictures.get(label, [])] for label in labels}
    return {label: average_precision(those, bounds.overlap) for label, those in pictures.items()}


def _count_errors(clips: Sequence[Evidence]) -> dict[str, float]:
    errors: dict[str, list[int]] = {}
    for clip in clips:
        for zone, those in clip.count_errors.items():
            errors.setdefault(zone, []).extend(those)
    return {zone: sum(those) / len(those) for zone, those in sorted(errors.items())}


def _events(clips: Sequence[Evidence]) -> dict[Kind, EventScore]:
    total: dict[Kind, EventScore] = {}
    for clip in clips:
        for kind, those in clip.events.items():
            total[kind] = total.get(kind, EventScore()).plus(those)
    return dict(sorted(total.items()))
