import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.suitability.density import FEWEST, STATURE_M, Step, heights_of, rows_of
from edge.suitability.smallest import smallest_found
from tests.fakes.replays import CLIPS


@pytest.mark.parametrize(
    ("px_per_m", "step"),
    [
        *((0, Step.BELOW), (19.9, Step.BELOW), (20, Step.OVERVIEW), (79, Step.OUTLINE), (80, Step.DISCERN)),
        *((125, Step.PERCEIVE), (499, Step.CHARACTERISE), (500, Step.VALIDATE), (9e9, Step.SCRUTINISE)),
    ],
)
def test_steps_are_those_of_the_standard(px_per_m: float, step: Step) -> None:
    assert Step.of(px_per_m) is step


def line(slope: float, offset: float, n: int = 60, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    feet = np.random.default_rng(seed).uniform(0.3, 0.9, n)
    return feet, slope * feet + offset


def test_a_line_is_found_although_a_fifth_are_no_standing_people() -> None:
    feet, tall = line(150, -20)
    tall[::5] *= 0.5
    found = heights_of(feet, tall)
    assert found is not None
    assert found.at(0.6) == pytest.approx(70, rel=0.05)
    assert found.px_per_m(0.6) == pytest.approx(70 / STATURE_M, rel=0.05)


def test_people_in_one_row_give_a_level_line_with_a_short_reach() -> None:
    found = heights_of(np.full(30, 0.5), np.full(30, 80.0))
    assert found is not None and (found.at(0.5), found.lowest, found.highest) == (80, 0.5, 0.5)


def test_too_few_people_give_nothing() -> None:
    assert heights_of(*line(150, -20, FEWEST - 1)) is None
    assert heights_of(np.empty(0), np.empty(0)) is None


@given(st.floats(10, 900), st.floats(-200, 200), st.integers(0, 99))
def test_heights_are_never_negative_and_never_shrink_towards_the_camera(slope, offset, seed) -> None:
    feet, tall = line(slope, offset, seed=seed)
    found = heights_of(feet, np.maximum(tall, 1))
    assert found is not None
    rows = [found.at(row) for row in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert min(rows) >= 0 and rows == sorted(rows)


@pytest.mark.parametrize("clip", ["plaza", "gate", "street"])
def test_true_people_give_the_true_density_where_they_were_seen(clip: str) -> None:
    """The camera of a clip is known: upright pixels per metre between the rows of feet, within 15 %."""
    truth = json.loads((CLIPS / f"{clip}.truth.json").read_text())
    height = truth["size"][1]
    rows = [
        row
        for frame in truth["objects"][:200:5]
        for row in frame
        if truth["labels"][str(row[0])] == "person" and len(row) == 7 and 0.02 < row[4] and row[6] < 0.98
    ]
    found = heights_of(np.array([r[6] for r in rows]), np.array([(r[6] - r[4]) * height for r in rows]))
    assert found is not None and found.sightings > 50
    for foot in np.linspace(found.lowest, found.highest, 5):
        assert found.px_per_m(foot) == pytest.approx(upright(truth, 0.5, foot), rel=0.15)


def upright(truth: dict, u: float, v: float) -> float:
    """Pixels that the first metre above the ground has at a point, by the camera's matrix."""
    ground = np.linalg.solve(np.array(truth["homography"]), [u, v, 1.0])
    x, y = ground[:2] / ground[2]
    low, high = (np.array(truth["camera"]) @ [x, y, z, 1.0] for z in (0.0, 1.0))
    return float(np.linalg.norm(low[:2] / low[2] - high[:2] / high[2]))


def test_rows_of_a_zone_stay_in_the_picture() -> None:
    assert rows_of([(0, -0.5), (1, 0.4), (1, 1.7)]) == (0.0, 1.0)


def test_the_smallest_found_errs_least() -> None:
    heights = np.arange(5.0, 45.0)
    assert smallest_found(heights, heights >= 20) == 20
    noisy = (heights >= 20) ^ (np.arange(40) % 13 == 0)
    assert smallest_found(heights, noisy) == pytest.approx(20, abs=2)


def test_a_model_that_finds_nobody_has_no_smallest() -> None:
    heights = np.arange(5.0, 45.0)
    assert smallest_found(heights, np.zeros(40, bool)) is None
    assert smallest_found(heights[:3], np.ones(3, bool)) is None
