import random
from dataclasses import replace

import numpy as np
import pytest

from edge.samples import random_scene, render
from edge.samples.scene import Actor, Carries, Fixture, FixtureKind, Hour, Label, Sensor, Stop, Wall
from edge.values.truth import TrueFrame, TrueObject
from tests.fakes.samples import CAMERA, small_scene, walker


def only(frame: TrueFrame) -> TrueObject:
    assert len(frame.objects) == 1
    return frame.objects[0]


def test_the_same_seed_gives_the_same_pixels_and_truth() -> None:
    for seed in (3, 4, 5):
        shots = [list(render(random_scene(np.random.default_rng(seed), frames=2), seed)) for _ in range(2)]
        for (pixels, truth), (again, true_again) in zip(*shots, strict=True):
            assert np.array_equal(pixels, again)
            assert truth == true_again


def test_another_seed_gives_other_pixels() -> None:
    scene = small_scene(walker((-3, 12), (3, 12)), seconds=0.2)
    first, second = (next(render(scene, seed))[0] for seed in (1, 2))
    assert not np.array_equal(first, second)


def test_no_global_chance_is_used() -> None:
    python, legacy = random.getstate(), np.random.get_state()[1].copy()
    list(render(random_scene(np.random.default_rng(1), frames=1), 1))
    assert random.getstate() == python
    assert np.array_equal(np.random.get_state()[1], legacy)


@pytest.mark.parametrize("hour", list(Hour))
def test_pictures_are_rgb_of_the_size_of_the_scene(hour: Hour) -> None:
    pixels, _ = next(render(small_scene(walker((0, 12)), seconds=0.2, hour=hour), 1))
    assert pixels.shape == (180, 320, 3)
    assert pixels.dtype == np.uint8
    if hour is Hour.INFRARED:
        assert int(np.ptp(pixels.astype(int), axis=2).max()) <= 30  # grey but for the noise in colour


@pytest.mark.parametrize("label", list(Label))
def test_feet_stand_at_the_bottom_of_the_box(label: Label) -> None:
    actor = Actor(label, (Stop(0.0, 13.0),), facing_deg=90.0)
    _, frame = next(render(small_scene(actor, seconds=0.2), 2))
    found = next(o for o in frame.objects if o.label == label)
    x1, y1, x2, y2 = found.full
    assert found.ground == (0.0, 13.0)
    assert x1 < found.feet[0] < x2
    depth = (
        0.5 if label in (Label.PERSON, Label.BICYCLE) else 2.6
    )  # half the way to the nearest edge of the body
    near = CAMERA.project([(0.0, 13.0 - depth, 0.0)])[0][0][1] / 180
    assert y1 < found.feet[1] <= y2 + 0.02
    assert y2 <= near + 0.02


def test_height_in_the_picture_is_height_in_metres() -> None:
    for y in (9.0, 14.0, 22.0):
        _, frame = next(render(small_scene(walker((0, y)), seconds=0.2), 5))
        top = only(frame).full[1] * 180
        heights = [h for h in np.linspace(1.4, 2.1, 71) if CAMERA.project([(0, y, h)])[0][0][1] <= top + 0.5]
        assert 1.45 < min(heights) < 2.05


def test_somebody_alone_is_wholly_visible() -> None:
    _, frame = next(render(small_scene(walker((0, 12)), seconds=0.2), 1))
    found = only(frame)
    assert found.visibility == 1.0
    assert found.visible == found.full


def test_a_car_in_front_hides_part_of_somebody() -> None:
    car = Actor(Label.CAR, (Stop(0.0, 12.0),), facing_deg=90.0)
    _, frame = next(render(small_scene(walker((0, 14.5)), car, seconds=0.2), 1))
    person, hiding = frame.objects
    assert (person.label, hiding.label) == ("person", "car")
    assert 0.02 < person.visibility < 0.9
    assert person.visible is not None
    assert person.visible[3] < person.full[3]
    assert hiding.visibility == 1.0


def test_a_pole_hides_a_little_and_is_no_object() -> None:
    pole = Fixture(FixtureKind.LAMP, 0.0, 10.0)
    _, frame = next(render(small_scene(walker((0, 12)), seconds=0.2, fixtures=(pole,)), 1))
    assert 0.3 < only(frame).visibility < 1.0


def test_somebody_behind_a_building_is_not_there() -> None:
    scene = small_scene(walker((0, 30)), seconds=0.2)
    assert len(next(render(scene, 1))[1].objects) == 1
    walled = replace(scene, ground=replace(scene.ground, walls=(Wall((-20, 25), (20, 25)),)))
    assert next(render(walled, 1))[1].objects == ()


def test_somebody_half_outside_the_picture_is_partly_visible() -> None:
    left = float(CAMERA.ground_at([(0.0, 0.6)])[0][0])
    _, frame = next(
        render(small_scene(walker((left, float(CAMERA.ground_at([(0.0, 0.6)])[0][1]))), seconds=0.2), 1)
    )
    found = only(frame)
    assert found.full[0] < 0
    assert found.visible is not None
    assert found.visible[0] == 0
    assert 0.05 < found.visibility < 0.7


def test_a_rider_and_a_bicycle_are_two_objects() -> None:
    bicycle = Actor(Label.BICYCLE, (Stop(-3, 12), Stop(3, 12)), 3.0)
    _, frame = list(render(small_scene(bicycle, seconds=1.0), 1))[2]
    assert [o.label for o in frame.objects] == ["bicycle", "person"]
    assert frame.objects[0].ground == frame.objects[1].ground


def test_steps_follow_the_ground_path() -> None:
    shots = list(render(small_scene(walker((-3, 12), (3, 12), speed_mps=1.5), seconds=3.0, fps=10.0), 1))
    xs = [only(frame).ground[0] for _, frame in shots[5:25]]
    assert np.allclose(np.diff(xs), 0.15, atol=0.01)


def test_an_empty_scene_has_an_empty_truth_and_noise() -> None:
    shots = list(render(small_scene(seconds=0.4, sensor=Sensor(grain=3.0)), 1))
    assert all(frame.objects == () for _, frame in shots)
    assert not np.array_equal(shots[0][0], shots[1][0])


def test_bags_are_carried() -> None:
    def shown(carries: Carries) -> np.ndarray:
        actor = replace(walker((0, 10)), carries=carries)
        return next(render(small_scene(actor, seconds=0.2), 6))[0]

    assert not np.array_equal(shown(Carries.BACKPACK), shown(Carries.NOTHING))


def test_a_scene_by_chance_may_have_more_cyclists_than_places() -> None:
    scene = random_scene(np.random.default_rng(1551), people=0)  # a camera that sees ground for one only
    assert sum(actor.label == Label.BICYCLE for actor in scene.actors) > 1


def test_random_scenes_vary_and_obey() -> None:
    scenes = [random_scene(np.random.default_rng(seed)) for seed in range(60)]
    assert {scene.hour for scene in scenes} == set(Hour)
    assert len({scene.ground.place for scene in scenes}) == 4
    walking = [sum(a.label == Label.PERSON for a in scene.actors) for scene in scenes]
    assert min(walking) == 0
    assert max(walking) > 15
    assert sum(a.label == Label.PERSON for a in random_scene(np.random.default_rng(1), people=7).actors) == 7
