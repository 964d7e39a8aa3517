"""How full of people a zone looks: the share of it that is covered by what looks at all like a person."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edge.scene.glimpsing import COLUMNS, ROWS, covered_by
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.values.acuity import Acuity, Glimpses
from edge.values.detections import Detections
from edge.values.fact import Occupancy
from edge.values.tracks import Tracks
from tests.ground.street import CAMERA, ZONE
from tests.scene.test_headcount import GROUND, NOW, SIZE

ACUITY = Acuity(0.1, 2.5, 0.95, 16.0)
SPEC = SceneSpec(("person",), (ZoneSpec("zone", ZONE),), ground=GROUND, acuity=ACUITY)
FLOOR = CAMERA.ground_at(np.array(ZONE))


def answer(boxes: np.ndarray) -> Detections:
    none = Detections.none()
    return Detections(none.boxes, none.scores, none.classes, boxes.astype(np.float32).reshape(-1, 4))


def boxes_of(per_m2: float, seed: int, wide_m: float = 0.6) -> np.ndarray:
    """Boxes, pixels, of people who stand about by chance in and around the zone."""
    low, high = FLOOR.min(axis=0) - 2.0, FLOOR.max(axis=0) + 2.0
    at = np.random.default_rng(seed).uniform(low, high, (round(per_m2 * float(np.prod(high - low))), 2))
    feet, _ = CAMERA.project(np.column_stack([at, np.zeros(len(at))]))
    heads, _ = CAMERA.project(np.column_stack([at, np.full(len(at), 1.69)]))
    half = (feet[:, 1] - heads[:, 1]) * wide_m / 1.69 / 2
    return np.column_stack([feet[:, 0] - half, heads[:, 1], feet[:, 0] + half, feet[:, 1]])


def glimpsed(found: Detections, spec: SceneSpec = SPEC) -> Glimpses | None:
    scene = Scene(spec)
    scene.glimpse(found, SIZE)
    (there,) = [f for f in scene.observe(Tracks.none(), SIZE, NOW) if isinstance(f, Occupancy)]
    return there.glimpses


def covered(boxes: np.ndarray, spec: SceneSpec = SPEC) -> float:
    told = glimpsed(answer(boxes), spec)
    assert told is not None
    return told.covered


def test_an_empty_place_is_not_covered_and_one_under_one_large_box_is_whole() -> None:
    assert covered(np.empty((0, 4))) == 0.0
    assert covered(np.array([[-50.0, -50.0, 900.0, 900.0]])) == 1.0
    assert covered(np.array([[0.0, 0.0, 12.0, 12.0]])) == 0.0


def test_the_more_people_the_fuller_it_looks_and_the_floor_that_stays_free_tells_how_many() -> None:
    shares = [np.mean([covered(boxes_of(d, seed)) for seed in range(6)]) for d in (0.1, 0.3, 0.8)]
    assert shares[0] < shares[1] < shares[2]
    each_m2 = -np.log(1 - np.array(shares)) / [0.1, 0.3, 0.8]
    assert each_m2.max() < 1.4 * each_m2.min()


def test_people_who_stand_beside_the_zone_do_not_fill_it() -> None:
    pixels, _ = CAMERA.project(np.column_stack([FLOOR.mean(axis=0)[None] + [[9.0, 0.0]], [[0.0]]]))
    (x, y) = pixels[0]
    assert covered(np.array([[x - 10, y - 40, x + 10, y]])) == 0.0


def test_what_is_masked_counts_neither_way() -> None:
    half = ((0.0, 0.0), (0.7, 0.0), (0.7, 1.0), (0.0, 1.0))
    left = np.array([[0.0, 0.0, 0.6 * 640, 360.0]])
    assert covered(left) > 0.2
    assert covered(left, replace(SPEC, masks=(half,))) == 0.0


def test_without_an_answer_to_that_or_a_measure_of_it_nothing_is_said() -> None:
    assert glimpsed(Detections.none()) is None
    assert glimpsed(answer(np.empty((0, 4))), replace(SPEC, acuity=None)) is None


def test_it_is_known_how_tall_somebody_is_there_in_pixels() -> None:
    told = glimpsed(answer(np.empty((0, 4))))
    assert told is not None
    at = CAMERA.ground_at(np.array([ZONE]).mean(axis=1))[0]
    pixels, _ = CAMERA.project(np.array([[*at, 0.0], [*at, 1.69]]))
    hidden = CAMERA.ground_at(pixels[1:] / SIZE)[0]
    assert told.hides_m2 == pytest.approx(0.45 * np.hypot(*(hidden - at)), rel=0.1)
    assert told.tall_px == pytest.approx(pixels[0, 1] - pixels[1, 1], rel=0.05)


@given(
    boxes=arrays(
        np.float32, st.tuples(st.integers(0, 6), st.just(4)), elements=st.floats(-200, 900, width=32)
    )
)
def test_a_cell_is_covered_whose_middle_lies_in_a_box(boxes: np.ndarray) -> None:
    x = (np.arange(COLUMNS) + 0.5) * SIZE.width / COLUMNS
    y = (np.arange(ROWS)[:, None] + 0.5) * SIZE.height / ROWS
    each = [(x1 < x) & (x < x2) & (y1 < y) & (y < y2) for x1, y1, x2, y2 in boxes.astype(np.float64)]
    wanted = np.logical_or.reduce(each, axis=0) if each else np.zeros((ROWS, COLUMNS), np.bool_)
    assert (covered_by(boxes, SIZE) == wanted).all()
