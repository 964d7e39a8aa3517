"""The scorecard: every figure of a run over some clips, as a value, a table and a JSON object."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from edge.evaluate.events import EventScore
from edge.evaluate.matching import Matching
from edge.evaluate.tracking import Tracking
from edge.values.event import Kind

SCHEMA = 1
TIMING_NOISE = 0.1
"""Share by which times differ between two runs of the same thing on a machine that does other work too."""


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one clip, or of all clips pooled.

    Attributes:
        name: of the clip, or "all".
        ap50: average precision of detections at overlap 0.5, mean of the labels that are there to be found.
        ap50_by_label: the same for each label.
        tracking: HOTA, IDF1, MOTA and what they are made of.
        count_errors: by zone, mean absolute error of the number of persons in it.
        events: by kind.
        frames: sampled frames.
        fps: sampled frames per second of wall time.
        cpu_s_per_1000: processor seconds, all cores, per 1,000 sampled frames.
        gated: share of the frames that the detector was spared because nothing moved.
        unanswered: share of the frames that it was asked about and gave no answer.
    """

    name: str
    ap50: float | None
    ap50_by_label: Mapping[str, float | None]
    tracking: Tracking
    count_errors: Mapping[str, float]
    events: Mapping[Kind, EventScore]
    frames: int
    fps: float | None
    cpu_s_per_1000: float
    gated: float
    unanswered: float

    @property
    def count_error(self) -> float | None:
        """Mean of the zones' count errors; None where no zone was counted."""
        errors = self.count_errors.values()
        return sum(errors) / len(errors) if errors else None

    @property
    def crossings(self) -> EventScore:
        """Line crossings alone."""
        return self.events.get(Kind.LINE_CROSSING, EventScore())

    def to_json(self) -> dict[str, Any]:
        """All figures, rounded to 6 decimals; null where there was nothing to measure."""
        return {
            "name": self.name,
            "ap50": _rounded(self.ap50),
            "ap50_by_label": {label: _rounded(ap) for label, ap in self.ap50_by_label.items()},
            **{name: _rounded(value) for name, value in asdict(self.tracking).items()},
            "count_error": _rounded(self.count_error),
            "count_errors": {zone: _rounded(error) for zone, error in self.count_errors.items()},
            "events": {kind.value: _event_json(score) for kind, score in self.events.items()},
            "frames": self.frames,
            "fps": _rounded(self.fps),
            "cpu_s_per_1000": _rounded(self.cpu_s_per_1000),
            "gated": _rounded(self.gated),
            "unanswered": _rounded(self.unanswered),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Score":
        """The figures from their JSON object; raises KeyError, TypeError or ValueError where it is none."""
        return cls(
            name=data["name"],
            ap50=data["ap50"],
            ap50_by_label=dict(data["ap50_by_label"]),
            tracking=Tracking(**{field.name: data[field.name] for field in fields(Tracking)}),
            count_errors=dict(data["count_errors"]),
            events={Kind(kind): _event_from(score) for kind, score in data["events"].items()},
            **{name: data[name] for name in ("frames", "fps", "cpu_s_per_1000", "gated", "unanswered")},
        )


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Scores of each clip and of all of them pooled, and the bounds they were measured with."""

    matching: Matching
    clips: tuple[Score, ...]
    total: Score

    def header(self) -> tuple[str, ...]:
        """Headings of the columns of `rows`."""
        return ("", *(score.name for score in self._columns()))

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """One line per measure: its name, then its figure for each clip and for all; "–" for none."""
        columns = self._columns()
        return tuple((m.name, *(m.text(m.read(score)) for score in columns)) for m in measures(columns))

    def caption(self) -> str:
        """The bounds in words, to stand below the table."""
        m = self.matching
        return (
            f"Hits overlap by {m.overlap:g} or more. Objects of which less than {m.least_visibility:.0%} "
            f"can be seen, or lower than {m.least_height:.1%} of the picture, are left out. "
            f"Events count within {m.instant_s:g} s, lasting ones within {m.lasting_s:g} s."
        )

    def to_json(self) -> dict[str, Any]:
        """The whole scorecard as a JSON object, keys in a fixed order."""
        return {
            "schema": SCHEMA,
            "matching": asdict(self.matching),
            "clips": [score.to_json() for score in self.clips],
            "all": self.total.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scorecard":
        """A saved scorecard.

        Raises:
            ValueError: it is no scorecard of this schema.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"a scorecard wants schema {SCHEMA}, got {data.get('schema')!r}")
        try:
            clips = tuple(map(Score.from_json, data["clips"]))
            return cls(Matching(**data["matching"]), clips, Score.from_json(data["all"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"a scorecard of schema {SCHEMA} is damaged: {error!r}") from error

    def _columns(self) -> tuple[Score, ...]:
        return self.clips if len(self.clips) == 1 else (*self.clips, self.total)


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table.

    Attributes:
        name: what is measured, with its unit.
        read: takes the figure from a score.
        decimals: how it is shown.
        better: 1 if more is better, -1 if less is, 0 if neither.
        noise: a change smaller than this says nothing; `noise_share` likewise, as a share of the figure.
    """

    name: str
    read: Callable[[Score], float | None]
    decimals: int = 3
    better: int = 1
    noise: float = 0.0005
    noise_share: float = 0.0

    def text(self, value: float | None) -> str:
        """The figure as shown."""
        return "–" if value is None else f"{value:.{self.decimals}f}"


def measures(scores: Sequence[Score]) -> tuple[Measure, ...]:
    """The lines of a table over these scores."""
    labels = sorted({label for score in scores for label in score.ap50_by_label})
    kinds = sorted({kind for score in scores for kind in score.events})
    return (
        Measure("AP50", lambda s: s.ap50),
        *(_ap(label) for label in labels if len(labels) > 1),
        Measure("HOTA", lambda s: s.tracking.hota),
        Measure("IDF1", lambda s: s.tracking.idf1),
        Measure("MOTA", lambda s: s.tracking.mota),
        Measure("id switches", lambda s: s.tracking.switches, 0, -1),
        Measure("count error, persons", lambda s: s.count_error, 2, -1, 0.005),
        *(line for kind in kinds for line in _event_measures(kind)),
        Measure("crossings missed", lambda s: s.crossings.missed, 0, -1),
        Measure("crossings doubled", lambda s: s.crossings.doubled, 0, -1),
        Measure("frames", lambda s: s.frames, 0, 0),
        Measure("frames per second", lambda s: s.fps, 1, 1, 0.0, TIMING_NOISE),
        Measure("CPU s per 1,000 frames", lambda s: s.cpu_s_per_1000, 2, -1, 0.0, TIMING_NOISE),
        Measure("gated, share", lambda s: s.gated, 3, 0),
        Measure("unanswered, share", lambda s: s.unanswered, 3, -1),
    )


def _ap(label: str) -> Measure:
    return Measure(f"AP50 {label}", lambda s: s.ap50_by_label.get(label))


def _event_measures(kind: Kind) -> tuple[Measure, Measure]:
    return (
        Measure(f"{kind} precision", lambda s: s.events.get(kind, EventScore()).precision),
        Measure(f"{kind} recall", lambda s: s.events.get(kind, EventScore()).recall),
    )


def _event_json(score: EventScore) -> dict[str, Any]:
    return {
        **asdict(score),
        "missed": score.missed,
        "precision": _rounded(score.precision),
        "recall": _rounded(score.recall),
    }


def _event_from(data: Mapping[str, int]) -> EventScore:
    return EventScore(data["expected"], data["told"], data["matched"], data["doubled"])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
