"""Distances to many at once are those to each."""

import numpy as np
import pytest

from edge.ground.plane import Ground
from edge.things.yardstick import Yardstick
from tests.fakes.drive import SIZE, ground_of_camera


@pytest.mark.parametrize("ground", [None, ground_of_camera()])
def test_many_are_as_far_at_once_as_each_alone(ground: Ground | None) -> None:
    chance, stick = np.random.default_rng(4), Yardstick(ground, *SIZE)
    corners = chance.uniform(0, (600, 300), (40, 2))
    people = np.hstack([corners, corners + chance.uniform(1, 70, (40, 2))])
    thing = (300.0, 200.0, 330.0, 220.0)
    alone = [stick.apart_m((x1, y1, x2, y2), thing) for x1, y1, x2, y2 in people.tolist()]
    assert stick.each_apart_m(people, thing).tolist() == pytest.approx(alone)
    assert stick.nearest_m(people, thing) == pytest.approx(min(alone))
