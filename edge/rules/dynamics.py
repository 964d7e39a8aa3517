"""One rule about a crowd as a whole, at all its places.

Law: what leaves here is a number about at least `min_people`; nobody's place, way or track is in it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter

from edge.rules.digest import Digest
from edge.rules.dispersing import Dispersal, rushed
from edge.rules.episode import Episode, Presence
from edge.rules.gauges import GAUGES
from edge.rules.glance import UNSURE, Answer, Gauge, Glance
from edge.rules.issuer import Issuer
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event, Kind
from edge.values.fact import Moving, Sighting
from edge.values.moment import NS_PER_S, Moment

LOOK_S = 0.9
"""A crowd is read about once a second, on the beat: it changes no faster, and each place at another beat, so
that none takes long."""
STOPS_S = 0.7
"""Many a stop lasts no longer than a second. So does the first of a dispersal: where half of the people may
run, they are looked at with each beat."""
SERVED = frozenset({Kind.QUEUE, Kind.ROUTE})
"""Kinds that count who leaves or passes."""

MOST_GONE = 1024
"""So many of those who left or passed are remembered until a place is looked at again, the last ones."""


@dataclass(slots=True)
class _Place:
    """One place of a rule.

    Attributes:
        name: of the zone or line.
        gauge, episode: read it, and judge what was read.
        phase: 0..1, by which the places of a rule are spread over the pictures.
        gone: when each left or passed who did since the last look, monotonic ns.
    """

    name: str
    gauge: Gauge
    episode: Episode
    phase: float
    gone: deque[int] = field(default_factory=lambda: deque(maxlen=MOST_GONE))

    def taken(self) -> tuple[int, ...]:
        """What was gathered since the last look."""
        gathered = tuple(self.gone)
        self.gone.clear()
        return gathered


_phase = attrgetter("phase")


class DynamicsJudge:
    """Judges one rule of `DYNAMICS`."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer) -> None:
        self._spec = spec
        self._every_ns = round((STOPS_S if spec.kind is Kind.STOP_AND_GO else LOOK_S) * NS_PER_S)
        self._places = {
            place: _Place(
                place, GAUGES[spec.kind](spec), Episode(spec, place, camera, issuer), k / len(spec.places)
            )
            for k, place in enumerate(spec.places)
        }
        self._queue: deque[tuple[int, list[_Place]]] | None = None
        """When which places are to be looked at next, the soonest first; None before the first moment."""
        self.hurries = False
        """Whether half of the people may run somewhere, so that the next beat is wanted soon."""

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        """What the facts of this moment start, change and end."""
        for place, answer in self._read(digest, moment):
            episode = place.episode
            if answer is UNSURE:
                yield from episode.blind(moment)
            elif not episode.dozes(0.0 if answer is None else answer.value, moment):
                yield from episode.judge(Presence((), dynamics=answer), moment)

    def answers(self, digest: Digest, moment: Moment) -> Iterator[tuple[str, Answer]]:
        """What the places that are due show, each moment once; `UNSURE` where nothing was seen."""
        return ((place.name, answer) for place, answer in self._read(digest, moment))

    def _read(self, digest: Digest, moment: Moment) -> list[tuple[_Place, Answer]]:
        if self._spec.kind in SERVED:
            for name, when in self._gone(digest):
                if name in self._places:
                    self._places[name].gone.append(when.mono_ns)
        if not digest.beat:
            return []
        due = self._due(moment.mono_ns)
        if self._spec.kind is Kind.DISPERSAL and digest.moving is not None:
            rushed, looked = self._rushed(digest.moving), [place.name for place in due]
            due = sorted([*due, *(place for place in rushed if place.name not in looked)], key=_phase)
            self.hurries = bool(rushed)
        return [(place, self._look(place, digest, moment)) for place in due]

    def _look(self, place: _Place, digest: Digest, moment: Moment) -> Answer:
        """What a place shows; `UNSURE` where it was not looked at, or the ground is not measured."""
        approach = self._spec.approach
        sight = digest.sight(approach or place.name, self._spec.classes)
        if sight is None or (approach is not None and place.name not in digest.watched):
            return UNSURE
        return place.gauge.read(Glance(moment, sight, place.taken(), digest.watched.get(place.name)))

    def _rushed(self, moving: Moving) -> list[_Place]:
        """Where half of the people may run, or did."""
        zones = rushed(moving, self._spec.classes, self._spec.min_people)
        return [
            place
            for name, place in self._places.items()
            if name in zones or (isinstance(place.gauge, Dispersal) and place.gauge.running)
        ]

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        """End what is open."""
        for place in self._places.values():
            yield from place.episode.close(moment, cause)

    def _due(self, now: int) -> list[_Place]:
        """The places whose time has come, in their order; their next pause begins."""
        if self._queue is None:
            places = self._places.values()
            self._queue = deque((now + round(self._every_ns * place.phase), [place]) for place in places)
        queue = self._queue
        if not queue or queue[0][0] > now:
            return []
        due = queue.popleft()[1]
        while queue and queue[0][0] <= now:
            due = sorted(due + queue.popleft()[1], key=_phase)
        queue.append((now + self._every_ns, due))
        return due

    def _gone(self, digest: Digest) -> list[tuple[str, Moment]]:
        """The line that each passed, in the rule's direction if any, or the zone that each left; and when."""
        if self._spec.kind is Kind.QUEUE:
            return [(fact.zone, fact.moment) for fact in digest.left if self._takes(fact.who)]
        way = self._spec.direction
        passed = digest.passed if way is None else [f for f in digest.passed if f.direction is way]
        return [(fact.line, fact.moment) for fact in passed if self._takes(fact.who)]

    def _takes(self, who: Sighting) -> bool:
        return self._spec.classes is None or who.label in self._spec.classes
