"""The scorecard of what happens at places: precision, recall, delay and false alarms, rule by rule.

Law: what was due and told too late is missed. The end of a clip is no end of what is due.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any

from edge.evaluate.clocking import Clocked
from edge.evaluate.place_rules import COUNT, RULES
from edge.evaluate.place_run import PlaceRun


@dataclass(slots=True)
class PlaceScore:
    """One rule over all scenes.

    Attributes:
        due, told, right: what was to be told, was told, and is the same.
        delays_s: of the right ones, from the moment from which it was true.
        sure, wrongly_sure: confidence of the right and of the false ones.
    """

    due: int = 0
    told: int = 0
    right: int = 0
    delays_s: list[float] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)
    wrongly_sure: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Share of the told that were due; None where none was told."""
        return self.right / self.told if self.told else None

    @property
    def recall(self) -> float | None:
        """Share of the due that were told; None where none was due."""
        return self.right / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """All rules.

    Attributes:
        kinds: by name of the rule.
        scenes: how many.
        seconds: how long they are together.
        speeds: every speed that was measured, beside the true one.
        counted: those who passed the line at which they are counted, by class.
        miscounted: by how many of them each scene was off, whatever their class, all scenes together.
    """

    kinds: Mapping[str, PlaceScore]
    scenes: int
    seconds: float
    speeds: tuple[Clocked, ...] = ()
    counted: Mapping[str, PlaceScore] = field(default_factory=dict)
    miscounted: int = 0

    @property
    def speed_off(self) -> float | None:
        """Mean absolute error of the speeds, metres per second; None where none was measured."""
        return (
            sum(abs(each.mps - each.true) for each in self.speeds) / len(self.speeds) if self.speeds else None
        )

    @property
    def speed_held(self) -> float | None:
        """Share of the intervals that hold the true speed; None where none was measured."""
        return sum(each.held for each in self.speeds) / len(self.speeds) if self.speeds else None

    @classmethod
    def of(cls, runs: Iterable[PlaceRun]) -> "PlaceCard":
        """The card of these runs."""
        kinds = {rule.id: PlaceScore() for rule in RULES}
        counted = defaultdict[str, PlaceScore](PlaceScore)
        scenes, seconds, speeds, miscounted = 0, 0.0, list[Clocked](), 0
        for run in runs:
            scenes, seconds = scenes + 1, seconds + run.seconds
            speeds += run.speeds
            miscounted += _miscounted(run)
            for due, event, delay_s in run.right:
                for score in _scores(kinds, counted, due.told_by, due.label):
                    score.due, score.told, score.right = score.due + 1, score.told + 1, score.right + 1
                    score.delays_s.append(delay_s)
                    score.sure.append(event.confidence)
            for due in run.missed:
                for score in _scores(kinds, counted, due.told_by, due.label):
                    score.due += 1
            for event in run.false:
                label = event.evidence[0].label if event.evidence else None
                for score in _scores(kinds, counted, event.rule, label):
                    score.told += 1
                    score.wrongly_sure.append(event.confidence)
        return cls(kinds, scenes, seconds, tuple(speeds), dict(sorted(counted.items())), miscounted)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        kinds, counted = (
            {
                name: {**asdict(score), "precision": score.precision, "recall": score.recall}
                for name, score in scores.items()
            }
            for scores in (self.kinds, self.counted)
        )
        speeds = {"measured": len(self.speeds), "off_mps": self.speed_off, "held": self.speed_held}
        found = {"kinds": kinds, "counted": counted, "miscounted": self.miscounted, "speeds": speeds}
        return {"scenes": self.scenes, "seconds": self.seconds, **found}


def _scores(
    kinds: Mapping[str, PlaceScore], counted: MutableMapping[str, PlaceScore], rule: str, label: str | None
) -> list[PlaceScore]:
    """Those that an event of a rule about such an object goes into."""
    return [kinds[rule]] + ([counted[label]] if rule == COUNT and label is not None else [])


def _miscounted(run: PlaceRun) -> int:
    """By how many a scene's count is off, whatever the class of those who were counted."""
    missed = sum(due.told_by == COUNT for due in run.missed)
    return abs(missed - sum(event.rule == COUNT for event in run.false))
