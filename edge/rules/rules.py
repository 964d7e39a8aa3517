"""The rules of one camera: facts in, events out.

Law: what is not in the facts is not known. A zone without an `Occupancy` fact was not looked at,
which is neither an empty zone nor the end of an event. Events come in the order of the rules and,
within a rule, of its places.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from edge.rules.density import Level, crowd
from edge.rules.digest import Digest
from edge.rules.dynamics import DynamicsJudge
from edge.rules.episode import Episode, Presence
from edge.rules.flow import Passages
from edge.rules.fusion import Blend
from edge.rules.instants import Instants
from edge.rules.issuer import Issuer
from edge.rules.spec import DYNAMICS, RuleSpec
from edge.values.crowd import Heads
from edge.values.event import EndCause, Event, Kind
from edge.values.fact import Fact, LineCrossed, Occupancy, Sighting
from edge.values.moment import Moment

MAPPED = "person"
"""The class of which a density map tells."""


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
        usual = blend or Blend()
        self._judges = [_judge(spec, camera, Issuer(node, camera, run, spec.id), usual) for spec in specs]

    def judge(self, facts: Sequence[Fact], moment: Moment) -> tuple[Event, ...]:
        """What these facts, all there are at this moment, start, change and end."""
        digest = Digest.of(facts)
        return tuple(chain.from_iterable(judge.judge(digest, moment) for judge in self._judges))

    def close(self, moment: Moment, cause: EndCause) -> tuple[Event, ...]:
        """End all events that are open, because of something outside the scene."""
        lasting = [judge for judge in self._judges if not isinstance(judge, Instants)]
        return tuple(chain.from_iterable(judge.close(moment, cause) for judge in lasting))


def _judge(
    spec: RuleSpec, camera: str, issuer: Issuer, blend: Blend
) -> "Instants | DynamicsJudge | _Lasting":
    if spec.instant:
        return Instants(spec, camera, issuer)
    if spec.kind in DYNAMICS:
        return DynamicsJudge(spec, camera, issuer)
    return _Lasting(spec, camera, issuer, blend)


class _Lasting:
    """One rule of a lasting kind at all its places."""

    def __init__(self, spec: RuleSpec, camera: str, issuer: Issuer, blend: Blend) -> None:
        self._spec, self._blend = spec, blend
        self._episodes = {place: Episode(spec, place, camera, issuer) for place in spec.places}
        self._levels = {place: Level(spec.table) for place in spec.places}
        self._passages = {place: Passages(spec.window_s) for place in spec.places}

    def judge(self, digest: Digest, moment: Moment) -> Iterator[Event]:
        for place, episode in self._episodes.items():
            if self._is_known(place, digest):
                yield from episode.judge(self._presence(place, digest, moment), moment)
            else:
                yield from episode.blind(moment)

    def _is_known(self, place: str, digest: Digest) -> bool:
        """Whether the place was looked at; for a density also whether its ground was measured then."""
        if self._spec.kind is Kind.FLOW:
            return place in digest.watched
        there = digest.present.get(place)
        return there is not None and (self._spec.kind is not Kind.DENSITY or there.floor is not None)

    def close(self, moment: Moment, cause: EndCause) -> Iterator[Event]:
        for episode in self._episodes.values():
            yield from episode.close(moment, cause)

    def _presence(self, zone: str, digest: Digest, moment: Moment) -> Presence:
        """Who takes part at a place that was looked at."""
        if self._spec.kind is Kind.FLOW:
            return self._flow(zone, digest, moment)
        least_s = self._spec.dwell_s
        if least_s is None:
            return self._crowd(digest.present[zone])
        stays = [s for s in digest.stays.get(zone, ()) if s.dwell_s >= least_s and self._takes(s.who)]
        return Presence(tuple(s.who for s in stays), max((s.dwell_s for s in stays), default=None))

    def _crowd(self, there: Occupancy) -> Presence:
        """Who is there, and on calibrated ground how densely."""
        who = tuple(filter(self._takes, there.who))
        if there.floor is None:
            return Presence(who)
        classes = there.heads.keys() if self._spec.classes is None else self._spec.classes
        heads = [there.heads[label] for label in sorted(classes) if label in there.heads]
        people = Heads(sum(some.mean for some in heads), sum(some.variance for some in heads))
        mapped = there.mapped if self._counts_people else None
        level, missed = self._levels[there.zone], self._spec.missed_max
        return Presence(who, crowd=crowd(people, there.floor, missed, level, mapped, self._blend))

    @property
    def _counts_people(self) -> bool:
        """Whether people count here; a density map knows nothing else."""
        return self._spec.classes is None or MAPPED in self._spec.classes

    def _flow(self, line: str, digest: Digest, moment: Moment) -> Presence:
        """Who passed over a line in the rule's window, and how densely in time."""
        passages = self._passages[line]
        for fact in digest.happenings:
            if isinstance(fact, LineCrossed) and fact.line == line and self._counts(fact):
                passages.add(fact.who, fact.moment)
        flow = passages.flow(moment, digest.watched[line], self._spec.missed_max)
        return Presence(passages.within(moment), flow=flow)

    def _counts(self, passed: LineCrossed) -> bool:
        return self._takes(passed.who) and self._spec.direction in {None, passed.direction}

    def _takes(self, who: Sighting) -> bool:
        return self._spec.classes is None or who.label in self._spec.classes
