"""A replay tells how the camera of its clip is doing, as a box would, and the same every time."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

from edge.cli import app
from edge.config.load import load
from edge.privacy.allowed import CAMERA_STATE
from edge.run.wiring import watching
from edge.run.wiring.placing import view_of
from edge.values.errors import ConfigError
from tests.fakes.blobs import blob_folder
from tests.fakes.clips import Picture, clip

FPS = 5
SITE = """
node: a
region: north
broker: embedded
data_dir: ./data
detector: {model: ./blobs}
cameras:
  - id: yard
    source: clip.mp4
    ground: {pose: {height_m: 6, horizon: -0.3, view_deg: 60}}
    zones: [{id: stage, polygon: [[0.2, 0.95], [0.8, 0.95], [0.75, 0.45], [0.25, 0.45]]}]
rules:
  - {id: people, when: occupancy, at_least: 1}
"""


def yard(index: int) -> Picture:
    """A yard with things that stand there, seen from where the camera was put; nothing is quite still."""
    picture = np.full((192, 256, 3), 110, np.uint8)
    draw = np.random.default_rng(7)
    for _ in range(40):
        x, y = int(draw.integers(0, 236)), int(draw.integers(0, 176))
        picture[y : y + int(draw.integers(6, 30)), x : x + int(draw.integers(6, 30))] = draw.integers(
            0, 255, 3
        )
    picture[2:10, 2 + index % 200 : 12 + index % 200] = 250
    return picture


def dark(index: int) -> Picture:
    return yard(index) // 60


def turned(index: int) -> Picture:
    return np.ascontiguousarray(np.roll(yard(index), 16, axis=1))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    blob_folder(tmp_path / "blobs")
    (tmp_path / "data").mkdir()
    (tmp_path / "site.yaml").write_text(SITE)
    return tmp_path / "site.yaml"


def replay(site: Path, *options: str) -> Result:
    clip = str(site.with_name("clip.mp4"))
    return CliRunner().invoke(app, ["replay", clip, "--config", str(site), *options])


def replayed(site: Path, *options: str) -> list[dict[str, object]]:
    out = site.with_name("out.jsonl")
    done = replay(site, "--events", str(out), *options)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in out.read_text().splitlines()]


def states(told: list[dict[str, object]]) -> list[tuple[str, str]]:
    data = [each["data"] for each in told if each["type"] == CAMERA_STATE]
    return [(each["state"], each["reason"]) for each in data if isinstance(each, dict)]


def film(site: Path, seconds: int, picture: Callable[[int], Picture]) -> None:
    clip(site.with_name("clip.mp4"), seconds * FPS, fps=FPS, size=(256, 192), draw=picture)


def test_a_clip_that_gets_dark_says_when_and_the_same_bytes_again(site: Path) -> None:
    film(site, 16, lambda index: dark(index) if 4 * FPS <= index < 11 * FPS else yard(index))
    told = replayed(site)
    assert states(told) == [
        ("ok", "none"),
        ("black", "dark-picture"),
        ("ok", "none"),
        ("ended", "end-of-file"),
    ]
    black = next(each["data"] for each in told if "dark-picture" in str(each))
    assert isinstance(black, dict)
    assert black["utc"] >= "2026-01-01T12:00:08"
    assert [each["sequence"] for each in told] == sorted(str(each["sequence"]) for each in told)
    assert replayed(site) == told


def test_a_camera_that_was_turned_before_the_clip_began_is_told_with_the_kept_landmarks(site: Path) -> None:
    film(site, 150, yard)
    node = load(site)
    view, keep = view_of(node.data_dir, "yard", node.cameras[0].ground)
    box = watching.replay_of(node, node.cameras[0], site.with_name("clip.mp4"), 0)
    while (frame := box.source.read()) is not None:
        view.look(frame)
        keep(view)
    film(site, 20, turned)
    assert ("impaired", "moved-picture") not in states(replayed(site))
    assert ("impaired", "moved-picture") in states(replayed(site, "--landmarks"))


def test_landmarks_that_nobody_kept_are_asked_for_in_vain_and_that_is_said(site: Path) -> None:
    film(site, 1, yard)
    refused = replay(site, "--landmarks")
    assert isinstance(refused.exception, ConfigError)
    assert "data/landmarks/yard." in str(refused.exception)
