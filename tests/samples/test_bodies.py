"""Where bodies can be seen, exactly: the measuring stick of the redaction."""

import numpy as np
import pytest

from edge.samples.scene import Actor, Fixture, FixtureKind, Label, Stop
from edge.samples.stage import SUPERSAMPLE, Stage
from edge.values.frame import Size
from tests.fakes.samples import small_scene, walker

PERSON = frozenset({"person"})


def stage(*actors: Actor, fixtures: tuple[Fixture, ...] = ()) -> Stage:
    return Stage(small_scene(*actors, fixtures=fixtures), 1, SUPERSAMPLE)


@pytest.mark.parametrize("index", [0, 5, 9])
def test_bodies_fill_the_visible_box_of_the_truth(index: int) -> None:
    shown = stage(walker((-3, 12), (3, 12)), fixtures=(Fixture(FixtureKind.TREE, 0.0, 10.0),))
    mask = shown.bodies(index, PERSON)
    frames = [shown.shoot(n)[1] for n in range(index + 1)]
    (person,) = frames[index].objects
    assert person.visible is not None
    ys, xs = np.nonzero(mask)
    box = np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])
    assert np.abs(box - np.array(person.visible) * [320, 180, 320, 180]).max() <= 1.0


def test_only_the_asked_classes_count() -> None:
    shown = stage(walker((-1, 12), (1, 12)), Actor(Label.CAR, (Stop(3.0, 16.0),)))
    person, car, both = (
        shown.bodies(2, frozenset(labels)) for labels in ({"person"}, {"car"}, {"person", "car"})
    )
    assert person.any()
    assert car.any()
    assert (both == (person | car)).all()
    assert person.shape == Size(320, 180)[::-1]


def test_looking_at_bodies_changes_no_picture() -> None:
    asked, plain = stage(walker((-3, 12), (3, 12))), stage(walker((-3, 12), (3, 12)))
    asked.bodies(3, PERSON)
    assert (asked.shoot(0)[0] == plain.shoot(0)[0]).all()


def test_what_differs_between_a_scene_with_and_without_its_people_is_their_bodies() -> None:
    with_people, without = stage(walker((-3, 12), (3, 12))), stage()
    before, after = with_people.shoot(0)[0].astype(int), without.shoot(0)[0].astype(int)
    differs = np.abs(before - after).max(axis=2) > 60
    body = with_people.bodies(0, PERSON)
    assert (differs & body).sum() > 0.5 * body.sum()
