"""The scorecard of the crowd analytics: precision, recall, delay, error, interval and lead time, kind by
kind.

Law: an event counts for what was going on when it started. The script says what happens; when it has come
about is when the number of the exact places holds the rule's threshold. Started later after that than the
script allows, it is a miss; started when nothing of its kind went on, it is a false alarm, unless the script
says that it may be told or the exact places hold the threshold then. What the script wanted and this crowd
did not do is neither.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from edge.evaluate.crowd_run import CrowdRun, Reading
from edge.rules.spec import DYNAMICS
from edge.values.event import Kind, Phase

EARLY_S = 5.0
"""Whatever a script calls the begin, it begins some seconds before for those who look closely."""
UNITS = {
    Kind.DENSITY: "persons/m²",
    Kind.FLOW: "persons/min/m",
    Kind.COUNTER_FLOW: "share",
    Kind.QUEUE: "persons",
    Kind.SURGE: "persons/m²/min",
    Kind.DISPERSAL: "m/s",
    Kind.PRESSURE: "1/s²",
    Kind.STOP_AND_GO: "stops/person/min",
    Kind.ROUTE: "s",
}


@dataclass(slots=True)
class KindScore:
    """One kind over all gatherings.

    Attributes:
        unit: of the error.
        expected, told, matched: events that should have been told, were told, and are the same.
        unreached: what a script wanted and its people did not do.
        delays_s: of the matched, from the begin of what happened.
        leads_s: from the first event to the moment at which people touch, where the scene gets there.
        readings: how often the number could be compared with its truth.
        error, share: mean absolute error, in the unit, and of the mean true number.
        held: how often the interval held the truth.
    """

    unit: str
    expected: int = 0
    told: int = 0
    matched: int = 0
    unreached: int = 0
    delays_s: list[float] = field(default_factory=list)
    leads_s: list[float] = field(default_factory=list)
    readings: int = 0
    error: float | None = None
    share: float | None = None
    held: float | None = None

    @property
    def precision(self) -> float | None:
        """Share of the told that should have been; None where none was told."""
        return self.matched / self.told if self.told else None

    @property
    def recall(self) -> float | None:
        """Share of the expected that was told; None where none was expected."""
        return self.matched / self.expected if self.expected else None

    def measure(self, readings: Sequence[Reading]) -> None:
        """Take in the numbers."""
        self.readings = len(readings)
        if not readings:
            return
        seen = np.array([(r.measured, r.low, r.high, r.true) for r in readings])
        off = np.abs(seen[:, 0] - seen[:, 3])
        self.error, mean = float(off.mean()), float(seen[:, 3].mean())
        self.share = self.error / mean if mean else None
        self.held = float(((seen[:, 1] <= seen[:, 3] + 1e-9) & (seen[:, 3] <= seen[:, 2] + 1e-9)).mean())


@dataclass(frozen=True, slots=True)
class CrowdCard:
    """All kinds, and the line counts.

    Attributes:
        kinds: by what the table calls them.
        gatherings: how many scenes.
        crossed, counted: true and counted passages.
        wrong: what was missed or false, in words.
    """

    kinds: Mapping[str, KindScore]
    gatherings: int
    crossed: int
    counted: int
    wrong: tuple[str, ...] = ()

    @classmethod
    def of(cls, runs: Iterable[CrowdRun]) -> "CrowdCard":
        """The card of these runs."""
        kept = list(runs)
        kinds: dict[str, KindScore] = {}
        wrong: list[str] = []
        for kind in (Kind.DENSITY, Kind.FLOW, *sorted(DYNAMICS)):
            score = kinds[kind.value] = KindScore(UNITS[kind])
            for run in kept:
                where = f"{run.gathering.name}, seed {run.seed}"
                wrong += [f"{where}: {words}" for words in _count(score, kind, run)]
            score.measure([r for run in kept for r in run.readings.get(kind, ())])
        kinds |= _density_by_range([r for run in kept for r in run.readings.get(Kind.DENSITY, ())])
        crossed, counted = sum(r.crossed for r in kept), sum(r.counted for r in kept)
        return cls(kinds, len(kept), crossed, counted, tuple(wrong))

    def to_json(self) -> dict[str, Any]:
        """The card as a JSON object."""
        kinds = {
            name: asdict(score) | {"precision": score.precision, "recall": score.recall}
            for name, score in self.kinds.items()
        }
        lines = {"crossed": self.crossed, "counted": self.counted}
        counted = {"gatherings": self.gatherings, "kinds": kinds, "line-count": lines}
        return {"schema": 1, **counted, "wrong": list(self.wrong)}


def _density_by_range(readings: Sequence[Reading]) -> dict[str, KindScore]:
    """Density where it is up to 2, and where it is more, because other errors are wanted there."""
    found = {}
    for name, low, high in (("density up to 2", 0.0, 2.0), ("density 2 to 5", 2.0, 5.0)):
        found[name] = KindScore(UNITS[Kind.DENSITY])
        found[name].measure([r for r in readings if low < r.true <= high])
    return found


def _count(score: KindScore, kind: Kind, run: CrowdRun) -> Iterator[str]:
    """Match what was told of a kind in one gathering with what happened, and say what does not."""
    spans = run.gathering.happens.get(kind, ())
    told = [e.moment.mono_ns / 1e9 for e in run.events if e.kind is kind and e.phase is Phase.START]
    if run.critical_s is not None and told and told[0] < run.critical_s and run.critical_s > EARLY_S:
        score.leads_s.append(run.critical_s - told[0])
    for span in spans:
        begin = run.begins(kind, span.begin_s - EARLY_S, span.end_s)
        if begin is None:
            score.unreached += 1
            continue
        score.expected += 1
        first = min((s for s in told if begin - EARLY_S <= s <= begin + span.grace_s), default=None)
        if first is None:
            late = min((s for s in told if s > begin), default=None)
            after = "" if late is None else f", told {late - begin:.1f} s later"
            yield f"missed, {kind.value} due at {begin:.1f} s{after}; {span.grace_s:g} s are allowed"
        else:
            score.matched += 1
            score.told += 1
            score.delays_s.append(max(0.0, first - begin))
    if kind not in run.gathering.may:
        astray = [s for s in told if not any(span.begin_s - EARLY_S <= s <= span.end_s for span in spans)]
        false = [at_s for at_s in astray if not _is_true(run, kind, at_s)]
        score.told += len(false)
        yield from (f"false, {kind.value} at {at_s:.1f} s" for at_s in false)


def _is_true(run: CrowdRun, kind: Kind, at_s: float) -> bool:
    """Whether the exact places held the threshold when this was told, though no script speaks of it."""
    _, for_s = run.wanted[kind]
    return run.begins(kind, at_s - for_s - EARLY_S, at_s + EARLY_S) is not None
