"""What the run's own rules would have said of the truth.

The true crossings and visits become facts, and the rules of the run judge them: thresholds, hysteresis,
schedules and cool-downs are then the same on both sides, and what differs is what was seen.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from edge.evaluate.record import RunRecord
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event
from edge.values.fact import Fact, LineCrossed, Occupancy, Sighting, UnitBox, ZoneEntered, ZoneLeft
from edge.values.moment import Moment
from edge.values.truth import TrueVisit, Truth

_NOWHERE: UnitBox = (0.0, 0.0, 0.0, 0.0)


def scored_rules(truth: Truth, record: RunRecord) -> tuple[RuleSpec, ...]:
    """The rules of the run, confined to the places that the truth knows."""
    known = truth.zones.keys() | truth.lines.keys()
    confined = [(rule, tuple(place for place in rule.places if place in known)) for rule in record.rules]
    return tuple(replace(rule, places=places) for rule, places in confined if places)


def expected_events(truth: Truth, record: RunRecord) -> tuple[Event, ...]:
    """All revisions of the events that a run which sees everything would report, in order."""
    rules = Rules(scored_rules(truth, record), "truth", "truth", "truth")
    told = _TrueFacts(truth, record)
    events = [
        rules.judge(tuple(told.at(frame.pts_s)), record.began.plus(frame.pts_s)) for frame in truth.frames
    ]
    end = record.began.plus(truth.frames[-1].pts_s)
    return (*chain.from_iterable(events), *rules.close(end, EndCause.INTERRUPTED))


class _TrueFacts:
    """The facts of one true moment after the other."""

    def __init__(self, truth: Truth, record: RunRecord) -> None:
        self._truth = truth
        self._began = record.began
        self._classes = {zone.id: zone.classes for zone in record.scene.zones}
        self._classes |= {line.id: line.classes for line in record.scene.lines}
        self._visits = [v for v in truth.visits if self._counts(v.zone, v.id)]
        self._crossings = [c for c in truth.crossings if self._counts(c.line, c.id)]
        self._before_s = -1.0

    def at(self, now_s: float) -> Iterator[Fact]:
        """All that is true at `now_s`, and all that happened since it was last asked."""
        since_s, self._before_s = self._before_s, now_s
        for crossing in self._crossings:
            if since_s < crossing.time_s <= now_s:
                who, when = self._who(crossing.id), self._when(crossing.time_s)
                yield LineCrossed(when, crossing.line, who, crossing.direction)
        for visit in self._visits:
            yield from self._changes(visit, since_s, now_s)
        yield from self._standing(now_s)

    def _changes(self, visit: TrueVisit, since_s: float, now_s: float) -> Iterator[Fact]:
        who, entered = self._who(visit.id), visit.entered_s
        if since_s < entered <= now_s:
            yield ZoneEntered(self._when(entered), visit.zone, who, born_inside=entered == 0.0)
        if visit.left_s is not None and since_s < visit.left_s <= now_s:
            yield ZoneLeft(self._when(visit.left_s), visit.zone, who, visit.left_s - entered, lost=False)

    def _standing(self, now_s: float) -> Iterator[Fact]:
        now = self._when(now_s)
        for zone in self._truth.zones.keys() & self._classes.keys():
            here = [
                v
                for v in self._visits
                if v.zone == zone and v.entered_s <= now_s and (v.left_s is None or now_s < v.left_s)
            ]
            who = tuple(self._who(v.id) for v in here)
            yield Occupancy(now, zone, who, tuple(now_s - v.entered_s for v in here))

    def _counts(self, place: str, who: int) -> bool:
        classes = self._classes.get(place)
        return place in self._classes and (classes is None or self._truth.labels[who] in classes)

    def _who(self, who: int) -> Sighting:
        return Sighting(who, self._truth.labels[who], 1.0, _NOWHERE)

    def _when(self, seconds: float) -> Moment:
        return self._began.plus(seconds)
