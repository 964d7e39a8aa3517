"""The middle of a body is found from its box, so that what passes is as fast as it is."""

from math import cos, radians, sin

import numpy as np
import pytest

from edge.ground.lens import F64, Lens
from edge.ground.plane import Ground
from edge.pace.bodies import Bodies
from tests.fakes.drive import CAMERA, CAR, WALKER, Body, ground_of_camera

VAN, TRUCK, BUS = Body(5.3, 2.0, 2.1), Body(7.5, 2.4, 3.0), Body(10.5, 2.5, 3.1)
BICYCLE = Body(1.8, 0.6, 1.7)
GONE_M = 4.0
LOW = CAMERA.height_m / (CAMERA.height_m - 0.1)
"""These bodies end a hand above the ground, and so seem to be further off."""


def passing(body: Body, x: float, y: float, degrees: float) -> tuple[F64, F64, F64]:
    """Two places of a body `GONE_M` apart, 2×2 metres, as its boxes and as its middles tell them, and the
    true ones."""
    ground, way = ground_of_camera(), np.array([sin(radians(degrees)), cos(radians(degrees))])
    places = [np.array([x, y]) + way * off for off in (-GONE_M / 2, GONE_M / 2)]
    boxes = [
        body.box(*place, radians(degrees)) / np.tile([CAMERA.width, CAMERA.height], 2) for place in places
    ]
    left, top, right, bottom = np.array(boxes).T
    spots = ground.metres(np.stack([(left + right) / 2, bottom], axis=1)).T
    wide, high = (right - left)[1:] * ground.lens.aspect, (bottom - top)[1:]
    return spots, Bodies(ground).middles(spots, way[:, None], wide, high), np.array(places).T


def gone(spots: F64) -> float:
    return float(np.hypot(*(spots[:, 1] - spots[:, 0])))


@pytest.mark.parametrize("body", [CAR, VAN, TRUCK, BUS, BICYCLE, WALKER])
@pytest.mark.parametrize("degrees", [0, 30, 60, 90, 150, 240])
def test_a_body_goes_as_far_as_it_goes(body: Body, degrees: float) -> None:
    for x in (-5.0, -2.5, 0.0, 2.5, 5.0):
        for y in (16.0, 22.0, 28.0):
            _, middles, _ = passing(body, x, y, degrees)
            assert gone(middles) == pytest.approx(GONE_M * LOW, rel=0.015)


def test_by_the_lower_sides_of_its_boxes_a_bus_that_passes_is_far_too_slow() -> None:
    spots, middles, _ = passing(BUS, 4.0, 22.0, 60.0)
    assert gone(spots) < 0.95 * GONE_M * LOW
    assert gone(middles) == pytest.approx(GONE_M * LOW, rel=0.01)


def test_a_car_is_where_it_is_and_not_at_its_near_side() -> None:
    spots, middles, true = passing(CAR, 4.0, 20.0, 90.0)
    assert (true - spots)[1].min() > 0.5
    assert np.hypot(*(middles - true * LOW)).max() < 0.1


def test_a_camera_that_looks_straight_down_leaves_places_as_they_are() -> None:
    down = Ground(Lens(16 / 9), np.diag([20.0, -10.0, 1.0]), np.empty((0, 3, 3)))
    spots = np.array([[1.0, 2.0], [3.0, 3.0]])
    away = Bodies(down).middles(spots, np.array([[1.0], [0.0]]), np.array([0.2]), np.array([0.1]))
    assert (away == spots).all()
