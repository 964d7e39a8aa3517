"""Laws of depth in polygons and of zone facts, for any zone and any walk."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edge.scene.border import borders
from edge.scene.polygons import Polygons
from edge.scene.segments import Segments
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.values.fact import Occupancy, ZoneEntered, ZoneLeft
from tests.fakes.stage import LABELS, Actor, Stage

coordinate = st.integers(50, 950).map(lambda k: k / 1000)
point = st.tuples(coordinate, coordinate)
ring = st.lists(
    st.tuples(st.integers(0, 359), st.floats(0.2, 1.0)), min_size=3, max_size=9, unique_by=lambda p: p[0]
)
aspect = st.sampled_from([1.0, 4 / 3, 16 / 9, 9 / 16])


@st.composite
def stars(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """A simple polygon, star-shaped around the middle of the picture."""
    rays = sorted(draw(ring))
    turns = np.diff([*(degrees for degrees, _ in rays), rays[0][0] + 360])
    assume(turns.max() < 180)
    angles = np.radians([degrees for degrees, _ in rays])
    reach = 0.35 * np.array([share for _, share in rays])
    corners = np.stack([0.5 + reach * np.cos(angles), 0.5 + reach * np.sin(angles)], axis=1)
    return tuple((float(x), float(y)) for x, y in corners)


def depth(polygon: tuple[tuple[float, float], ...], at: tuple[float, float], shape: float = 1.0) -> float:
    return float(Polygons([polygon], shape).depth(np.array([at]) * (shape, 1.0))[0, 0])


def winding(polygon: tuple[tuple[float, float], ...], at: tuple[float, float]) -> bool:
    """Inside by the angle sum: slow, and made otherwise than what it checks."""
    rays = np.array(polygon) - at
    angles = np.arctan2(rays[:, 1], rays[:, 0])
    turns = (np.roll(angles, -1) - angles + np.pi) % (2 * np.pi) - np.pi
    return bool(abs(turns.sum()) > np.pi)


@given(stars(), point)
@settings(max_examples=60, deadline=None)
def test_inside_agrees_with_the_angle_sum(polygon: tuple, at: tuple[float, float]) -> None:
    assume(abs(depth(polygon, at)) > 1e-9)
    assert (depth(polygon, at) > 0) is winding(polygon, at)


@given(stars(), point, st.integers(0, 8), aspect)
@settings(max_examples=60, deadline=None)
def test_depth_does_not_depend_on_the_order_of_vertices(
    polygon: tuple, at: tuple[float, float], first: int, shape: float
) -> None:
    k = first % len(polygon)
    wanted = depth(polygon, at, shape)
    assert abs(depth(polygon[::-1], at, shape) - wanted) < 1e-12
    assert abs(depth(polygon[k:] + polygon[:k], at, shape) - wanted) < 1e-12


@given(stars(), point, st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
@settings(max_examples=60, deadline=None)
def test_depth_moves_with_the_picture(polygon: tuple, at: tuple[float, float], dx: float, dy: float) -> None:
    moved = tuple((x + dx, y + dy) for x, y in polygon)
    assume(abs(depth(polygon, at)) > 1e-9)
    assert abs(depth(moved, (at[0] + dx, at[1] + dy)) - depth(polygon, at)) < 1e-9


@given(stars(), point, point)
@settings(max_examples=60, deadline=None)
def test_depth_changes_no_faster_than_one_walks(polygon: tuple, p: tuple, q: tuple) -> None:
    assert abs(depth(polygon, p) - depth(polygon, q)) <= np.hypot(p[0] - q[0], p[1] - q[1]) + 1e-9


@given(st.lists(stars(), min_size=1, max_size=4), st.lists(point, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_many_polygons_at_once_give_what_each_gives_alone(polygons: list, points: list) -> None:
    together = Polygons(polygons, 1.0).depth(np.array(points))
    alone = [[depth(polygon, at) for polygon in polygons] for at in points]
    assert np.allclose(together, alone, atol=1e-12)


@given(st.lists(stars(), min_size=1, max_size=4), st.lists(point, min_size=1, max_size=5), st.floats(0, 0.3))
@settings(max_examples=60, deadline=None)
def test_depth_is_the_same_near_a_polygon_and_no_less_outside_further_off(
    polygons: list, points: list, near: float
) -> None:
    drawn, at = Polygons(polygons, 1.5), np.array(points) * [1.5, 1.0]
    wanted, got = drawn.depth(at), drawn.depth_near(at, np.full(len(at), near))
    far = got != wanted
    assert (wanted[far] <= got[far] + 1e-8).all() and (got[far] <= -near).all()
    assert (got[wanted > -near] == wanted[wanted > -near]).all()


@given(stars(), point, point)
@settings(max_examples=60, deadline=None)
def test_single_points_and_steps_get_what_many_get(polygon: tuple, p: tuple, q: tuple) -> None:
    ring = np.array(polygon)
    sides = ring, np.roll(ring, -1, axis=0)
    (border,) = borders(*sides, [0], np.zeros(len(ring)))
    assert border.depth(*p) == depth(polygon, p)
    segments = Segments(*sides)
    assert border.passed(*p, *q) == segments.crossings(np.array([p]), np.array([q])).sum()
    assert border.gap2(*p) == segments.squared_distance(np.array([p])).min()


@given(stars(), point, point)
@settings(max_examples=60, deadline=None)
def test_a_step_through_a_zone_is_as_long_inside_as_many_small_ones(
    polygon: tuple, p: tuple, q: tuple
) -> None:
    zone, start, end = Polygons([polygon], 1.0), np.array(p), np.array(q)
    shares = (np.arange(2000) + 0.5) / 2000
    inside = zone.depth(start + shares[:, None] * (end - start))[:, 0]
    share = zone.chord(start, end, 0, 0.0)
    assert abs(share - (inside > 0).mean()) < 0.01


sight = st.tuples(coordinate, coordinate, st.booleans(), st.booleans())  # x, y, seen, confirmed
story = st.lists(st.dictionaries(st.integers(1, 4), sight, max_size=4), max_size=25)


@given(st.lists(stars(), min_size=1, max_size=3), story)
@settings(max_examples=60, deadline=None)
def test_who_is_in_a_zone_is_who_entered_and_did_not_leave(polygons: list, frames: list) -> None:
    zones = tuple(ZoneSpec(f"z{k}", polygon) for k, polygon in enumerate(polygons))
    stage, inside = Stage(SceneSpec(LABELS, zones=zones)), {zone.id: 0 for zone in zones}
    for frame in [*frames, *[{}] * 8]:
        begun = len(stage.facts)
        stage.shows(*(Actor(i, x, y, seen=s, confirmed=c) for i, (x, y, s, c) in frame.items()))
        facts = stage.facts[begun:]
        for fact in facts:
            if isinstance(fact, ZoneEntered | ZoneLeft):
                inside[fact.zone] += 1 if isinstance(fact, ZoneEntered) else -1
        told = [fact for fact in facts if isinstance(fact, Occupancy)]
        assert {f.zone: len(f.who) for f in told} == inside
        assert all(len(f.dwell_s) == len(f.who) and min(f.dwell_s, default=0) >= 0 for f in told)
    assert not any(inside.values())
    assert len(stage.scene._objects) == 0
