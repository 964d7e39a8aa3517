"""The motion gate spares work and loses nothing: every event of the ungated run is there with it too."""

from datetime import datetime
from typing import Any

import pytest

from tests.fakes.replays import data_of, played

CAMERAS = ("plaza", "street", "gate", "night", "calm")
WITHIN_S = 1.0


def beginnings(camera: str, gated: bool) -> list[tuple[str, str, str | None, float]]:
    """Rule, place, direction and begin of every event, seconds since the epoch."""
    lines, _, _ = played(camera, gated)
    first: dict[str, dict[str, Any]] = {}
    for data in data_of(lines):
        first.setdefault(data["event_id"], data)
    return [
        (d["rule"], d["place"]["id"], d.get("direction"), datetime.fromisoformat(d["started"]).timestamp())
        for d in first.values()
    ]


@pytest.mark.parametrize("camera", CAMERAS)
def test_no_event_is_lost(camera: str) -> None:
    left = beginnings(camera, gated=True)
    for *what, at in beginnings(camera, gated=False):
        near = [e for e in left if list(e[:3]) == what and abs(e[3] - at) <= WITHIN_S]
        assert near, f"{what} at {at % 3600:.1f} s was lost"
        left.remove(near[0])


def test_on_a_calm_street_the_gate_closes_though_somebody_stands_there_and_somebody_far_strolls() -> None:
    lines, frames, still = played("calm")
    told = {(d["rule"], d["place"]["id"]) for d in data_of(lines)}
    assert told >= {("stay", "pavement"), ("people", "watch"), ("people", "far-off"), ("entry", "far")}
    assert still / frames > 0.15


def test_an_empty_street_costs_little() -> None:
    _, frames, still = played("night")
    assert still / frames > 0.5
