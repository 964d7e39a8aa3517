"""Rendered pictures show what their view promises."""

from itertools import pairwise

import numpy as np

from edge.samples.bustle import LENGTHS_M, bustling_scene
from edge.samples.scene import Hour, Place
from models.training.data import LABELS
from models.training.synthetic import View, dark_scene, pictures
from models.training.thermal_scene import thermal_scene

PERSON, BICYCLE = LABELS.index("person"), LABELS.index("bicycle")
BUS, TRUCK = LABELS.index("bus"), LABELS.index("truck")


def test_a_deserted_place_shows_nobody_but_is_not_bare():
    shown = list(pictures(12, 5, View.NOBODY))
    kinds = np.concatenate([picture.kinds for picture in shown])
    assert not {PERSON, BICYCLE} & set(kinds.tolist())
    assert len(kinds)  # traffic goes on: its edges are what a person must not be seen in
    peopled = np.concatenate([picture.kinds for picture in pictures(12, 5)])
    assert (peopled == PERSON).any()


def test_a_dark_street_is_never_in_daylight():
    hours = {dark_scene(np.random.default_rng(seed)).hour for seed in range(30)}
    assert hours == {Hour.DUSK, Hour.NIGHT, Hour.INFRARED}


def test_a_bustling_street_has_what_is_rare_elsewhere():
    shown = [picture.kinds for picture in pictures(12, 5, View.BUSTLE)]
    usual = [picture.kinds for picture in pictures(12, 5)]
    for kind in (BICYCLE, BUS, TRUCK):
        assert (np.concatenate(shown) == kind).sum() > 2 * (np.concatenate(usual) == kind).sum()


def test_vehicles_of_a_bustling_street_never_drive_through_each_other():
    for seed in range(20):
        scene = bustling_scene(np.random.default_rng(seed))
        lanes: dict[float, list[tuple[float, float, float]]] = {}
        for actor in scene.actors:
            if actor.label in LENGTHS_M and len(actor.path) > 1 and scene.ground.place is Place.STREET:
                room = (actor.path[0].x_m, LENGTHS_M[actor.label], actor.speed_mps)
                lanes.setdefault(actor.path[0].y_m, []).append(room)
        for lane in lanes.values():
            for (x, long, speed), (next_x, next_long, next_speed) in pairwise(sorted(lane)):
                assert next_x - x > (long + next_long) / 2
                assert speed == next_speed


def test_the_thermal_picture_is_grey_and_always_the_same():
    picture = thermal_scene()
    assert picture.shape == (512, 640, 3)
    assert (picture[..., 0] == picture[..., 2]).all()
    assert (thermal_scene() == picture).all()
