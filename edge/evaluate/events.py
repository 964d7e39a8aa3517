"""How many of the events that should have been told were told, and what else was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from edge.evaluate.matching import Matching
from edge.evaluate.overlap import Floats
from edge.rules.spec import INSTANT_KINDS
from edge.track.assignment import assign
from edge.values.event import Event, Kind, Phase
from edge.values.fact import Direction
from edge.values.moment import Moment


@dataclass(frozen=True, slots=True)
class EventScore:
    """Events of one kind.

    Attributes:
        expected: how many should have been told.
        told: how many were.
        matched: how many of them are the same.
        doubled: told once more beside a match of the same rule, place and direction.
    """

    expected: int = 0
    told: int = 0
    matched: int = 0
    doubled: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the told that should have been; None where none was told."""
        return self.matched / self.told if self.told else None

    @property
    def recall(self) -> float | None:
        """Share of the expected that was told; None where none was expected."""
        return self.matched / self.expected if self.expected else None

    @property
    def missed(self) -> int:
        """How many were not told."""
        return self.expected - self.matched

    def plus(self, other: "EventScore") -> "EventScore":
        """Both together."""
        return EventScore(
            self.expected + other.expected,
            self.told + other.told,
            self.matched + other.matched,
            self.doubled + other.doubled,
        )


@dataclass(slots=True)
class _Span:
    """An event over all its revisions, seconds from the start of the clip."""

    begin_s: float
    end_s: float = field(default=float("inf"))


_Key = tuple[str, str, Direction | None]


def event_scores(
    expected: Sequence[Event], told: Sequence[Event], began: Moment, matching: Matching
) -> dict[Kind, EventScore]:
    """Scores by kind, of the kinds that were expected or told."""
    wanted, got = _spans(expected, began), _spans(told, began)
    scores: dict[Kind, EventScore] = {}
    for kind, key in sorted(wanted.keys() | got.keys(), key=repr):
        within_s = matching.instant_s if kind in INSTANT_KINDS else matching.lasting_s
        score = _matched(wanted.get((kind, key), []), got.get((kind, key), []), within_s)
        scores[kind] = scores.get(kind, EventScore()).plus(score)
    return scores


def _spans(events: Iterable[Event], began: Moment) -> dict[tuple[Kind, _Key], list[_Span]]:
    """The events by kind, rule, place and direction."""
    spans: dict[tuple[Kind, _Key], dict[str, _Span]] = {}
    for event in events:
        group = spans.setdefault((event.kind, (event.rule, event.place, event.direction)), {})
        begin_s = event.started.seconds_since(began)
        span = group.setdefault(event.id, _Span(begin_s))
        if event.kind in INSTANT_KINDS:
            span.end_s = begin_s
        elif event.phase is Phase.END:
            span.end_s = event.moment.seconds_since(began)
    return {key: list(group.values()) for key, group in spans.items()}


def _matched(expected: list[_Span], told: list[_Span], within_s: float) -> EventScore:
    """As many pairs as possible, the nearest of them; what is told beside a matched one is doubled."""
    if not expected or not told:
        return EventScore(len(expected), len(told))
    (begin, end), (begin_told, end_told) = _ends(expected), _ends(told)
    apart: Floats = np.maximum(begin[:, None] - end_told, begin_told - end[:, None])
    near = apart <= within_s
    off = np.abs(begin[:, None] - begin_told)
    rows, columns = assign(np.where(near, 1.0 - off / (1.0 + off.sum()) / 2.0, 0.0))
    matched, surplus = np.zeros(len(expected), np.bool_), np.ones(len(told), np.bool_)
    matched[rows] = True
    surplus[columns] = False
    doubled = int(np.count_nonzero(np.any(near, axis=0, where=matched[:, None]) & surplus))
    return EventScore(len(expected), len(told), len(rows), doubled)


def _ends(spans: list[_Span]) -> tuple[Floats, Floats]:
    return np.array([s.begin_s for s in spans]), np.array([s.end_s for s in spans])
