"""One rule about a crowd as a whole, at all its places.

Law: what leaves here is a number about at least `min_people`; nobody's place, way or track is in it.
"""

from collections.abc import Iterator

from edge.rules.density import Level, crowd
from edge.rules.digest import Digest
from edge.rules.episode import Episode, Presence
from edge.rules.gauges import GAUGES
from edge.rules.glance import Glance
from edge.rules.issuer import Issuer
from edge.rules.spec import RuleSpec
from edge.values.crowd import Heads
from edge.values.event import EndCause, Event
from edge.values.fact import LineCrossed, Occupancy, Sighting, ZoneLeft
from edge.values.moment import Moment


class DynamicsJudge:
    """Judges one rule of `DYNAMICS`."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer) -> None:
        self._spec = spec
        self._episodes = {place: Episode(spec, place, camera, issuer) for place in spec.places}
        self._gauges = {place: GAUGES[spec.kind](spec) for place in spec.places}
        self._level = Level(spec.table)

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        """What the facts of this moment start, change and end."""
        for place, seen in self.readings(digest, moment):
            episode = self._episodes[place]
            yield from episode.blind(moment) if seen is None else episode.judge(seen, moment)

    def readings(self, digest: Digest, moment: Moment) -> Iterator[tuple[str, Presence | None]]:
        """What each place shows at this moment, each moment once; None where it was not looked at."""
        for place, gauge in self._gauges.items():
            glance = self._glance(place, digest, moment)
            yield place, None if glance is None else Presence((), dynamics=gauge.read(glance))

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        """End what is open."""
        for episode in self._episodes.values():
            yield from episode.close(moment, cause)

    def _glance(self, place: str, digest: Digest, moment: Moment) -> Glance | None:
        """What there is to see; None where the place was not looked at, or its ground is not measured."""
        zone = self._spec.approach or place
        there, walks = digest.present.get(zone), digest.walks.get(zone)
        if there is None or walks is None or there.floor is None:
            return None
        if self._spec.approach is not None and place not in digest.watched:
            return None
        seen = crowd(self._heads(there), there.floor, self._spec.missed_max, self._level)
        gone, width = self._gone(place, digest), digest.watched.get(place)
        return Glance(moment, walks.of(self._spec.classes), seen, gone, width)

    def _heads(self, there: Occupancy) -> Heads:
        classes = there.heads.keys() if self._spec.classes is None else self._spec.classes
        heads = [there.heads[label] for label in sorted(classes) if label in there.heads]
        return Heads(sum(some.mean for some in heads), sum(some.variance for some in heads))

    def _gone(self, place: str, digest: Digest) -> int:
        """How many passed the line, in the rule's direction if it has one, or left the zone."""
        gone = 0
        for fact in digest.happenings:
            if isinstance(fact, LineCrossed) and fact.line == place:
                gone += self._takes(fact.who) and self._spec.direction in {None, fact.direction}
            elif isinstance(fact, ZoneLeft) and fact.zone == place:
                gone += self._takes(fact.who)
        return gone

    def _takes(self, who: Sighting) -> bool:
        return self._spec.classes is None or who.label in self._spec.classes
