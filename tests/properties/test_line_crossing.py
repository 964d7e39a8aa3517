"""Laws of line crossings: what holds for any line and any walk."""

from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edge.scene.crossing import AROUND, PAST_END
from edge.scene.segments import Segments
from edge.scene.spec import LineSpec, SceneSpec
from edge.values.fact import Direction, LineCrossed
from tests.fakes.stage import LABELS, Actor, Stage

coordinate = st.integers(1, 19).map(lambda k: k / 20)  # coarse, so that exact hits are common
point = st.tuples(coordinate, coordinate)
walk = st.lists(point, min_size=2, max_size=12)
HEIGHT = 0.04


@st.composite
def lines(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    points = tuple(draw(st.lists(point, min_size=2, max_size=4)))
    try:
        LineSpec("l", points)
    except ValueError:
        assume(False)
    return points


def crossings(points: tuple, path: list, rest_s: float = 0.0, margin: float = 0.0) -> list[Direction]:
    spec = SceneSpec(LABELS, lines=(LineSpec("l", points),), crossing_rest_s=rest_s, margin=margin)
    stage = Stage(spec)
    for x, y in path:
        stage.shows(Actor(1, x, y, height=HEIGHT))
    stage.empties(1.4)
    return [fact.direction for fact in stage.facts if isinstance(fact, LineCrossed)]


def clear_of_ends(points: tuple, path: list) -> bool:
    """Whether no look is so near to an end that it decides whether a pass beside it counts."""
    ends = np.array([points[0], points[-1]])
    gaps = np.linalg.norm(np.array(path)[:, None] - ends, axis=2)
    return bool(gaps.min() > AROUND * PAST_END * HEIGHT)


def net(found: list[Direction]) -> int:
    return found.count(Direction.FORWARD) - found.count(Direction.BACKWARD)


def other(way: Direction) -> Direction:
    return Direction.BACKWARD if way is Direction.FORWARD else Direction.FORWARD


@given(lines(), walk)
@settings(max_examples=60, deadline=None)
def test_the_way_back_crosses_as_often_the_other_way(points: tuple, path: list) -> None:
    assume(clear_of_ends(points, path))
    there, back = crossings(points, path), crossings(points, path[::-1])
    assert [other(way) for way in back[::-1]] == there


@given(lines(), walk)
@settings(max_examples=60, deadline=None)
def test_the_line_drawn_the_other_way_swaps_directions(points: tuple, path: list) -> None:
    assert [other(way) for way in crossings(points[::-1], path)] == crossings(points, path)


@given(lines(), walk, st.floats(0, 2), st.floats(0, 0.5))
@settings(max_examples=60, deadline=None)
def test_rest_and_margin_never_change_the_balance(
    points: tuple, path: list, rest_s: float, margin: float
) -> None:
    plain, calm = crossings(points, path), crossings(points, path, rest_s, margin)
    assert net(plain) == net(calm)
    assert len(calm) <= len(plain)


@given(lines(), walk)
@settings(max_examples=60, deadline=None)
def test_more_frames_on_the_same_way_change_nothing(points: tuple, path: list) -> None:
    steps = Segments(np.array(path[:-1]), np.array(path[1:]))
    assume(steps.squared_distance(np.array([points[0], points[-1]])).min() > 1e-8)  # no way just past an end
    finer = [
        (ax + (bx - ax) * k / 7, ay + (by - ay) * k / 7)
        for (ax, ay), (bx, by) in pairwise(path)
        for k in range(7)
    ] + path[-1:]
    assume(clear_of_ends(points, finer))
    assert net(crossings(points, finer)) == net(crossings(points, path))


@given(point, point, point, point)
@settings(max_examples=60, deadline=None)
def test_a_step_over_a_segment_is_what_algebra_says(a: tuple, b: tuple, p: tuple, q: tuple) -> None:
    """Away from touching cases, against the solution of the two line equations."""
    matrix = np.array([[q[0] - p[0], a[0] - b[0]], [q[1] - p[1], a[1] - b[1]]])
    assume(abs(np.linalg.det(matrix)) > 1e-6)
    t, u = np.linalg.solve(matrix, np.array(a) - np.array(p))
    assume(min(abs(t), abs(1 - t), abs(u), abs(1 - u)) > 1e-6)
    got = Segments(np.array([a]), np.array([b])).crossings(np.array([p]), np.array([q]))[0, 0]
    assert bool(got) == (0 < t < 1 and 0 < u < 1)
    if got:
        assert got == np.sign((b[0] - a[0]) * (q[1] - a[1]) - (b[1] - a[1]) * (q[0] - a[0]))


@given(st.lists(st.floats(0.2, 0.8), min_size=1, max_size=30), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_full_width_line_counts_the_sides_that_the_walk_ends_on(ys: list[float], far: bool) -> None:
    line = ((0.01, 0.5), (0.99, 0.5))
    path = [(0.5, 0.1), *((0.5, y) for y in ys), (0.5, 0.9 if far else 0.1)]
    assert net(crossings(line, path)) == int(far)
