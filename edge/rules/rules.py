"""The rules of one camera: facts in, events out.

Law: what is not in the facts is not known. A zone without an `Occupancy` fact was not looked at,
which is neither an empty zone nor the end of an event. Events come in the order of the rules and,
within a rule, of its places. Crowds are judged on a beat, which waits for a picture that shows something.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from edge.rules.beat import CROWD_S, WAITS_S, Beat
from edge.rules.belongings import ThingJudge
from edge.rules.density import Level, crowd, estimated
from edge.rules.digest import Digest
from edge.rules.dynamics import DynamicsJudge
from edge.rules.episode import Episode, Presence, seen_until
from edge.rules.flow import Passages
from edge.rules.fusion import Blend
from edge.rules.heating import HeatJudge
from edge.rules.instants import Instants
from edge.rules.issuer import Issuer
from edge.rules.movers import MoverJudge
from edge.rules.spec import DYNAMICS, HEAT, MOVERS, THINGS, RuleSpec
from edge.values.acuity import Glimpses
from edge.values.company import some_of
from edge.values.crowd import Crowd, Mapped
from edge.values.event import EndCause, Event, Kind
from edge.values.fact import Fact, LineCrossed, Occupancy, Sighting
from edge.values.moment import Moment

MAPPED = "person"
"""The class of which a density map tells."""

_ALL_BUT = 1 - 1e-9
"""A product may be rounded to more than the quotient that is meant."""


class Rules:
    """Judges the facts of one camera's run; one object per camera and run."""

    def __init__(
        self, specs: Sequence[RuleSpec], node: str, camera: str, run: str, blend: Blend | None = None
    ) -> None:
        """Rules that issue event ids for this node, camera and run.

        Args:
            specs: what they ask for.
            node, camera, run: in whose name events are issued.
            blend: where a density map takes over from the boxes; None for the usual.

        Raises:
            ValueError: two rules have the same id.
        """
        ids = [spec.id for spec in specs]
        if len(set(ids)) < len(ids):
            raise ValueError(f"rules want ids of their own, got {ids}")
        usual, self._beat = blend or Blend(), Beat(CROWD_S)
        self._judges = [_judge(spec, camera, Issuer(node, camera, run, spec.id), usual) for spec in specs]

    def judge(self, facts: Sequence[Fact], moment: Moment) -> tuple[Event, ...]:
        """What these facts, all there are at this moment, start, change and end."""
        digest = Digest.of(facts)
        digest.beat = self._beat.is_due(moment, busy=bool(digest.things) and not self._hurries)
        if digest.beat and digest.present:
            self._beat.falls(moment)
        return tuple(chain.from_iterable(judge.judge(digest, moment) for judge in self._judges))

    @property
    def _hurries(self) -> bool:
        """Whether half of the people ran somewhere at the last beat: then the next one waits for nothing."""
        return any(judge.hurries for judge in self._judges if isinstance(judge, DynamicsJudge))

    def close(self, moment: Moment, cause: EndCause, seen: Moment | None = None) -> tuple[Event, ...]:
        """End all events that are open, because of something outside the scene.

        `seen` is when the scene was last seen, where that turns out to be longer ago than was thought.
        """
        lasting = [judge for judge in self._judges if not isinstance(judge, Instants)]
        events = chain.from_iterable(judge.close(moment, cause) for judge in lasting)
        return tuple(events if seen is None else (seen_until(event, seen) for event in events))


def _judge(
    spec: RuleSpec, camera: str, issuer: Issuer, blend: Blend
) -> "Instants | DynamicsJudge | ThingJudge | MoverJudge | HeatJudge | _Lasting":
    if spec.instant:
        return Instants(spec, camera, issuer)
    if spec.kind in DYNAMICS:
        return DynamicsJudge(spec, camera, issuer)
    if spec.kind in THINGS:
        return ThingJudge(spec, camera, issuer)
    if spec.kind in MOVERS:
        return MoverJudge(spec, camera, issuer)
    if spec.kind in HEAT:
        return HeatJudge(spec, camera, issuer)
    return _Lasting(spec, camera, issuer, blend)


