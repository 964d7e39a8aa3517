"""Speeds that were told beside the true ones of the same objects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from edge.evaluate.overlap import overlap
from edge.values.fact import Fact, Speeds
from edge.values.truth import TrueFrame

SAME = 0.3
"""Overlap of boxes from which they are of one object."""


@dataclass(frozen=True, slots=True)
class Clocked:
    """A speed, its interval, and the true mean speed over the same time, metres per second."""

    mps: float
    low: float
    high: float
    true: float

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.true <= self.high


class Clocking:
    """Remembers where everything really was."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._was: dict[int, dict[int, tuple[float, float]]] = {}

    def read(self, facts: Iterable[Fact], truth: TrueFrame) -> Iterator[Clocked]:
        """The speeds among the facts of this frame, each beside the true one."""
        for o in truth.objects:
            self._was.setdefault(o.id, {})[truth.index] = o.ground
        boxes = np.array([o.full for o in truth.objects]).reshape(-1, 4)
        for mover in (m for fact in facts if isinstance(fact, Speeds) for m in fact.movers):
            if mover.speed is None or not len(boxes):
                continue
            alike = overlap(np.array([mover.who.box]), np.clip(boxes, 0, 1))[0]
            best = int(alike.argmax())
            true = self._speed(truth.objects[best].id, truth.index, mover.speed.window_s)
            if alike[best] >= SAME and true is not None:
                yield Clocked(mover.speed.mps, mover.speed.low, mover.speed.high, true)

    def _speed(self, who: int, index: int, window_s: float) -> float | None:
        steps = round(window_s * self._fps)
        now, then = self._was[who][index], self._was[who].get(index - steps)
        if then is None or not steps:
            return None
        return float(np.hypot(now[0] - then[0], now[1] - then[1]) * self._fps / steps)
