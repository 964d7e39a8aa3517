"""A ground behind a lens that is not quite known: its doubt goes into every area, and holds the truth."""

from collections.abc import Callable

import numpy as np
import pytest

from edge.ground.above import view_deg
from edge.ground.area import floor_of
from edge.ground.lens import F64, Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.ground.surveyed import Precision, survey
from edge.ground.vanishing import Exactness, Marks, vanished
from tests.ground.street import spots

ASPECT, SURE = 16 / 9, Pose(0, 0, 0, 0)
POSE = Pose(5.0, -0.15, 80.0)
SD = 0.02
ZONE = ((0.62, 0.92), (0.97, 0.9), (0.93, 0.6), (0.6, 0.62))
CORNERS = np.array([[0.3, 0.8], [0.7, 0.82], [0.68, 0.5], [0.32, 0.52]])

Measured = Callable[[Ground, Lens, np.random.Generator], Ground]


def by_pose(_true: Ground, lens: Lens, _rng: np.random.Generator) -> Ground:
    return ground_of(POSE, SURE, lens)


def by_points(true: Ground, lens: Lens, rng: np.random.Generator) -> Ground:
    metres = true.metres(CORNERS) + rng.normal(0, 0.01, CORNERS.shape)
    seen = CORNERS + rng.normal(0, 0.001, CORNERS.shape) / [ASPECT, 1]
    return survey(seen, metres, lens, Precision(0.001, 0.01)).ground


def by_lines(true: Ground, lens: Lens, rng: np.random.Generator) -> Ground:
    middle, ways = true.metres(np.array([[0.5, 0.6]]))[0], np.array([[0.6, 0.8], [0.8, -0.6]])

    def seen(at: float, way: int) -> F64:
        ends = middle + at * ways[1 - way] + np.array([[-2.0], [2.0]]) * ways[way]
        return true.seen_at(ends) + rng.normal(0, 0.001, (2, 2)) / [ASPECT, 1]

    along, across = (np.array([seen(at, way) for at in (-2, 0, 2)]) for way in (0, 1))
    marks = Marks(along, across, along[:1], np.array([4.0 + rng.normal(0, 0.01)]))
    return vanished(marks, lens, Exactness(0.001, 0.01)).ground


@pytest.mark.parametrize("measured", [by_pose, by_points, by_lines])
def test_an_interval_holds_the_truth_though_the_lens_is_not_quite_known(measured: Measured) -> None:
    heeded, ignored = [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        true = ground_of(POSE, SURE, Lens(ASPECT, -0.15 + rng.normal(0, SD)))
        area = floor_of(true, ZONE, ()).m2
        for sd, off in ((SD, heeded), (0.0, ignored)):
            found = floor_of(measured(true, Lens(ASPECT, -0.15, sd), rng), ZONE, ())
            off.append(abs(found.m2 - area) / max(found.sd_m2, 1e-9))
    held, blind = (float((np.array(off) < 1.645).mean()) for off in (heeded, ignored))
    assert 0.82 <= held <= 0.98
    assert blind < held - 0.1, "the lens's share of the doubt is felt"


def test_a_lens_that_is_known_adds_nothing() -> None:
    ground = ground_of(POSE, Pose(0.1, 0.01, 1.0), Lens(ASPECT, -0.15))
    assert len(ground.bends) == 0
    at = np.array([[0.2, 0.9], [0.9, 0.7]])
    assert ground.metres_on_each(at)[0] == pytest.approx(ground.metres(at))
    assert np.stack([each.metres(at) for each in ground.each]) == pytest.approx(ground.metres_on_each(at))


def test_each_plane_lies_behind_its_own_lens() -> None:
    ground = ground_of(POSE, Pose(0.1, 0.01, 1.0), Lens(ASPECT, -0.15, 0.01))
    at = np.array([[0.2, 0.9], [0.9, 0.7]])
    assert ground.bends[-2:] == pytest.approx([-0.15 + 0.01 * 5**0.5, -0.15 - 0.01 * 5**0.5])
    assert np.stack([each.metres(at) for each in ground.each]) == pytest.approx(ground.metres_on_each(at))


@pytest.mark.parametrize("view", [50.0, 95.0])
def test_a_survey_tells_how_wide_the_camera_sees_though_its_lens_bends(view: float) -> None:
    true = ground_of(Pose(5.0, -0.15, view), SURE, Lens(ASPECT, -0.2))
    rng = np.random.default_rng(3)
    seen = spots(rng, 12)
    marked = seen + rng.normal(0, 0.002, seen.shape) / [ASPECT, 1]
    found = survey(marked, true.metres(seen), Lens(ASPECT), Precision(0.002, 0.02)).ground
    told = view_deg(found)
    assert told is not None
    assert told[0] == pytest.approx(view, rel=0.05)
    assert told[1] < 4
