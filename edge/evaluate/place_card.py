"""The scorecard of what happens at places: precision, recall, delay and false alarms, rule by rule.

Law: what was due and told too late is missed. The end of a clip is no end of what is due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from edge.evaluate.clocking import Clocked
from edge.evaluate.place_rules import RULES
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
    """

    kinds: Mapping[str, PlaceScore]
    scenes: int
    seconds: float
    speeds: tuple[Clocked, ...] = ()

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
        scenes, seconds, speeds = 0, 0.0, list[Clocked]()
        for run in runs:
            scenes, seconds = scenes + 1, seconds + run.seconds
            speeds += run.speeds
            for due, event, delay_s in run.right:
                score = kinds[due.told_by]
                score.due, score.told, score.right = score.due + 1, score.told + 1, score.right + 1
                score.delays_s.append(delay_s)
                score.sure.append(event.confidence)
            for due in run.missed:
                kinds[due.told_by].due += 1
            for event in run.false:
                kinds[event.rule].told += 1
                kinds[event.rule].wrongly_sure.append(event.confidence)
        return cls(kinds, scenes, seconds, tuple(speeds))

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        kinds = {
            name: {**asdict(score), "precision": score.precision, "recall": score.recall}
            for name, score in self.kinds.items()
        }
        speeds = {"measured": len(self.speeds), "off_mps": self.speed_off, "held": self.speed_held}
        return {"scenes": self.scenes, "seconds": self.seconds, "kinds": kinds, "speeds": speeds}
