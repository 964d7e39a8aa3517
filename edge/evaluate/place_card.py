"""The scorecard of what happens at places: precision, recall, delay and false alarms, kind by kind.

Law: what was due and told too late is missed. The end of a clip is no end of what is due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from edge.evaluate.place_run import RULES, PlaceRun


@dataclass(slots=True)
class PlaceScore:
    """One kind over all scenes.

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
    """All kinds.

    Attributes:
        kinds: by name.
        scenes: how many.
        seconds: how long they are together.
    """

    kinds: Mapping[str, PlaceScore]
    scenes: int
    seconds: float

    @classmethod
    def of(cls, runs: Iterable[PlaceRun]) -> "PlaceCard":
        """The card of these runs."""
        kinds = {rule.kind.value: PlaceScore() for rule in RULES}
        scenes, seconds = 0, 0.0
        for run in runs:
            scenes, seconds = scenes + 1, seconds + run.seconds
            for due, event, delay_s in run.right:
                score = kinds[due.kind.value]
                score.due, score.told, score.right = score.due + 1, score.told + 1, score.right + 1
                score.delays_s.append(delay_s)
                score.sure.append(event.confidence)
            for due in run.missed:
                kinds[due.kind.value].due += 1
            for event in run.false:
                kinds[event.kind.value].told += 1
                kinds[event.kind.value].wrongly_sure.append(event.confidence)
        return cls(kinds, scenes, seconds)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        kinds = {
            name: {**asdict(score), "precision": score.precision, "recall": score.recall}
            for name, score in self.kinds.items()
        }
        return {"scenes": self.scenes, "seconds": self.seconds, "kinds": kinds}
