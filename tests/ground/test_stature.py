import numpy as np
import pytest

from edge.ground.area import floor_of
from edge.ground.lens import Lens
from edge.ground.pose import ground_of
from edge.ground.stature import Standing, pose_from
from edge.ground.surveyed import Precision, survey
from edge.ground.tallness import tallness_m
from tests.ground.street import CAMERA, LENS, VIEW_DEG, ZONE, horizon, spots, true_area


def people(rng: np.random.Generator, n: int, looks: int = 6, mean_m: float = 1.69) -> Standing:
    """People of varied height and depth who are each seen some times at different places; boxes are exact but
    for a pixel, and their lower side is the foot that is nearest to the camera, in mid-stride or not."""
    who = np.repeat(np.arange(n), looks)
    ground = CAMERA.ground_at(spots(rng, n * looks))
    tall = np.repeat(rng.normal(mean_m, 0.1, n), looks)
    facing = np.abs(np.cos(rng.uniform(0, 2 * np.pi, n)))
    stride = rng.uniform(0, 0.35, n * looks) * np.repeat(rng.random(n) < 0.7, looks)
    depth = np.repeat(0.05 + 0.08 * facing, looks) + np.repeat(facing, looks) * stride
    near = ground * (1 - depth / np.hypot(*ground.T))[:, None]
    feet, _ = CAMERA.project(np.column_stack([near, np.zeros(len(near))]))
    heads, _ = CAMERA.project(np.column_stack([ground, tall]))
    size = np.array([CAMERA.width, CAMERA.height])
    shake = rng.normal(0, 0.003, (2, len(who), 2))
    return Standing(feet / size + shake[0], heads / size + shake[1], who)


@pytest.mark.parametrize(("count", "view_sd_deg"), [(16, 0.1), (40, 2.0)])
def test_height_horizon_and_floor_are_as_far_off_as_their_doubt_says(count: int, view_sd_deg: float) -> None:
    off = []
    for seed in range(80):
        rng = np.random.default_rng(seed)
        seen = people(rng, count, mean_m=rng.normal(1.69, 0.05))
        found = pose_from(seen, LENS, VIEW_DEG + rng.normal(0, view_sd_deg), view_sd_deg)
        floor = floor_of(ground_of(found.pose, found.doubt, LENS), ZONE, ())
        off.append(
            [
                (found.pose.height_m - CAMERA.height_m) / found.doubt.height_m,
                (found.pose.horizon - horizon(CAMERA)) / found.doubt.horizon,
                (floor.m2 - true_area(ZONE)) / floor.sd_m2,
            ]
        )
    held = (np.abs(off) < 1.645).mean(axis=0)
    assert (held >= 0.82).all(), f"90 % wanted, {held} held of height, horizon and floor"
    assert np.abs(np.mean(off, axis=0)).max() < 0.6


def test_a_wrong_guess_of_the_view_is_covered_by_its_doubt() -> None:
    found = pose_from(people(np.random.default_rng(1), 60), LENS, VIEW_DEG * 1.15, 8.0)
    floor = floor_of(ground_of(found.pose, found.doubt, LENS), ZONE, ())
    assert abs(floor.m2 - true_area(ZONE)) < 1.645 * floor.sd_m2


def test_boxes_cut_off_by_others_are_set_aside() -> None:
    seen = people(np.random.default_rng(2), 60)
    cut = seen.feet.copy()
    cut[::8] -= 0.5 * (seen.feet[::8] - seen.heads[::8])  # the legs cannot be seen
    whole = pose_from(seen, LENS, VIEW_DEG, 2.0)
    partly = pose_from(Standing(cut, seen.heads, seen.who), LENS, VIEW_DEG, 2.0)
    assert partly.used < whole.used
    assert partly.pose.height_m == pytest.approx(whole.pose.height_m, rel=0.06)


def test_few_people_are_not_enough_however_often_they_are_seen() -> None:
    with pytest.raises(ValueError, match="at least 12 people, got 8"):
        pose_from(people(np.random.default_rng(3), 8, looks=50), LENS, VIEW_DEG, 2.0)


def test_people_all_at_one_distance_show_no_perspective() -> None:
    seen = people(np.random.default_rng(4), 40)
    near = np.abs(seen.feet[:, 1] - 0.6) < 0.02
    more = np.tile(np.flatnonzero(near), 8)
    one = Standing(seen.feet[more], seen.heads[more], np.arange(len(more)))
    with pytest.raises(ValueError, match="same distance"):
        pose_from(one, LENS, VIEW_DEG, 2.0)


def test_people_are_seen_through_the_lens_and_its_doubt_is_added() -> None:
    seen, lens = people(np.random.default_rng(5), 60), Lens(LENS.aspect, -0.15)
    shown = Standing(lens.bent(seen.feet), lens.bent(seen.heads), seen.who)
    straight = pose_from(seen, LENS, VIEW_DEG, 2.0)
    known, doubted = (pose_from(shown, Lens(LENS.aspect, -0.15, sd), VIEW_DEG, 2.0) for sd in (0.0, 0.05))
    assert known.pose.vector == pytest.approx(straight.pose.vector, rel=1e-3, abs=1e-3)
    assert doubted.pose == known.pose
    assert doubted.doubt.horizon > 1.05 * known.doubt.horizon


@pytest.mark.parametrize(("unit_m", "tall_m"), [(1.0, 1.69), (0.3048, 1.69 / 0.3048)])
def test_by_ground_in_feet_people_are_giants(unit_m: float, tall_m: float) -> None:
    seen = np.array([[0.2, 0.9], [0.85, 0.92], [0.75, 0.4], [0.25, 0.42]])
    ground = survey(seen, CAMERA.ground_at(seen) / unit_m, LENS, Precision()).ground
    told = tallness_m(people(np.random.default_rng(6), 40), ground)
    assert told == pytest.approx(tall_m, rel=0.1)
    assert tallness_m(people(np.random.default_rng(6), 4), ground) is None
