"""Riders stand where their wheels stand; nobody else does."""

import numpy as np
import pytest

from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec
from edge.values.fact import LineCrossed
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.tracks import Tracks

SIZE = Size(640, 360)
LABELS = ("person", "bicycle")
WHEELS_Y, PEDALS_Y, LINE_TOP_Y = 200.0, 190.0, 195.0
"""The line ends between the pedals and the road: the wheels pass over it, the pedals above it."""
LINE = LineSpec("lane", ((0.5, 0.9), (0.5, LINE_TOP_Y / SIZE.height)))


def crossers(body_px: float, cycle_px: float, shift_px: float = 0.0, confirmed: bool = True) -> list[str]:
    """Who crosses, of somebody whose box ends at the pedals and a bicycle, both at so many pixels a frame.

    They are above each other in the middle of the clip, but for `shift_px`.
    """
    scene, told = Scene(SceneSpec(LABELS, lines=(LINE,))), []
    for frame in range(-12, 13):
        body, cycle = 322 + body_px * frame + shift_px, 322 + cycle_px * frame
        boxes = [[body - 8, 140, body + 8, PEDALS_Y], [cycle - 24, 160, cycle + 24, WHEELS_Y]]
        tracks = Tracks(
            np.array([1, 2]), np.array(boxes, np.float32), np.full(2, 0.8, np.float32),
            np.array([0, 1], np.int16), np.full(2, 9, np.int32), np.array([True, confirmed]),
            np.ones(2, np.bool_),
        )  # fmt: skip
        facts = scene.observe(tracks, SIZE, Moment(0, 0).plus(2.4 + 0.2 * frame))
        told += [fact.who.label for fact in facts if isinstance(fact, LineCrossed)]
    return sorted(told)


def test_a_rider_crosses_where_the_wheels_do() -> None:
    assert crossers(20.0, 20.0) == ["bicycle", "person"]
    assert crossers(-20.0, -20.0) == ["bicycle", "person"]


@pytest.mark.parametrize(
    ("body_px", "cycle_px", "shift_px"),
    [
        pytest.param(-7.0, 20.0, 0.0, id="comes towards it"),
        pytest.param(6.0, 6.0, 0.0, id="walks beside it"),
        pytest.param(20.0, 20.0, 20.0, id="runs ahead of it"),
    ],
)
def test_nobody_else_stands_on_the_wheels(body_px: float, cycle_px: float, shift_px: float) -> None:
    assert crossers(body_px, cycle_px, shift_px) == ["bicycle"]


def test_a_bicycle_that_is_not_believed_carries_nobody() -> None:
    assert crossers(20.0, 20.0, confirmed=False) == []
