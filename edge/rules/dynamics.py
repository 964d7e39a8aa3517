"""One rule about a crowd as a whole, at all its places.

Law: what leaves here is a number about at least `min_people`; nobody's place, way or track is in it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from edge.rules.digest import Digest
from edge.rules.episode import Episode, Presence
from edge.rules.gauges import GAUGES
from edge.rules.glance import Glance
from edge.rules.issuer import Issuer
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event, Kind
from edge.values.fact import LineCrossed, Sighting, ZoneLeft
from edge.values.moment import NS_PER_S, Moment

LOOK_S = 0.9
"""A crowd is read once a second: it changes no faster, and each place at another picture, so that none
takes long."""
SOON_S = 0.3
"""For a dispersal, a second is long."""
SERVED = frozenset({Kind.QUEUE, Kind.ROUTE})
"""Kinds that count who leaves or passes."""


@dataclass(slots=True)
class _Pause:
    """Time between two looks at one place, and what must not be missed meanwhile.

    Attributes:
        kind: of the rule.
        phase: 0..1, by which the places of a rule are spread over the pictures.
        gone, halted: how many left or passed, and stopped, since the last look.
    """

    kind: Kind
    phase: float
    gone: int = 0
    halted: int = 0
    _next_ns: int | None = None

    def over(self, moment: Moment) -> bool:
        """Whether it is time to look again; if so, the next pause begins."""
        every_s = SOON_S if self.kind is Kind.DISPERSAL else LOOK_S
        if self._next_ns is None:
            self._next_ns = moment.mono_ns + round(every_s * self.phase * NS_PER_S)
        if moment.mono_ns < self._next_ns:
            return False
        self._next_ns = moment.mono_ns + round(every_s * NS_PER_S)
        return True

    def taken(self) -> tuple[int, int]:
        """What was gathered since the last look."""
        gathered = self.gone, self.halted
        self.gone = self.halted = 0
        return gathered


class DynamicsJudge:
    """Judges one rule of `DYNAMICS`."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer) -> None:
        self._spec = spec
        self._pauses = {place: _Pause(spec.kind, k / len(spec.places)) for k, place in enumerate(spec.places)}
        self._episodes = {place: Episode(spec, place, camera, issuer) for place in spec.places}
        self._gauges = {place: GAUGES[spec.kind](spec) for place in spec.places}

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        """What the facts of this moment start, change and end."""
        for place, seen in self.readings(digest, moment):
            episode = self._episodes[place]
            yield from episode.blind(moment) if seen is None else episode.judge(seen, moment)

    def readings(self, digest: Digest, moment: Moment) -> Iterator[tuple[str, Presence | None]]:
        """What the places that are due show at this moment, each moment once; None where one was not looked
        at."""
        gone = self._gone(digest) if digest.happenings and self._spec.kind in SERVED else {}
        for place, pause in self._pauses.items():
            if gone:
                pause.gone += gone.get(place, 0)
            if self._spec.kind is Kind.STOP_AND_GO and place in digest.walks:
                pause.halted += int(digest.walks[place].of(self._spec.classes).halted.sum())
            if pause.over(moment):
                glance = self._glance(place, digest, moment, pause)
                read = self._gauges[place].read
                yield place, None if glance is None else Presence((), dynamics=read(glance))

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        """End what is open."""
        for episode in self._episodes.values():
            yield from episode.close(moment, cause)

    def _glance(self, place: str, digest: Digest, moment: Moment, pause: "_Pause") -> Glance | None:
        """What there is to see; None where zone or line was not looked at, or the ground is not measured."""
        zone = self._spec.approach or place
        there, walks = digest.present.get(zone), digest.walks.get(zone)
        if there is None or walks is None or there.floor is None:
            return None
        if self._spec.approach is not None and place not in digest.watched:
            return None
        wanted = self._spec.classes
        heads = sum(some.mean for label, some in there.heads.items() if wanted is None or label in wanted)
        density, width = heads / there.floor.m2, digest.watched.get(place)
        return Glance(moment, walks.of(wanted), density, there.floor, *pause.taken(), width)

    def _gone(self, digest: Digest) -> Counter[str]:
        """How many passed each line, in the rule's direction if it has one, or left each zone."""
        gone: Counter[str] = Counter()
        for fact in digest.happenings:
            if isinstance(fact, LineCrossed):
                gone[fact.line] += self._takes(fact.who) and self._spec.direction in {None, fact.direction}
            elif isinstance(fact, ZoneLeft):
                gone[fact.zone] += self._takes(fact.who)
        return gone

    def _takes(self, who: Sighting) -> bool:
        return self._spec.classes is None or who.label in self._spec.classes
