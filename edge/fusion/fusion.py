"""Fusion: facts in, in whatever order; events out, in the order of the sources' time.

Law: what is told up to a moment depends on the facts up to that moment and on nothing else: not on when they
came, nor on how often it was asked, nor on a restart in between. No clock: `judge` is told until when. Only a
clock that went back breaks it: what was judged in the time that was wrong is begun anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from edge.fusion.episode import Episode, Open, Standing
from edge.fusion.facts import Fact, Reading, Seen
from edge.fusion.memory import Heard, Memory
from edge.fusion.spec import FusionSpec, SensorSource
from edge.fusion.urgent import FUTURE_NS, LATE_NS, ended, placed
from edge.values.event import EndCause, Phase, Severity
from edge.values.fused import Distrust, FusedEvent, FusionState, FusionTally, Truth

DEAF_NS = 10_000_000_000
"""What was judged lies so long ago: the broker is away, or more comes than can be judged."""
DISTRUSTED_NS = 60_000_000_000
"""So long it is told of a source that a word of it was not believed."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Where fusion stood: all but the facts."""

    judged_ns: int
    tally: FusionTally
    standings: tuple[Standing, ...]


class Fusion:
    """Judges the rules of one configuration."""

    def __init__(self, spec: FusionSpec) -> None:
        self._spec = spec
        self._urgent = {
            each.source for each in spec.sources if isinstance(each, SensorSource) and each.urgent
        }
        self._memory = Memory(spec.sources)
        self._episodes = self._fresh_episodes()
        self._retired: list[Standing] = []
        self._tally = FusionTally()
        self._distrusted: dict[str, tuple[Distrust, int]] = {}

    def _fresh_episodes(self) -> dict[tuple[str, str, str], Episode]:
        return {
            (rule.id, rule.sha256, around): Episode(self._spec.node, rule, around, expression)
            for rule in self._spec.rules
            for around, expression in rule.spots
        }

    @property
    def judged_ns(self) -> int:
        """Until when everything is judged; -1 before the first time."""
        return self._memory.judged_ns

    def restore(self, saved: Saved, facts: Iterable[Fact]) -> None:
        """Go on from there; events of rules that are gone or were changed end with the next judgement."""
        self._memory = Memory(self._spec.sources, saved.judged_ns)
        self._memory.restore(list(facts))
        self._tally = saved.tally
        self.take_over(saved.standings)

    def take_over(self, standings: Iterable[Standing]) -> None:
        """Go on with rules from where they stood, here or in another lane."""
        for standing in standings:
            episode = self._episodes.get((standing.rule, standing.rule_sha256, standing.around))
            if episode is not None:
                episode.restore(standing)
            elif standing.event is not None:
                self._retired.append(standing)

    def placed(self, fact: Fact, now_ns: int) -> Fact:
        """A fact that has just come, at the time at which it counts; whose clock is wrong is distrusted."""
        known: Sequence[Fact]
        if isinstance(fact, Reading) and fact.source in self._urgent:
            known = self._memory.said_by(fact.source)
            found: Fact = placed(fact, known, self.judged_ns, now_ns)
        elif isinstance(fact, Seen) and not fact.lasts and self._memory.knows(fact.source):
            known = self._memory.told_of(fact.source, fact.event_id)
            found = ended(fact, known, self.judged_ns, now_ns)
        else:
            return fact
        if found not in known and fact.utc_ns > now_ns + FUTURE_NS:
            self._tally = replace(self._tally, ahead=self._tally.ahead + 1)
            self._distrust(fact.source, Distrust.AHEAD)
        elif found not in known and found.utc_ns > fact.utc_ns and fact.utc_ns < now_ns - LATE_NS:
            self._tally = replace(self._tally, late=self._tally.late + 1)
            self._distrust(fact.source, Distrust.LATE)
        return found

    def hear(self, fact: Fact, now_ns: int) -> Heard:
        """Take in a fact; `now_ns` is UTC here, to tell a clock that runs ahead."""
        tally = self._tally
        if fact.utc_ns > now_ns + FUTURE_NS:
            self._tally = replace(tally, ahead=tally.ahead + 1)
            self._distrust(fact.source, Distrust.AHEAD)
            return Heard.REFUSED
        heard = self._memory.hear(fact)
        match heard:
            case Heard.FRESH:
                self._tally = replace(tally, facts=tally.facts + 1)
            case Heard.AGAIN:
                self._tally = replace(tally, again=tally.again + 1)
            case Heard.LATE:
                self._tally = replace(tally, late=tally.late + 1)
                self._distrust(fact.source, Distrust.LATE)
            case Heard.REFUSED:
                self.refuse()
        return heard

    def refuse(self, source: str = "", why: Distrust = Distrust.FORM, times: int = 1) -> None:
        """Count messages that cannot be believed, of a source if that is known."""
        self._tally = replace(self._tally, refused=self._tally.refused + times)
        self._distrust(source, why)

    def _distrust(self, source: str, why: Distrust) -> None:
        if self._memory.knows(source):
            self._distrusted[source] = why, self.judged_ns + DISTRUSTED_NS

    def rewind(self, until_ns: int) -> tuple[FusedEvent, ...]:
        """Begin anew at a moment before what was judged, because the clock that led there was wrong.

        Facts of then, whose times nobody can know any more, are forgotten; events that last end.
        """
        ended = self._end_retired(self.judged_ns)
        for episode in self._episodes.values():
            if (event := episode.standing.event) is not None:
                ended.append(_ended(episode.standing, event, self.judged_ns, EndCause.UNSEEN))
        self._memory = Memory(self._spec.sources, until_ns)
        self._episodes = self._fresh_episodes()
        self._distrusted = {}
        self._tally = replace(self._tally, stepped=self._tally.stepped + 1)
        return tuple(ended)

    def judge(self, until_ns: int) -> tuple[FusedEvent, ...]:
        """Everything that happened until then; nothing if that is judged already."""
        memory = self._memory
        low = memory.judged_ns if memory.judged_ns >= 0 else until_ns
        if until_ns <= memory.judged_ns:
            return ()
        for source, why in memory.judge(until_ns):
            self.refuse(source, why)
        told = self._end_retired(low)
        for episode in self._episodes.values():
            told += episode.judge(memory, low, until_ns)
        memory.forget(until_ns - self._spec.horizon_ns)
        return tuple(sorted(told, key=lambda event: (event.utc_ns, event.rule, event.around, event.revision)))

    def facts(self) -> tuple[Fact, ...]:
        """The facts that may still matter."""
        return tuple(self._memory.facts())

    def saved(self) -> Saved:
        """Where it stands."""
        standings = [episode.standing for episode in self._episodes.values()]
        return Saved(self.judged_ns, self._tally, (*standings, *self._retired))

    def state(self, now_ns: int = -1) -> FusionState:
        """How well it can judge; if what it judged lies far before `now_ns`, UTC, it knows nothing of now."""
        standings = [episode.standing for episode in self._episodes.values()]
        deaf = self.judged_ns < now_ns - DEAF_NS
        blind = {each.rule for each in standings if deaf or each.truth is Truth.UNKNOWN}
        every = sorted(each.source for each in self._spec.sources)
        return FusionState(
            self.judged_ns,
            len(self._spec.sources),
            tuple(every) if deaf else self._memory.silent(),
            tuple(sorted(blind)),
            sum(each.event is not None for each in standings),
            self._tally,
            tuple(self._distrusted_now()),
        )

    def _distrusted_now(self) -> Iterator[tuple[str, Distrust]]:
        for source, (why, until_ns) in sorted(self._distrusted.items()):
            if until_ns > self.judged_ns:
                yield source, why

    def _end_retired(self, at: int) -> list[FusedEvent]:
        ended = [
            _ended(each, each.event, at, EndCause.RETIRED) for each in self._retired if each.event is not None
        ]
        self._retired = []
        return ended


def _ended(standing: Standing, event: Open, at: int, cause: EndCause) -> FusedEvent:
    return FusedEvent(
        event.id,
        event.revision + 1,
        Phase.END,
        Severity(standing.severity),
        standing.rule,
        standing.rule_sha256,
        standing.around,
        event.started_ns,
        max(at, event.told_ns),
        (),
        cause=cause,
    )
