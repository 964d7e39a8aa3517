"""The life of a lasting condition at one place: nothing, rising, open, clearing, nothing again.

Law: revisions count 0, 1, 2 … from START to END; nothing follows an END. A condition that was not
looked at is neither held nor cleared. The severity changes only in a message that says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from edge.rules.issuer import Issuer
from edge.rules.spec import DYNAMICS, RuleSpec, Step
from edge.values.crowd import Crowd, Flow
from edge.values.dynamics import Dynamics
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Sighting
from edge.values.hot import Spot
from edge.values.moment import Moment
from edge.values.pace import Halt, Speeding
from edge.values.thing import Thing

Standing = TypeVar("Standing", Thing, Halt, Spot)
EVIDENCE_MAX = 32
MATERIAL_SHARE = 0.1
"""A count or density that differs from the told one by less is no news; a count, by less than one."""


class Presence(NamedTuple):
    """Who takes part at one place now.

    Attributes:
        who: the objects.
        longest_s: their longest stay, where the rule asks for it.
        crowd: how densely they stand, where the ground is measured.
        flow: how many pass by the minute and metre, at a line.
        dynamics: what the crowd does as a whole; nobody of it is in `who`.
        thing: what was left or taken; then nobody is in `who`.
        speed, halt: how fast the only one of them is, or since when it stands.
        spot: what is hot; then nobody is in `who`.
    """

    who: Sequence[Sighting]
    longest_s: float | None = None
    crowd: Crowd | None = None
    flow: Flow | None = None
    dynamics: Dynamics | None = None
    thing: Thing | None = None
    speed: Speeding | None = None
    halt: Halt | None = None
    spot: Spot | None = None

    @property
    def people(self) -> int:
        """How many take part."""
        if self.dynamics is not None:
            return self.dynamics.people
        return len(self.who) if self.thing is None and self.spot is None else 1

    @property
    def confidence(self) -> float | None:
        """Mean score of their detections, or how sure a thing or spot is; None if nobody takes part."""
        if self.dynamics is not None:
            return self.dynamics.confidence
        if self.thing is not None:
            return self.thing.terms.confidence
        if self.spot is not None:
            return self.spot.confidence
        return sum(who.score for who in self.who) / len(self.who) if self.who else None


_NOBODY = Presence(())


@dataclass(slots=True)
class _Open:
    """An event that has started and not ended."""

    id: str
    started: Moment
    told: Moment
    severity: Severity
    revision: int = 0
    told_measure: float = 0.0
    told_peak: int = 0
    told_spot: Spot | None = None
    peak: int = 0
    last: Presence = _NOBODY
    shown: Presence = _NOBODY
    speed: Speeding | None = None


class Episode:
    """Judges one rule of a lasting kind at one place."""

    def __init__(self, spec: RuleSpec, place: str, camera: str, issuer: Issuer) -> None:
        self._spec, self._place, self._camera, self._issuer = spec, place, camera, issuer
        self._measure, self._clears_below = MEASURED.get(spec.kind, _people), spec.clears_below
        self._ladder = (Step(spec.at_least, spec.severity), *spec.steps)
        self._open: _Open | None = None
        self._rising: Moment | None = None  # the threshold is held since
        self._falling: Moment | None = None  # the event's threshold is cleared since
        self._sinking: Moment | None = None  # its severity's threshold is cleared since
        self._cleared: Moment | None = None  # the last event ended
        self._known: Moment | None = None  # the place was last looked at

    def judge(self, now: Presence, moment: Moment) -> Iterator[Event]:
        """What to tell when these take part."""
        if self._spec.schedule is None and self._is_fresh(moment):
            self._known = moment  # as usual; and the same as below
        else:
            yield from self.blind(moment)
            self._known = moment
            if not self._on_duty(moment):
                return
        measure = self._measure(now)
        if self._open is None:
            yield from self._rise(now, measure, moment)
        else:
            yield from self._last(self._open, now, measure, moment)

    def dozes(self, measure: float, moment: Moment) -> bool:
        """Whether the place was looked at now and nothing is to be told: below the threshold, and no event.

        The short way round `judge`, which would do the same for a presence of that measure.
        """
        if self._open is not None or measure >= self._spec.at_least:
            return False
        self._known, self._rising = moment, None
        return True

    def blind(self, moment: Moment) -> Iterator[Event]:
        """What to tell when the place could not be looked at; also ends what the schedule ends."""
        if not self._on_duty(moment):
            yield from self.close(moment, EndCause.CLEARED)
        elif not self._is_fresh(moment):
            yield from self.close(moment, EndCause.UNSEEN)

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        """The end of the event, if one is open; whatever was rising is forgotten."""
        event, self._open = self._open, None
        self._rising = self._falling = self._sinking = None
        if cause is EndCause.CLEARED and event is not None:
            self._cleared = moment
        if event is not None:
            yield self._told(event, Phase.END, moment, cause)

    @property
    def is_open(self) -> bool:
        """Whether an event has started and not ended."""
        return self._open is not None

    def _is_fresh(self, moment: Moment) -> bool:
        """Whether the place was looked at lately, or never yet."""
        return self._known is None or moment.seconds_since(self._known) <= self._spec.blind_s

    def _on_duty(self, moment: Moment) -> bool:
        return self._spec.schedule is None or self._spec.schedule.covers(moment)

    def _rise(self, now: Presence, measure: float, moment: Moment) -> Iterator[Event]:
        if measure < self._spec.at_least:
            self._rising = None
            return
        self._rising = self._rising or moment
        rested = self._cleared is None or moment.seconds_since(self._cleared) >= self._spec.cooldown_s
        if rested and moment.seconds_since(self._rising) >= self._spec.for_s:
            event = _Open(self._issuer.issue(), self._rising, moment, self._level(measure))
            self._open, self._rising = event, None
            _take(event, now)
            yield self._told(event, Phase.START, moment)

    def _last(self, event: _Open, now: Presence, measure: float, moment: Moment) -> Iterator[Event]:
        _take(event, now)
        self._falling = _since(measure < self._clears_below, self._falling, moment)
        if self._falling is not None and moment.seconds_since(self._falling) >= self._spec.clear_s:
            yield from self.close(moment, EndCause.CLEARED)
            return
        severity = self._severity(event, measure, moment)
        due = moment.seconds_since(event.told) >= self._spec.update_s
        if severity is not event.severity or (due and self._material(event)):
            event.severity = severity
            yield self._told(event, Phase.UPDATE, moment)

    def _severity(self, event: _Open, measure: float, moment: Moment) -> Severity:
        """Rises at once; falls when the step's threshold has been cleared for as long as the rule wants."""
        if not self._spec.steps:
            return event.severity
        reached, held = self._level(measure), self._level(measure, clears=True)
        self._sinking = _since(held < event.severity, self._sinking, moment)
        if self._sinking is not None and moment.seconds_since(self._sinking) >= self._spec.clear_s:
            self._sinking = None
            return held
        return max(reached, event.severity)

    def _material(self, event: _Open) -> bool:
        """Whether there is something to tell: a new peak, or a change that is more than noise."""
        spot, told = event.last.spot, event.told_spot
        if spot is not None and (told is None or spot.differs(told)):
            return True
        least = 1.0 if self._spec.whole else 0.0
        change = abs(self._measure(event.last) - event.told_measure)
        return event.peak > event.told_peak or change >= max(least, MATERIAL_SHARE * event.told_measure, 1e-9)

    def _level(self, measure: float, clears: bool = False) -> Severity:
        """Severity of a measure: by the steps it reaches, or by those it has not cleared."""
        level = self._spec.severity
        for step in self._ladder:
            if measure >= (self._spec.clearing(step.at_least) if clears else step.at_least):
                level = step.severity
        return level

    def _told(self, event: _Open, phase: Phase, moment: Moment, cause: EndCause | None = None) -> Event:
        revision, count = event.revision, event.last.people
        event.revision, event.told = revision + 1, moment
        event.told_measure, event.told_peak = self._measure(event.last), event.peak
        event.told_spot = event.last.spot
        return Event(
            id=event.id,
            revision=revision,
            phase=phase,
            kind=self._spec.kind,
            severity=event.severity,
            camera=self._camera,
            rule=self._spec.id,
            place=self._place,
            started=event.started,
            moment=moment,
            count=count,
            peak=event.peak,
            confidence=event.shown.confidence or 0.0,
            evidence=tuple(event.last.who[:EVIDENCE_MAX]),
            dwell_s=event.last.longest_s if self._spec.kind is Kind.DWELL else None,
            cause=cause,
            clearing=phase is Phase.UPDATE and self._falling is not None,
            crowd=event.last.crowd,
            flow=event.last.flow,
            dynamics=event.last.dynamics,
            thing=event.last.thing,
            speed=event.speed,
            halt=event.last.halt,
            spot=event.last.spot,
            seen=self._known if cause is EndCause.UNSEEN else None,
        )


