"""The motion gate spares work and loses nothing: every event of the ungated run is there with it too."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from edge.samples.clip import film
from edge.samples.scene_file import load_scene
from tests.fakes.replays import CLIPS, START_NS, data_of, played

NIGHT, CALM = pytest.mark.xdist_group("night"), pytest.mark.xdist_group("calm")  # each is played once
CAMERAS = ("plaza", "street", "gate", pytest.param("night", marks=NIGHT), pytest.param("calm", marks=CALM))
WITHIN_S = 1.0

Beginning = tuple[str, str, str | None, float]


@pytest.fixture(scope="module")
def seen_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The calm street as another seed casts it: one who stands there is found as two, one on the border."""
    scene, seed = load_scene(CLIPS / "scenes" / "calm.yaml", seed=5)
    clip = tmp_path_factory.mktemp("calm") / "calm.mp4"
    film(replace(scene, seconds=20.0), seed, clip)
    return clip


def beginnings(camera: str, gated: bool, clip: Path | None) -> list[Beginning]:
    """Rule, place, direction and begin of every event, seconds since the epoch."""
    lines, _, _ = played(camera, gated, clip)
    first: dict[str, dict[str, Any]] = {}
    for data in data_of(lines):
        first.setdefault(data["event_id"], data)
    return [
        (d["rule"], d["place"]["id"], d.get("direction"), datetime.fromisoformat(d["started"]).timestamp())
        for d in first.values()
    ]


class Told(NamedTuple):
    """What of the truth was told, and which entries and crossings were told beside it."""

    true: list[Beginning]
    made_up: list[Beginning]


def told_of(true: list[Beginning], told: list[Beginning]) -> Told:
    left = [(*what, at - START_NS / 1e9) for *what, at in told if what[0] in ("entry", "people")]
    found = []
    for *what, at in true:
        near = [e for e in left if list(e[:3]) == what and abs(e[3] - at) <= WITHIN_S]
        if near:
            left.remove(near[0])
            found.append((*what, at))
    return Told(found, left)


def nothing_is_lost(camera: str, clip: Path | None = None) -> None:
    left = beginnings(camera, True, clip)
    for *what, at in beginnings(camera, False, clip):
        near = [e for e in left if list(e[:3]) == what and abs(e[3] - at) <= WITHIN_S]
        assert near, f"{what} at {at % 3600:.1f} s was lost"
        left.remove(near[0])


@pytest.mark.parametrize("camera", CAMERAS)
def test_no_event_is_lost(camera: str) -> None:
    nothing_is_lost(camera)


def test_no_event_is_lost_where_one_who_stands_on_a_border_is_found_as_two(seen_twice: Path) -> None:
    nothing_is_lost("calm", seen_twice)


def test_what_only_the_ungated_run_makes_up_is_no_loss(tmp_path: Path) -> None:
    """One who stands half behind something is found half, whole, and for a moment as two: a visit more.

    The gate is closed at that moment. What is true is told with it as without it.
    """
    scene, seed = load_scene(CLIPS / "scenes" / "calm.yaml", seed=2)
    clip = tmp_path / "calm.mp4"
    truth = film(replace(scene, seconds=18.0), seed, clip)
    true = [("entry", visit.zone, None, visit.entered_s) for visit in truth.visits]
    true += [("people", each.line, each.direction.value, each.time_s) for each in truth.crossings]
    gated, ungated = (told_of(true, beginnings("calm", gate, clip)) for gate in (True, False))
    assert set(gated.true) == set(ungated.true) == set(true)
    assert len(gated.made_up) <= len(ungated.made_up)


@CALM
def test_on_a_calm_street_the_gate_closes_though_somebody_stands_there_and_somebody_far_strolls() -> None:
    lines, frames, still = played("calm")
    told = {(d["rule"], d["place"]["id"]) for d in data_of(lines)}
    assert told >= {("stay", "pavement"), ("people", "watch"), ("people", "far-off"), ("entry", "far")}
    assert still / frames > 0.15


@NIGHT
def test_an_empty_street_costs_little() -> None:
    _, frames, still = played("night")
    assert still / frames > 0.5
