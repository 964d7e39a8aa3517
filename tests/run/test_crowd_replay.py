"""A crowd that no detector can part is counted by its density map, from the clip to the message."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from edge.adapters.model_folder import save_card
from edge.adapters.onnx_self_test import write_head_count
from edge.cli import app
from edge.config.load import load
from edge.messages.line import readable
from edge.messages.parse import parse
from edge.run.replay import Stamp
from edge.run.wiring import watching
from edge.values.errors import ConfigError, ModelError
from tests.fakes.blobs import blob_folder
from tests.fakes.clips import Picture, clip
from tests.fakes.counters import counting_model, white_counter

FPS, SECONDS, COMES_S = 5, 30, 8
START_NS = 1_767_268_800_000_000_000
SITE = """
node: a
region: north
broker: embedded
detector: {model: ./blobs}
cameras:
  - id: square
    source: clip.mp4
    ground: {pose: {height_m: 6, horizon: -0.3, view_deg: 60}}
    zones: [{id: stage, polygon: [[0.2, 0.95], [0.8, 0.95], [0.75, 0.45], [0.25, 0.45]]}]
    density: {model: ./tiny-crowd, every_s: 4}
rules:
  - {id: crush, when: density, at_least: 0.6, for_s: 2, table: standing, severity: severe}
"""


def square(index: int) -> Picture:
    """An empty square that fills with white people after some seconds, and a red one that always walks."""
    picture = np.full((192, 256, 3), 110, np.uint8)
    if index >= COMES_S * FPS:
        for x in range(70, 190, 10):
            for y in range(60, 150, 18):
                picture[y : y + 16, x : x + 4] = 255
    x = index % 200
    picture[150:185, x : x + 14] = (230, 30, 30)
    return picture


@pytest.fixture
def site(tmp_path: Path) -> Path:
    blob_folder(tmp_path / "blobs")
    model = counting_model(white_counter(16.0))
    folder = tmp_path / "tiny-crowd"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(model.weights)
    save_card(folder, model.card)
    _, png = cv2.imencode(".png", square(FPS * SECONDS)[:, :, ::-1])
    write_head_count(folder, png.tobytes())
    clip(tmp_path / "clip.mp4", FPS * SECONDS, fps=FPS, size=(256, 192), draw=square)
    path = tmp_path / "site.yaml"
    path.write_text(SITE)
    return path


def played(site: Path) -> list[bytes]:
    node = load(site)
    camera = node.cameras[0]
    replay = watching.replay_of(node, camera, Path(camera.detect.url), START_NS)
    stamp, lines = Stamp(), list[bytes]()
    for look in replay.looks():
        lines.extend(stamp.lines(look.step.messages))
    lines.extend(stamp.lines(replay.farewell()))
    return lines


def test_a_dense_crowd_raises_a_density_event_that_says_what_counted_it(site: Path) -> None:
    lines = played(site)
    start = json.loads(lines[0])["data"]
    assert (start["kind"], start["phase"], start["severity"]) == ("density", "start", "severe")
    crowd = start["crowd"]
    assert crowd["basis"] in ("map", "both")
    assert crowd["map"]["people"] == pytest.approx(60, rel=0.2)
    assert crowd["map"]["error"] == 0.3 and crowd["map"]["age_s"] <= 4.0
    assert crowd["map"]["model"]["name"] == "tiny-crowd"
    assert crowd["low"] <= crowd["map"]["people"] / crowd["area_m2"] <= crowd["high"]
    message = parse(start_topic(start), lines[0])
    assert "about" in str(readable(message)) and "density map" in str(readable(message))


def start_topic(data: dict[str, object]) -> str:
    return f"safecity/v1/{data['region']}/{data['node']}/event/{data['camera']}/{data['kind']}"


def test_the_same_clip_gives_the_same_bytes(site: Path) -> None:
    assert played(site) == played(site)


def test_without_the_map_the_crowd_is_not_noticed(site: Path) -> None:
    site.write_text(SITE.replace("    density: {model: ./tiny-crowd, every_s: 4}\n", ""))
    assert played(site) == []


def test_a_model_that_was_changed_is_refused(site: Path) -> None:
    weights = site.parent / "tiny-crowd" / "model.onnx"
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="SHA-256"):
        played(site)


def test_a_detector_named_as_a_density_model_is_refused_with_the_remedy(site: Path) -> None:
    shutil.rmtree(site.parent / "tiny-crowd")
    shutil.copytree(site.parent / "blobs", site.parent / "tiny-crowd")
    with pytest.raises(ModelError, match=r"name it as detector\.model"):
        played(site)


def test_weights_that_are_not_listed_may_not_count(site: Path) -> None:
    blobs = json.dumps(load_digest(site.parent / "blobs"))
    site.write_text(SITE.replace("{model: ./blobs}", f"{{model: ./blobs, allow: [{blobs}]}}"))
    with pytest.raises(ModelError, match=r"capability\.allow-list"):
        played(site)


def fenced(index: int) -> Picture:
    """A white fence where people would stand, and from some time on somebody who walks before it."""
    picture = np.full((192, 256, 3), 110, np.uint8)
    for x in range(70, 190, 10):
        picture[60:140, x : x + 4] = 255
    if index >= COMES_S * FPS:
        x = index % 200
        picture[150:185, x : x + 14] = (230, 30, 30)
    return picture


def test_a_fence_that_a_map_takes_for_a_crowd_is_known_from_the_empty_place(site: Path) -> None:
    clip(site.parent / "clip.mp4", FPS * SECONDS, fps=FPS, size=(256, 192), draw=fenced)
    assert played(site) == []


def test_somebody_before_a_fence_that_was_never_seen_empty_bears_the_map_out(site: Path) -> None:
    """The limit of the rule: without a look at the empty place a fence counts, if anybody is there."""
    clip(
        site.parent / "clip.mp4",
        FPS * SECONDS,
        fps=FPS,
        size=(256, 192),
        draw=lambda index: fenced(index + COMES_S * FPS),
    )
    assert any(json.loads(line)["data"]["kind"] == "density" for line in played(site))


def load_digest(folder: Path) -> str:
    lines = (folder / "card.yaml").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("sha256:"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "    ground: {pose: {height_m: 6, horizon: -0.3, view_deg: 60}}\n",
            "",
            "measured floor, got no ground",
        ),
        ("every_s: 4", "every_s: 0", "every_s"),
        ("every_s: 4", "sparse_below: 2, dense_from: 1", "sparse_below < dense_from"),
        ("every_s: 4", "every: 4", "every_s"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(site: Path, before: str, after: str, told: str) -> None:
    site.write_text(
        SITE.replace(before, after).replace(
            "  - {id: crush, when: density, at_least: 0.6, for_s: 2, table: standing, severity: severe}\n",
            "  - {id: crush, when: zone-entry}\n",
        )
    )
    with pytest.raises(ConfigError, match=told):
        load(site)


def test_check_tells_what_a_count_takes_and_of_a_model_that_nobody_measured(site: Path) -> None:
    def told() -> dict[str, str]:
        lines = CliRunner().invoke(app, ["check", str(site), "--json"]).output.splitlines()
        (density,) = [each for each in map(json.loads, lines) if each["part"] == "density"]
        return density

    assert told()["verdict"] == "ok" and "ms a count" in told()["found"]
    card = site.parent / "tiny-crowd" / "card.yaml"
    card.write_text(card.read_text().replace("error: 0.3", "error: 0.5"))
    assert told()["verdict"] == "warn" and "crowd.error" in told()["advice"]
    card.unlink()
    assert told()["verdict"] == "fail"