def _people(now: Presence) -> float:
    return now.people


def _dynamics(now: Presence) -> float:
    return now.dynamics.value if now.dynamics else 0.0


MEASURED: dict[Kind, Callable[[Presence], float]] = {
    Kind.DENSITY: lambda now: now.crowd.per_m2 if now.crowd else 0.0,
    Kind.FLOW: lambda now: now.flow.per_min_m if now.flow else 0.0,
    **dict.fromkeys(DYNAMICS, _dynamics),
}
"""What the thresholds of some kinds are about: persons per square metre, or per minute and metre, or what a
crowd does; of the others, how many take part."""


def _take(event: _Open, now: Presence) -> None:
    people = now.people
    if now.spot is not None and not now.spot.pixels and event.shown.spot is not None:
        now = event.shown  # below its level it only goes on; it is told as it was last seen at it
    event.last, event.peak = now, max(event.peak, people)
    event.speed = now.speed or event.speed
    if people:
        event.shown = now


def seen_until(event: Event, seen: Moment) -> Event:
    """The end of an event of which nothing was seen after that moment, though its numbers went on."""
    late_s = max(0.0, event.moment.seconds_since(seen))
    dwell_s = None if event.dwell_s is None else max(0.0, event.dwell_s - late_s)
    return replace(
        event,
        seen=seen,
        dwell_s=dwell_s,
        thing=_stood(event.thing, seen),
        halt=_stood(event.halt, seen),
        spot=_stood(event.spot, seen),
    )


def _stood(what: Standing | None, seen: Moment) -> Standing | None:
    """What stood somewhere, until then at most."""
    if what is None:
        return None
    return replace(what, stood_s=min(what.stood_s, max(0.0, seen.seconds_since(what.since))))


def _since(holds: bool, before: Moment | None, moment: Moment) -> Moment | None:
    """Since when something holds, given since when it held before."""
    return (before or moment) if holds else None
