"""Events that are over at once: a line crossed, a zone entered or left.

Law: one message per happening; the same object makes no second one at the same place and in the same
direction while the rule's cool-down lasts.
"""

from collections.abc import Callable, Iterator, Sequence

from edge.rules.digest import Digest, Happening
from edge.rules.issuer import Issuer
from edge.rules.spec import RuleSpec
from edge.values.event import EndCause, Event, Kind, Phase
from edge.values.fact import Direction, LineCrossed, ZoneEntered, ZoneLeft
from edge.values.moment import NS_PER_S, Moment

_SORTED: dict[Kind, Callable[[Digest], Sequence[Happening]]] = {
    Kind.LINE_CROSSING: lambda digest: digest.passed,
    Kind.ZONE_ENTRY: lambda digest: digest.entered,
    Kind.ZONE_EXIT: lambda digest: digest.left,
}


class Instants:
    """Judges one rule of an instant kind at all its places."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer) -> None:
        self._spec = spec
        self._camera = camera
        self._issuer = issuer
        self._sorted = _SORTED[spec.kind]
        self._last_ns: dict[tuple[str, int, Direction | None], int] = {}
        """When an object last made an event at a place, the earliest first."""

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        """An event for each happening that the rule asks for."""
        if self._spec.schedule is not None and not self._spec.schedule.covers(moment):
            return
        happenings = self._sorted(digest)
        if not happenings:
            return
        self._forget(moment)
        for fact in happenings:
            if self._counts(fact, moment):
                yield self._event(fact, moment)

    def _counts(self, fact: Happening, moment: Moment) -> bool:
        spec = self._spec
        if place_of(fact) not in spec.places:
            return False
        if spec.classes is not None and fact.who.label not in spec.classes:
            return False
        if isinstance(fact, ZoneEntered) and fact.born_inside and not spec.born_inside:
            return False
        if isinstance(fact, ZoneLeft) and fact.lost and not spec.lost:
            return False
        way = fact.direction if isinstance(fact, LineCrossed) else None
        if spec.direction is not None and way is not spec.direction:
            return False
        return self._rested((place_of(fact), fact.who.track, way), moment)

    def _rested(self, key: tuple[str, int, Direction | None], moment: Moment) -> bool:
        """Whether the object made no such event within the cool-down."""
        if key in self._last_ns:
            return False
        if self._spec.cooldown_s > 0:
            self._last_ns[key] = moment.mono_ns
        return True

    def _forget(self, moment: Moment) -> None:
        oldest = moment.mono_ns - round(self._spec.cooldown_s * NS_PER_S)
        while self._last_ns and self._last_ns[key := next(iter(self._last_ns))] <= oldest:
            del self._last_ns[key]

    def _event(self, fact: Happening, moment: Moment) -> Event:
        return Event(
            id=self._issuer.issue(),
            revision=0,
            phase=Phase.END,
            kind=self._spec.kind,
            severity=self._spec.severity,
            camera=self._camera,
            rule=self._spec.id,
            place=place_of(fact),
            started=fact.moment,
            moment=moment,
            count=1,
            peak=1,
            confidence=fact.who.score,
            evidence=(fact.who,),
            direction=fact.direction if isinstance(fact, LineCrossed) else None,
            dwell_s=fact.stayed_s if isinstance(fact, ZoneLeft) else None,
            cause=EndCause.INSTANT,
        )


def place_of(fact: Happening) -> str:
    """Id of the zone or line where it happened."""
    return fact.line if isinstance(fact, LineCrossed) else fact.zone
