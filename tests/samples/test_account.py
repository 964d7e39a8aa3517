import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.samples import render
from edge.samples.account import account, crossed, inside
from edge.values.fact import Direction
from edge.values.truth import TrueFrame, TrueObject, Truth
from tests.fakes.samples import small_scene, walker

units = st.floats(0, 1).map(lambda v: round(v, 4))
points = st.tuples(units, units)
ZONE = ((0.3, 0.2), (0.7, 0.2), (0.7, 0.8), (0.3, 0.8))
LINE = ((0.5, 0.9), (0.5, 0.1))


def frames_of(path: list[tuple[float, float]]) -> list[TrueFrame]:
    """One person whose feet stand at these points, one per frame, at 10 fps."""
    box = (0.0, 0.0, 1.0, 1.0)
    return [
        TrueFrame(i, i / 10, (TrueObject(1, "person", (0.0, 0.0), feet, box, box, 1.0),))
        for i, feet in enumerate(path)
    ]


def told(path: list[tuple[float, float]], line: tuple[tuple[float, float], ...] = LINE) -> Truth:
    scene = small_scene(zones={"zone": ZONE}, lines={"line": line}, fps=10.0)
    return account(scene, {1: "person"}, frames_of(path))


def test_upwards_line_crossed_to_the_right_is_forward() -> None:
    (crossing,) = told([(0.4, 0.5), (0.6, 0.5)]).crossings
    assert (crossing.time_s, crossing.direction) == (0.05, Direction.FORWARD)
    (back,) = told([(0.6, 0.5), (0.4, 0.5)]).crossings
    assert back.direction is Direction.BACKWARD


def test_passing_beside_the_line_is_no_crossing() -> None:
    assert told([(0.4, 0.95), (0.6, 0.95)]).crossings == ()


@given(st.lists(points, min_size=2, max_size=12))
@settings(max_examples=100, deadline=None)
def test_reversing_the_line_reverses_every_direction(path: list[tuple[float, float]]) -> None:
    there, back = told(path).crossings, told(path, LINE[::-1]).crossings
    on_the_line = any(abs(u - 0.5) < 1e-9 for u, _ in path)
    if on_the_line:
        return
    assert [c.time_s for c in there] == [c.time_s for c in back]
    assert all(a.direction is not b.direction for a, b in zip(there, back, strict=True))


@given(st.lists(points, min_size=2, max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_line_across_the_picture_is_crossed_alternately(path: list[tuple[float, float]]) -> None:
    whole = ((0.5, 2.0), (0.5, -1.0))
    ways = [c.direction for c in told(path, whole).crossings]
    assert all(a is not b for a, b in itertools.pairwise(ways))
    assert (len(ways) % 2 == 1) == ((path[0][0] >= 0.5) != (path[-1][0] >= 0.5))


@given(st.lists(points, min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_counts_and_visits_are_the_membership_of_feet(path: list[tuple[float, float]]) -> None:
    truth = told(path)
    member = [0.3 <= u < 0.7 and 0.2 <= v < 0.8 for u, v in path]
    on_the_edge = any(u in (0.3, 0.7) or v in (0.2, 0.8) for u, v in path)
    if on_the_edge:
        return
    assert list(truth.counts["zone"]) == [int(m) for m in member]
    seconds = [0.0] * len(path)
    for visit in truth.visits:
        for i, frame in enumerate(truth.frames):
            if visit.entered_s <= frame.pts_s and (visit.left_s is None or frame.pts_s < visit.left_s):
                seconds[i] = 1.0
    assert [bool(s) for s in seconds] == member


@given(points, points)
@settings(max_examples=60, deadline=None)
def test_one_step_crosses_a_line_at_most_once(
    before: tuple[float, float], after: tuple[float, float]
) -> None:
    found = crossed(before, after, *LINE)
    if found is not None:
        share, _ = found
        assert 0 <= share <= 1
        assert abs(before[0] + share * (after[0] - before[0]) - 0.5) < 1e-9


def test_a_hole_between_two_arms_is_outside() -> None:
    horseshoe = (
        (0.1, 0.1),
        (0.9, 0.1),
        (0.9, 0.9),
        (0.6, 0.9),
        (0.6, 0.4),
        (0.4, 0.4),
        (0.4, 0.9),
        (0.1, 0.9),
    )
    assert inside((0.2, 0.8), horseshoe)
    assert not inside((0.5, 0.8), horseshoe)


def test_a_walk_through_a_rendered_scene_is_accounted_for() -> None:
    scene = small_scene(
        walker((-4, 12), (4, 12), speed_mps=2.0),
        seconds=4.0,
        fps=10.0,
        zones={"zone": ZONE},
        lines={"line": LINE},
    )
    frames = [frame for _, frame in render(scene, 1)]
    truth = account(scene, {1: "person"}, frames)
    (crossing,) = truth.crossings
    assert crossing.direction is Direction.FORWARD
    assert np.isclose(crossing.time_s, 2.0, atol=0.03)  # the camera looks along x = 0, half-way
    (visit,) = truth.visits
    assert visit.entered_s < crossing.time_s < (visit.left_s or 99)
    assert sum(truth.counts["zone"]) == round(((visit.left_s or 99) - visit.entered_s) * 10)
