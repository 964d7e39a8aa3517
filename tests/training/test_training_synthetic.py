"""Rendered pictures show what their view promises."""

import numpy as np

from edge.samples.scene import Hour
from models.training.data import LABELS
from models.training.synthetic import View, dark_scene, pictures
from models.training.thermal_scene import thermal_scene

PERSON, BICYCLE = LABELS.index("person"), LABELS.index("bicycle")


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


def test_the_thermal_picture_is_grey_and_always_the_same():
    picture = thermal_scene()
    assert picture.shape == (512, 640, 3)
    assert (picture[..., 0] == picture[..., 2]).all()
    assert (thermal_scene() == picture).all()
