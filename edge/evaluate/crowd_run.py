"""One simulated gathering through the chain behind the detector: what was told, and what each number was
against its truth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edge.evaluate.crowds import BEGAN, CRITICAL_PER_M2, LABELS, SIZE, Eyes, Seeing, ground, standard_rules
from edge.evaluate.true_crowd import TrueCrowd
from edge.rules.density import Level, crowd
from edge.rules.digest import Digest
from edge.rules.dynamics import DynamicsJudge
from edge.rules.flow import Passages
from edge.rules.glance import Answer
from edge.rules.issuer import Issuer
from edge.rules.rules import Rules
from edge.rules.spec import DYNAMICS, RuleSpec
from edge.samples.gathering import Gathering, unit
from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.values.crowd import Width
from edge.values.dynamics import Dynamics
from edge.values.event import Event, Kind
from edge.values.fact import Fact, LineCrossed, LinesWatched, Occupancy, Sighting
from edge.values.moment import Moment


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as it was measured, its interval, and as it was."""

    measured: float
    low: float
    high: float
    true: float


@dataclass(slots=True)
class CrowdRun:
    """What came of one gathering.

    Attributes:
        gathering: which.
        events: all revisions, in order.
        readings: by kind, where both the measured and the true number are known.
        critical_s: when the true density first was critical; None if never.
        crossed, counted: true and counted passages over the gate.
        true: by kind, seconds and true number, where there is one.
        wanted: by kind, the threshold and for how long it must be held.
        seed: of its people.
    """

    gathering: Gathering
    events: list[Event] = field(default_factory=list)
    readings: dict[Kind, list[Reading]] = field(default_factory=dict)
    critical_s: float | None = None
    crossed: int = 0
    counted: int = 0
    true: dict[Kind, list[tuple[float, float]]] = field(default_factory=dict)
    wanted: dict[Kind, tuple[float, float]] = field(default_factory=dict)
    seed: int = 0

    def begins(self, kind: Kind, early_s: float, late_s: float) -> float | None:
        """When the true number first began to hold the rule's threshold, between two times; None if never."""
        at_least, for_s = self.wanted[kind]
        began: float | None = None
        for now_s, value in self.true.get(kind, ()):
            if not early_s <= now_s <= late_s:
                continue
            began = (now_s if began is None else began) if value >= at_least else None
            if began is not None and now_s - began >= for_s:
                return began
        return None


def run(gathering: Gathering, eyes: Eyes, seed: int) -> CrowdRun:
    """Let a gathering be watched from begin to end."""
    out, rules = CrowdRun(gathering, seed=seed), standard_rules(gathering)
    seeing, truth, scene = Seeing(eyes, seed), TrueCrowd(gathering, "floor", "gate"), _scene(gathering)
    judge, meters = Rules(rules, "node", "camera", "run"), [_Meter(rule) for rule in rules]
    out.wanted = {rule.kind: (rule.at_least, rule.for_s) for rule in rules}
    moment = BEGAN
    for shot in gathering.shots(seed):
        moment = BEGAN.plus(shot.time_s)
        facts = scene.observe(seeing.tracks(shot, moment), SIZE, moment)
        true = truth.facts(shot, moment)
        out.events += judge.judge(facts, moment)
        out.counted += sum(isinstance(fact, LineCrossed) for fact in facts)
        for meter in meters:
            out.readings.setdefault(meter.kind, []).extend(meter.read(facts, true, moment))
            if meter.true is not None:
                out.true.setdefault(meter.kind, []).append((shot.time_s, meter.true))
        if out.critical_s is None and truth.per_m2(shot) >= CRITICAL_PER_M2:
            out.critical_s = shot.time_s
    for fact in scene.hold(moment.plus(1.0)):  # who was clear of the line at last is seen so twice
        out.counted += isinstance(fact, LineCrossed)
    out.crossed = truth.crossed
    return out


def _scene(gathering: Gathering) -> Scene:
    zone, line = ZoneSpec("floor", unit(gathering.zone)), LineSpec("gate", unit(gathering.gate))
    return Scene(SceneSpec(LABELS, (zone,), (line,), ground=ground()))


class _Meter:
    """Reads one rule's number from what was seen and from what was `true`, where it was due."""

    def __init__(self, rule: RuleSpec) -> None:
        self.kind, self._rule = rule.kind, rule
        self.true: float | None = None
        self._levels = Level(rule.table), Level(rule.table)
        self._passed = Passages(rule.window_s), Passages(rule.window_s)
        if rule.kind in DYNAMICS:
            self._seen, self._true = (DynamicsJudge(rule, "c", Issuer("n", "c", "r", rule.id)) for _ in "ab")

    def read(self, seen: Sequence[Fact], true: Sequence[Fact], moment: Moment) -> Iterator[Reading]:
        self.true = None
        if self.kind is Kind.DENSITY:
            density = self._density(seen, true)
            self.true = density.true
            yield density
        if self.kind is Kind.FLOW:
            flow = self._flow(seen, true, moment)
            self.true = flow.true
            yield flow
        if self.kind not in DYNAMICS:
            return
        found, actual = (
            _only(judge.answers(Digest.of(facts), moment))
            for judge, facts in ((self._seen, seen), (self._true, true))
        )
        if actual is not None:
            self.true = actual.value
        if found is not None and actual is not None:
            yield Reading(found.value, found.low, found.high, actual.value)

    def _density(self, seen: Sequence[Fact], true: Sequence[Fact]) -> Reading:
        (here,), (there,) = ([f for f in facts if isinstance(f, Occupancy)] for facts in (seen, true))
        assert here.floor is not None and there.floor is not None
        found = crowd(here.heads["person"], here.floor, self._rule.missed_max, self._levels[0])
        actual = crowd(there.heads["person"], there.floor, 0.0, self._levels[1])
        return Reading(found.per_m2, found.low, found.high, actual.per_m2)

    def _flow(self, seen: Sequence[Fact], true: Sequence[Fact], moment: Moment) -> Reading:
        (width, here), (true_width, there) = _line(seen), _line(true)
        for passed, who in zip(self._passed, (here, there), strict=True):
            for each in who:
                passed.add(each, moment)
        found = self._passed[0].flow(moment, width, self._rule.missed_max)
        return Reading(found.per_min_m, found.low, found.high, self._passed[1].rate(moment, true_width))


def _line(facts: Sequence[Fact]) -> tuple[Width, list[Sighting]]:
    """How wide the only line is, and who passed it now."""
    (watched,) = (fact for fact in facts if isinstance(fact, LinesWatched))
    (width,) = watched.widths.values()
    return width, [fact.who for fact in facts if isinstance(fact, LineCrossed)]


def _only(answers: Iterator[tuple[str, Answer]]) -> Dynamics | None:
    """The number of the only place; None where it is not due, not seen or not known."""
    _, answer = next(answers, ("", None))
    return answer if isinstance(answer, Dynamics) else None
