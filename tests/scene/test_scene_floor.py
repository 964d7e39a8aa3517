"""Zones on measured ground: how much floor, and how unsure the number of people at its border is."""

import numpy as np
import pytest

from edge.ground.surveyed import Precision, survey
from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.values.crowd import Heads
from edge.values.fact import Fact, LinesWatched, Moving, Occupancy, ZoneLeft
from tests.fakes.stage import LABELS, Actor, Stage
from tests.ground.street import CAMERA, LENS, ZONE, true_area

SEEN = np.array([[0.2, 0.9], [0.85, 0.92], [0.75, 0.4], [0.25, 0.42]])
GROUND = survey(SEEN, CAMERA.ground_at(SEEN), LENS, Precision()).ground
YARD = ZoneSpec("yard", ((0.4, 0.4), (0.8, 0.4), (0.8, 0.9), (0.4, 0.9)))


def occupancy(spec: SceneSpec, *actors: Actor) -> Occupancy:
    stage = Stage(spec)
    stage.shows(*actors)
    return [fact for fact in stage.facts if isinstance(fact, Occupancy)][-1]


def test_an_occupancy_says_on_how_much_floor() -> None:
    spec = SceneSpec(LABELS, (ZoneSpec("meeting", ZONE),), ground=GROUND)
    floor = occupancy(spec).floor
    assert floor is not None
    assert floor.m2 == pytest.approx(true_area(ZONE), rel=0.02)
    assert 0 < floor.sd_m2 < 0.1 * floor.m2


def test_a_camera_that_was_turned_measures_nothing_until_it_is_turned_back() -> None:
    line = LineSpec("gate", ((0.3, 0.8), (0.7, 0.8)))
    stage = Stage(SceneSpec(LABELS, (YARD,), (line,), ground=GROUND))
    measured = []
    for holds in (True, False, True):
        stage.scene.ground_holds = holds
        stage.facts.clear()
        stage.shows(Actor(1, 0.6, 0.6))
        there = [fact for fact in stage.facts if isinstance(fact, Occupancy)][-1]
        assert [who.track for who in there.who] == [1], "who is there is still seen"
        watched = any(isinstance(fact, LinesWatched) for fact in stage.facts)
        measured.append((there.floor is not None, bool(there.heads), watched))
    assert measured == [(True,) * 3, (False,) * 3, (True,) * 3]


def test_without_measured_ground_there_is_no_floor_and_no_blur() -> None:
    seen = occupancy(SceneSpec(LABELS, (YARD,)), Actor(1, 0.41, 0.6))
    assert (seen.floor, seen.heads) == (None, {})


def test_who_stands_on_the_border_blurs_the_number_and_who_stands_inside_does_not() -> None:
    spec = SceneSpec(LABELS, (YARD,), ground=GROUND)
    inside, border = occupancy(spec, Actor(1, 0.6, 0.6)), occupancy(spec, Actor(1, 0.4, 0.6))
    assert inside.heads["person"].mean == pytest.approx(1.0, abs=1e-3)
    assert inside.heads["person"].variance < 1e-3
    assert border.heads["person"].mean == pytest.approx(0.5, abs=0.1)
    assert border.heads["person"].variance == pytest.approx(0.25, abs=0.03)
    assert border.heads["car"] == Heads(0.0, 0.0)


def test_a_zone_with_less_floor_than_one_person_needs_is_refused() -> None:
    sliver = ZoneSpec("kerb", ((0.5, 0.9), (0.52, 0.9), (0.52, 0.92), (0.5, 0.92)))
    with pytest.raises(ValueError, match=r"zone 'kerb' wants at least 0.25 m² of floor, got 0.0"):
        Scene(SceneSpec(LABELS, (sliver,), ground=GROUND))


def test_a_line_on_measured_ground_says_how_long_it_is() -> None:
    line = LineSpec("gate", ((0.3, 0.7), (0.7, 0.7)))
    stage = Stage(SceneSpec(LABELS, lines=(line,), ground=GROUND))
    stage.shows(Actor(1, 0.5, 0.6))
    (watched,) = [fact for fact in stage.facts if isinstance(fact, LinesWatched)]
    a, b = CAMERA.ground_at(line.points)
    assert watched.widths["gate"].m == pytest.approx(float(np.hypot(*(b - a))), rel=0.03)
    bare = Stage(SceneSpec(LABELS, lines=(line,)))
    bare.shows(Actor(1, 0.5, 0.6))
    assert not [fact for fact in bare.facts if isinstance(fact, LinesWatched)]


def test_what_is_told_of_somebody_does_not_depend_on_who_else_is_seen_now_and_then() -> None:
    """They walk, stand while the picture does, and walk on, at last through a zone in one step."""
    spec = SceneSpec(
        LABELS, (ZoneSpec("strip", ((0.58, 0.4), (0.62, 0.4), (0.62, 0.9), (0.58, 0.9))),), ground=GROUND
    )
    told = []
    for beside in (False, True):
        stage = Stage(spec)
        for k in range(24):
            if 12 <= k < 16:
                stage.holds()
                continue
            at = 0.35 + 0.01 * k if k < 23 else 0.7
            other = Actor(2, 0.9, 0.9, seen=k % 2 == 0)
            stage.shows(Actor(1, at, 0.6), *([other] if beside else []))
        moving = [fact.everyone for fact in stage.facts if isinstance(fact, Moving) and len(fact.everyone)]
        first = np.array([[*each.at_m[0], *each.speed_mps[0], each.noise_mps[0]] for each in moving])
        told.append((first, [fact.stayed_s for fact in stage.facts if isinstance(fact, ZoneLeft)]))
    (alone, stayed_s), (in_company, also_s) = told
    assert len(alone) > 10 and stayed_s
    assert in_company == pytest.approx(alone, rel=1e-9)
    assert also_s == pytest.approx(stayed_s, rel=1e-9)


def test_what_was_told_of_a_moment_stays_what_it_was_however_late_somebody_asks() -> None:
    asked_at_once: list[object] = []
    for late in (False, True):
        stage, told = Stage(SceneSpec(LABELS, (YARD,), ground=GROUND)), []
        for k in range(12):
            stage.shows(Actor(1, 0.42 + 0.02 * k, 0.6), Actor(2, 0.6, 0.7, seen=k % 2 == 0))
            told += [] if late else numbers(stage.facts[-2:])
        if late:
            assert [n for k in range(1, 24, 2) for n in numbers(last_of(stage, k))] == asked_at_once
        asked_at_once = told


def last_of(stage: Stage, k: int) -> list[Fact]:
    """A moment's `Moving`, and its `Occupancy` of the yard, by number."""
    standing = [fact for fact in stage.facts if isinstance(fact, (Moving, Occupancy))]
    return standing[k - 1 : k + 1]


def numbers(facts: list[Fact]) -> list[object]:
    """What they say, in words."""
    (moving, there) = facts
    assert isinstance(moving, Moving) and isinstance(there, Occupancy)
    found = moving.walks("yard")
    assert found is not None
    return [dict(there.heads), found.at_m.tolist(), found.speed_mps.tolist(), found.ids.tolist()]
