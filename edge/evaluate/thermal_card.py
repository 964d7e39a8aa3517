"""The scorecard of heat: precision, recall, delay and false alarms, rule by rule.

Law: what was due and told too late is missed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from edge.evaluate.place_card import PlaceScore
from edge.evaluate.thermal_run import GREY, KELVIN, ThermalRun


@dataclass(frozen=True, slots=True)
class ThermalCard:
    """All rules.

    Attributes:
        rules: by id.
        scenes: how many.
        seconds: how long they are together.
    """

    rules: Mapping[str, PlaceScore]
    scenes: int
    seconds: float

    @classmethod
    def of(cls, runs: Iterable[ThermalRun]) -> "ThermalCard":
        """The card of these runs."""
        rules = {rule.id: PlaceScore() for rule in (*KELVIN, *GREY)}
        scenes, seconds = 0, 0.0
        for run in runs:
            scenes, seconds = scenes + 1, seconds + run.seconds
            for name, _, event, delay_s in run.right:
                score = rules[name]
                score.due, score.told, score.right = score.due + 1, score.told + 1, score.right + 1
                score.delays_s.append(delay_s)
                score.sure.append(event.confidence)
            for name, _ in run.missed:
                rules[name].due += 1
            for event in run.false:
                rules[event.rule].told += 1
                rules[event.rule].wrongly_sure.append(event.confidence)
        return cls(rules, scenes, seconds)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        rules = {
            name: {**asdict(score), "precision": score.precision, "recall": score.recall}
            for name, score in self.rules.items()
        }
        return {"scenes": self.scenes, "seconds": self.seconds, "rules": rules}
