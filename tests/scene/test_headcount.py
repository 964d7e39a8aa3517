"""A density map over measured floor: heads are told, feet are meant."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.ground.surveyed import Precision, survey
from edge.scene.headcount import EMPTY_KEEP_S, HEAD_M, lifted
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.scene.support import Support
from edge.values.fact import Occupancy
from edge.values.frame import Size
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks
from tests.fakes.counters import map_of
from tests.ground.street import CAMERA, LENS, ZONE
from tests.scene.test_crowd_truth import SPOTS, inside

SIZE = Size(640, 360)
NOW = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)
GROUND = survey(SPOTS, CAMERA.ground_at(SPOTS), LENS, Precision()).ground
SPEC = SceneSpec(("person",), (ZoneSpec("zone", ZONE),), ground=GROUND)


def crowd(density: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the feet and the heads of people are seen who stand about, in the unit square."""
    rng = np.random.default_rng(seed)
    corners = CAMERA.ground_at(ZONE)
    low, high = corners.min(axis=0) - 2.0, corners.max(axis=0) + 2.0
    at = rng.uniform(low, high, (round(density * float(np.prod(high - low))), 2))
    tall = np.clip(rng.normal(1.69, 0.1, len(at)), 1.4, 2.0) - 0.12
    feet, _ = CAMERA.project(np.column_stack([at, np.zeros(len(at))]))
    heads, _ = CAMERA.project(np.column_stack([at, tall]))
    return feet / SIZE, heads / SIZE


def told(scene: Scene, after_s: float = 0.0) -> Occupancy:
    (there,) = [f for f in scene.observe(Tracks.none(), SIZE, NOW.plus(after_s)) if isinstance(f, Occupancy)]
    return there


@pytest.mark.parametrize("density", [1.0, 3.0, 6.0])
def test_a_perfect_map_counts_who_stands_on_the_floor(density: float) -> None:
    true, found = [], []
    for seed in range(8):
        feet, heads = crowd(density, seed)
        scene = Scene(SPEC)
        scene.count(map_of(heads, 160, 90), NOW)
        mapped = told(scene).mapped
        assert mapped is not None
        true.append(inside(feet))
        found.append(mapped.people)
    assert sum(found) == pytest.approx(sum(true), rel=0.04)
    assert np.abs(np.array(found) - true).max() <= 0.12 * max(true) + 2


def test_heads_counted_as_feet_would_be_wrong() -> None:
    """Shows that lifting the zone does something: unlifted, the same map tells another number."""
    feet, heads = crowd(4.0, 3)
    as_feet = inside(heads)
    assert abs(as_feet - inside(feet)) > 0.2 * inside(feet)


def test_heads_are_seen_where_the_camera_projects_them() -> None:
    at = CAMERA.ground_at(ZONE)
    true, _ = CAMERA.project(np.column_stack([at, np.full(len(at), HEAD_M)]))
    corners = lifted(ZONE, GROUND)[:: len(lifted(ZONE, GROUND)) // len(ZONE)]
    assert np.abs(corners - true / SIZE).max() < 0.02


def test_a_map_is_told_until_it_is_too_old() -> None:
    scene = Scene(SPEC)
    assert told(scene).mapped is None
    scene.count(map_of(crowd(2.0, 1)[1]), NOW)
    fresh = told(scene, 29.0).mapped
    assert fresh is not None and fresh.age_s == pytest.approx(29.0)
    assert told(scene, 31.0).mapped is None


def test_what_is_masked_is_not_counted() -> None:
    masked = SceneSpec(
        ("person",), SPEC.zones, masks=(((0.0, 0.3), (1.0, 0.3), (1.0, 0.6), (0.0, 0.6)),), ground=GROUND
    )
    heads = crowd(4.0, 2)[1]
    both = []
    for spec in (SPEC, masked):
        scene = Scene(spec)
        scene.count(map_of(heads), NOW)
        mapped = told(scene).mapped
        assert mapped is not None
        both.append(mapped.people)
    assert 0 < both[1] < 0.8 * both[0]


def test_without_measured_ground_a_map_says_nothing() -> None:
    scene = Scene(SceneSpec(("person",), SPEC.zones))
    scene.count(map_of(crowd(2.0, 1)[1]), NOW)
    assert told(scene).mapped is None


def of_place(
    scene: Scene, *heads: np.ndarray, support: Support = Support.BORNE_OUT, after_s: float = 0.0
) -> float:
    """People that a map of these heads is said to show."""
    scene.count(map_of(np.concatenate(heads)), NOW.plus(after_s), support)
    mapped = told(scene, after_s).mapped
    assert mapped is not None
    return mapped.people


def test_what_is_invented_in_an_empty_place_is_nobody_then_and_later() -> None:
    leaves, people = crowd(2.0, 1)[1], crowd(3.0, 2)[1]
    there = of_place(Scene(SPEC), people)
    scene = Scene(SPEC)
    assert of_place(scene, leaves, support=Support.EMPTY) == 0.0
    assert of_place(scene, leaves, after_s=10.0) == 0.0
    both = of_place(scene, leaves, people, after_s=20.0)
    assert both == pytest.approx(there, rel=1e-5)


def test_the_empty_place_is_forgotten_when_the_light_is_another() -> None:
    leaves, scene = crowd(2.0, 1)[1], Scene(SPEC)
    before = of_place(Scene(SPEC), leaves)
    of_place(scene, leaves, support=Support.EMPTY)
    assert of_place(scene, leaves, after_s=EMPTY_KEEP_S + 1) == pytest.approx(before)


def test_a_map_of_which_nothing_is_known_is_left_out() -> None:
    scene = Scene(SPEC)
    scene.count(map_of(crowd(2.0, 1)[1]), NOW, Support.UNKNOWN)
    assert told(scene).mapped is None


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_never_more_than_the_map_tells_and_never_less_than_nobody(empty: int, full: int) -> None:
    scene = Scene(SPEC)
    plain = of_place(Scene(SPEC), crowd(2.0, full)[1])
    of_place(scene, crowd(2.0, empty)[1], support=Support.EMPTY)
    assert 0.0 <= of_place(scene, crowd(2.0, full)[1], after_s=5.0) <= plain + 1e-6
