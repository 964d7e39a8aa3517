"""Density against exact truth: people wander over a measured floor, and their boxes are known exactly."""

import numpy as np
import pytest

from edge.ground.surveyed import Precision, survey
from edge.rules.density import Level, crowd
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.values.crowd import Crowd, DensityTable
from edge.values.fact import Occupancy
from edge.values.frame import Size
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks
from tests.ground.street import CAMERA, LENS, ZONE, true_area

SPOTS = np.array([[0.2, 0.9], [0.85, 0.92], [0.75, 0.4], [0.25, 0.42], [0.5, 0.7], [0.6, 0.5]])
SIZE = Size(640, 360)
BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)
FRAMES = 20


class Walkers:
    """People of a given density who wander about an area that holds the zone and more."""

    def __init__(self, density: float, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        corners = CAMERA.ground_at(ZONE)
        self._low, self._high = corners.min(axis=0) - 2.0, corners.max(axis=0) + 2.0
        n = round(density * float(np.prod(self._high - self._low)))
        self._at = self._rng.uniform(self._low, self._high, (n, 2))
        self._way = self._rng.normal(0, 0.7, (n, 2))
        self._tall = np.clip(self._rng.normal(1.69, 0.1, n), 1.4, 2.0)

    def step(self) -> tuple[np.ndarray, np.ndarray]:
        """Their feet in the unit square, and their boxes in pixels, a fifth of a second on."""
        self._way += self._rng.normal(0, 0.2, self._way.shape)
        self._way *= np.where((self._at < self._low) | (self._at > self._high), -1.0, 1.0)
        self._at = np.clip(self._at + self._way / 5, self._low - 0.3, self._high + 0.3)
        feet, _ = CAMERA.project(np.column_stack([self._at, np.zeros(len(self._at))]))
        heads, _ = CAMERA.project(np.column_stack([self._at, self._tall]))
        half = (feet[:, 1] - heads[:, 1]) * 0.16
        boxes = np.column_stack([feet[:, 0] - half, heads[:, 1], feet[:, 0] + half, feet[:, 1]])
        return feet / SIZE, boxes.astype(np.float32)


def measured(density: float, seed: int) -> list[tuple[float, Crowd]]:
    """The true density of each picture, and what was made of perfect detections."""
    rng = np.random.default_rng(seed)
    marks = SPOTS + rng.normal(0, 0.003, SPOTS.shape) / [LENS.aspect, 1]
    metres = CAMERA.ground_at(SPOTS) + rng.normal(0, 0.05, SPOTS.shape)
    ground = survey(marks, metres, LENS, Precision()).ground
    scene = Scene(SceneSpec(("person",), (ZoneSpec("zone", ZONE),), ground=ground))
    walkers, level, pairs = Walkers(density, seed), Level(DensityTable.STANDING), []
    for k in range(FRAMES):
        feet, boxes = walkers.step()
        n, moment = len(boxes), BEGAN.plus(k / 5)
        yes = np.ones(n, dtype=np.bool_)
        tracks = Tracks(
            np.arange(n), boxes, np.full(n, 0.9, np.float32), np.zeros(n, np.int16),
            np.full(n, k + 1, np.int32), yes, yes.copy(),
        )  # fmt: skip
        (there,) = [f for f in scene.observe(tracks, SIZE, moment) if isinstance(f, Occupancy)]
        assert there.floor is not None
        found = crowd(there.heads["person"], there.floor, 0.0, level)
        pairs.append((inside(feet) / true_area(ZONE), found))
    return pairs


def inside(feet: np.ndarray) -> int:
    """How many of these feet are in the zone: corners in order, so on the same side of all its borders."""
    ring = np.array(ZONE)
    along, to = np.roll(ring, -1, axis=0) - ring, feet[:, None] - ring
    sides = along[:, 0] * to[..., 1] - along[:, 1] * to[..., 0]
    return int(((sides > 0).all(axis=1) | (sides < 0).all(axis=1)).sum())


@pytest.mark.parametrize(("density", "error"), [(0.3, 0.1), (1.0, 0.1), (2.0, 0.1), (3.5, 0.2), (5.0, 0.2)])
def test_given_perfect_detections_the_interval_holds_the_truth(density: float, error: float) -> None:
    pairs = [pair for seed in range(12) for pair in measured(density, seed)]
    true = np.array([at for at, _ in pairs])
    best = np.array([found.per_m2 for _, found in pairs])
    held = np.mean([found.low <= at <= found.high for at, found in pairs])
    assert abs(best.mean() - true.mean()) <= error * true.mean()
    assert np.abs(best - true).mean() <= error * max(true.mean(), 0.3)
    assert held >= 0.9
    width = np.mean([found.high - found.low for _, found in pairs])
    assert width <= 0.5 * max(true.mean(), 0.3)  # an interval that says nothing would hold everything
