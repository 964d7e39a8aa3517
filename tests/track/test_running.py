"""Runners at five pictures a second, in which their boxes hardly ever overlap: one track, one crossing."""

import numpy as np
import pytest

from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.fact import LineCrossed
from edge.values.frame import Size
from tests.fakes.walk import at

FPS = 5.0
SIZE = Size(640, 360)
TALL_PX, WIDE_PX, STATURE_M = 60.0, 20.0, 1.75
LINE = LineSpec("middle", ((0.5, 0.99), (0.5, 0.01)))
FEET_PX = 270.0


def runner(speed_mps: float, seed: int) -> tuple[set[int], int]:
    """The ids that somebody gets who runs through the picture, and how often they cross its middle."""
    chance = np.random.default_rng(seed)
    tracker, scene = Tracker(TrackerSpec()), Scene(SceneSpec(("person",), lines=(LINE,)))
    ids, crossings = set[int](), 0
    step_px = speed_mps / FPS * TALL_PX / STATURE_M
    begin_px = -step_px * chance.uniform()
    for k in range(round(SIZE.width / step_px) + 20):
        x = begin_px + k * step_px
        box = np.array([x - WIDE_PX / 2, FEET_PX - TALL_PX, x + WIDE_PX / 2, FEET_PX]) + chance.normal(
            0, 1.5, 4
        )
        here = 0 < box[0] and box[2] < SIZE.width
        tracks = tracker.update(Detections.of([box], [0.8], [0]) if here else Detections.none(), at(k / FPS))
        ids |= set(tracks.ids.tolist())
        crossings += sum(isinstance(f, LineCrossed) for f in scene.observe(tracks, SIZE, at(k / FPS)))
    return ids, crossings


@pytest.mark.parametrize("speed_mps", [1.4, 4.0, 8.0, 9.0, 10.0])
def test_a_runner_is_one_and_crosses_once(speed_mps: float) -> None:
    assert [runner(speed_mps, seed) for seed in range(10)] == [({1}, 1)] * 10