class _Lasting:
    """One rule of a lasting kind at all its places."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer, blend: Blend) -> None:
        self._spec, self._blend = spec, blend
        self._episodes = {place: Episode(spec, place, camera, issuer) for place in spec.places}
        self._levels = {place: Level(spec.table) for place in spec.places}
        self._crowds: dict[str, tuple[Moment, Crowd]] = {}
        """How densely people stood at a place when that was last reckoned, and when."""
        self._passages = {place: Passages(spec.window_s) for place in spec.places}
        measures = {Kind.DENSITY: self._of_density, Kind.FLOW: self._of_flow, Kind.DWELL: self._of_dwell}
        self._measure = measures.get(spec.kind, self._of_occupancy)
        """What the threshold is about at a place; None where it was not looked at."""
        wakers = {Kind.DENSITY: self._dense, Kind.FLOW: self._passed, Kind.DWELL: self._stayed}
        self._wakers = wakers.get(spec.kind, self._full)
        """Places that may have reached the threshold, all that have among them."""
        self._awake: set[str] = set()
        """Places that were not below the threshold, or had an event, when they were last looked at; at the
        others nothing can happen until they reach it."""
        self._on_beat = spec.kind is Kind.DENSITY

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        if self._on_beat and not digest.beat:
            return
        stirred = self._awake.union(self._wakers(digest))
        if not stirred:
            return
        for place, episode in self._episodes.items():
            if place in stirred:
                measure = self._measure(place, digest, moment)
                if measure is None:
                    yield from episode.blind(moment)
                elif episode.dozes(measure, moment):
                    self._awake.discard(place)
                else:
                    self._awake.add(place)
                    yield from episode.judge(self._presence(place, digest, moment), moment)

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        for episode in self._episodes.values():
            yield from episode.close(moment, cause)

    def _full(self, digest: Digest) -> list[str]:
        least = self._spec.at_least
        return [zone for zone, there in digest.present.items() if len(there.dwell_s) >= least]

    def _stayed(self, digest: Digest) -> list[str]:
        least_s = self._spec.dwell_s or 0.0
        return [zone for zone, longest_s in digest.longest_s.items() if longest_s >= least_s]

    def _passed(self, digest: Digest) -> Iterable[str]:
        return digest.crossed

    def _dense(self, digest: Digest) -> list[str]:
        least, classes = self._spec.at_least, self._spec.classes
        return [
            zone
            for zone, there in digest.present.items()
            if there.floor is not None
            and (
                there.mapped is not None
                or there.glimpses is not None
                or digest.heads(zone, classes).mean >= least * there.floor.m2 * _ALL_BUT
            )
        ]

    def _of_dwell(self, zone: str, digest: Digest, _: Moment) -> float | None:
        """How many stay for long enough."""
        return len(self._long(zone, digest)) if zone in digest.present else None

    def _of_flow(self, line: str, digest: Digest, moment: Moment) -> float | None:
        """Persons by minute and metre; None where the line was not looked at, or is not measured."""
        width = digest.watched.get(line)
        if width is None:
            return None
        passages = self._passages[line]
        for fact in digest.crossed.get(line, ()):
            if self._counts(fact):
                passages.add(fact.who, moment)
        return passages.rate(moment, width)

    def _of_occupancy(self, zone: str, digest: Digest, _: Moment) -> float | None:
        """How many are there."""
        if (there := digest.present.get(zone)) is None:
            return None
        return len(there.who) if self._spec.classes is None else sum(map(self._takes, there.who))

    def _of_density(self, zone: str, digest: Digest, _: Moment) -> float | None:
        """Persons per square metre; None where the zone was not looked at, or is not measured, and where at
        least so many stand there as were told, which is too few to say whether it is too many."""
        there = digest.present.get(zone)
        if there is None or there.floor is None:
            return None
        people = digest.heads(zone, self._spec.classes)
        told, glimpses = self._mapped(there), self._glimpses(there)
        if told is None and glimpses is None:
            return people.mean / there.floor.m2  # as the boxes say; nobody asks for an interval yet
        found = estimated(people, there.floor, self._spec.missed_max, told, self._blend, glimpses)[0]
        return None if found.countless and found.best < self._spec.at_least else found.best

    def _presence(self, place: str, digest: Digest, moment: Moment) -> Presence:
        """Who takes part at a place that was looked at."""
        match self._spec.kind:
            case Kind.FLOW:
                passages, missed = self._passages[place], self._spec.missed_max
                flow = passages.flow(moment, digest.watched[place], missed)
                return Presence(passages.within(moment), flow=flow)
            case Kind.DWELL:
                return _staying(digest.present[place], self._long(place, digest))
            case _:
                return self._crowd(digest.present[place], digest)

    def _crowd(self, there: Occupancy, digest: Digest) -> Presence:
        """Who is there, and on calibrated ground how densely, as of the last beat."""
        who = there.who if self._spec.classes is None else tuple(filter(self._takes, there.who))
        if there.floor is None:
            return Presence(who)
        reckoned, last = self._crowds.get(there.zone, (None, None))
        if last is None or reckoned is None or there.moment.seconds_since(reckoned) > WAITS_S or digest.beat:
            people, mapped = digest.heads(there.zone, self._spec.classes), self._mapped(there)
            level, missed = self._levels[there.zone], self._spec.missed_max
            last = crowd(people, there.floor, missed, level, mapped, self._blend, self._glimpses(there))
            self._crowds[there.zone] = there.moment, last
        return Presence(who, crowd=last)

    def _long(self, zone: str, digest: Digest) -> list[int]:
        """Who has been there for long enough, by index."""
        return digest.stayed(zone, self._spec.dwell_s or 0.0, self._spec.classes)

    def _mapped(self, there: Occupancy) -> Mapped | None:
        """What a density map told, where people count; it knows nothing else."""
        counts = self._spec.classes is None or MAPPED in self._spec.classes
        return there.mapped if counts else None

    def _glimpses(self, there: Occupancy) -> Glimpses | None:
        """What was only half seen, where people count; nothing else is glimpsed."""
        counts = self._spec.classes is None or MAPPED in self._spec.classes
        return there.glimpses if counts else None

    def _counts(self, passed: LineCrossed) -> bool:
        return self._takes(passed.who) and self._spec.direction in {None, passed.direction}

    def _takes(self, who: Sighting) -> bool:
        return self._spec.classes is None or who.label in self._spec.classes


def _staying(told: Occupancy, long: list[int]) -> Presence:
    """Those with these indices, and how long the longest of their stays is."""
    if not long:
        return Presence(())
    return Presence(some_of(told.who, long), max([told.dwell_s[k] for k in long]))
