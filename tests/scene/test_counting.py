"""Line counts of the real tracker and scene together, on walkers with exact truth and poor detections."""

import numpy as np
import pytest

from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.fact import Direction, LineCrossed
from edge.values.moment import ClockTrust, Moment
from tests.fakes.stage import LABELS, SIZE

HEIGHT_M, HEIGHT = 1.7, 0.2
GATE = SceneSpec(LABELS, lines=(LineSpec("gate", ((0.5, 0.98), (0.5, 0.05))),))


class Gate:
    """Groups of walkers pass a line in the middle of the picture, both ways, seen at 5 frames a second."""

    def __init__(self, missed: float, hidden: tuple[float, float] = (0.0, 0.0)) -> None:
        self.rng = np.random.default_rng(11)
        self.missed, self.hidden = missed, hidden
        self.tracker, self.scene = Tracker(TrackerSpec()), Scene(GATE)
        self.now = Moment(0, 1_750_000_000_000_000_000, ClockTrust.REPLAY)
        self.counted = {Direction.FORWARD: 0, Direction.BACKWARD: 0}
        self.walked = {Direction.FORWARD: 0, Direction.BACKWARD: 0}

    def passes(self, people: int, speed_m_s: float) -> None:
        """One group walks through and away."""
        speed = (
            speed_m_s * HEIGHT / HEIGHT_M * SIZE.height / SIZE.width * self.rng.uniform(0.85, 1.15, people)
        )
        ways, ys = self.rng.choice([-1, 1], people), self.rng.uniform(0.4, 0.95, people)
        self.walked[Direction.FORWARD] += int((ways > 0).sum())
        self.walked[Direction.BACKWARD] += int((ways < 0).sum())
        begin = self.rng.uniform(0, 0.2)
        for k in range(round(5 * (1.1 / speed.min() + 3))):
            along = -0.02 + speed * (begin + k / 5)
            self._frame(np.where(ways > 0, along, 1 - along), ys)

    def _frame(self, xs: np.ndarray, ys: np.ndarray) -> None:
        seen = (xs > -0.01) & (xs < 1.01) & (self.rng.random(len(xs)) > self.missed)
        seen &= (xs < self.hidden[0]) | (xs > self.hidden[1])
        feet = np.stack([xs, ys], axis=1)[seen] * SIZE
        around = HEIGHT * SIZE.height * np.array([-0.2, -1.0, 0.2, 0.0])
        boxes = np.tile(feet, 2) + around + self.rng.normal(0, 0.015 * HEIGHT * SIZE.height, (len(feet), 4))
        boxes = np.clip(boxes, 0, [*SIZE, *SIZE])
        found = Detections.of(boxes, self.rng.uniform(0.6, 0.9, len(boxes)), [0] * len(boxes))
        self.now = self.now.plus(0.2)
        for fact in self.scene.observe(self.tracker.update(found, self.now), SIZE, self.now):
            if isinstance(fact, LineCrossed):
                self.counted[fact.direction] += 1


@pytest.mark.parametrize("missed", [0.0, 0.2])
@pytest.mark.parametrize(("speed_m_s", "people"), [(0.7, 1), (1.4, 6), (3.0, 3), (6.0, 1)])
def test_everybody_who_passes_is_counted_once(speed_m_s: float, people: int, missed: float) -> None:
    gate = Gate(missed)
    for _ in range(8):
        gate.passes(people, speed_m_s)
    assert gate.counted == gate.walked


def test_everybody_who_passes_behind_a_pillar_on_the_line_is_counted_once() -> None:
    gate = Gate(missed=0.1, hidden=(0.45, 0.55))
    for _ in range(12):
        gate.passes(1, 1.4)
    assert gate.counted == gate.walked
