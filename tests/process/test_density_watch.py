"""A worker that counts crowds by a density map, from the picture to the broker: made here, and a real one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from edge.adapters.model_folder import save_card
from edge.cli import app
from tests.fakes.box import Box, eventually
from tests.fakes.clips import Picture, clip
from tests.fakes.counters import counting_model, white_counter
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.recorder import Heard, Recorder
from tests.fakes.shared import shared

pytestmark = pytest.mark.process

STAGE = {"id": "stage", "polygon": [[0.2, 0.95], [0.8, 0.95], [0.75, 0.45], [0.25, 0.45]]}
POSE = {"pose": {"height_m": 6, "horizon": -0.3, "view_deg": 60}}
CRUSH = {"id": "crush", "when": "density", "for_s": 0, "update_s": 0.5, "table": "standing"}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


@pytest.fixture
def heard(broker: Mosquitto) -> Iterator[Recorder]:
    with Recorder(broker.port) as recorder:
        yield recorder


def box(folder: Path, broker: Mosquitto, source: Path, density: dict[str, Any], **changes: Any) -> Box:
    """A box with one camera whose crowds are counted by `density`."""
    camera = {"id": "square", "source": str(source), "loop": True, "detect_fps": 5, "ground": POSE}
    return Box(folder, broker.url, cameras=[{**camera, "zones": [STAGE], "density": density}], **changes)


def square(index: int) -> Picture:
    """White people who never stand where they stood before, and a red one who walks."""
    picture = np.full((192, 256, 3), 110, np.uint8)
    sway = 2 * (index % 3)  # whole pixels also at half the size
    for x in range(70, 190, 10):
        for y in range(60, 150, 18):
            picture[y : y + 16, x + sway : x + sway + 4] = 255
    picture[150:185, index % 200 : index % 200 + 14] = (230, 30, 30)
    return picture


def test_what_a_worker_counts_by_a_map_reaches_the_broker(
    tmp_path: Path, broker: Mosquitto, heard: Recorder
) -> None:
    model = counting_model(white_counter(16.0))
    folder = tmp_path / "box" / "crowd"
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(model.weights)
    save_card(folder, model.card)
    clip(tmp_path / "square.mp4", 60, fps=5, size=(256, 192), draw=square)
    rule = {**CRUSH, "at_least": 0.6}
    density = {"model": "./crowd", "every_s": 1}
    with box(tmp_path / "box", broker, tmp_path / "square.mp4", density, rules=[rule]) as running:
        running.start()
        start = eventually(lambda: heard.events("square", rule="crush", phase="start"))[0]
        assert running.stop() == 0
    crowd = start.data["crowd"]
    assert crowd["basis"] in ("map", "both")
    assert crowd["map"]["people"] == pytest.approx(60, rel=0.4)
    assert crowd["map"]["model"] == {"name": "tiny-crowd", "sha256": model.card.sha256}
    assert not heard.strange


@pytest.mark.shared
def test_a_real_density_model_counts_a_real_plaza(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broker: Mosquitto, heard: Recorder
) -> None:
    monkeypatch.chdir(tmp_path)  # where the picture to look at is written
    weights, plaza = shared("models/mcnn_B.onnx"), shared("videos/ahsan_people.mp4")
    store = tmp_path / "box"
    words = ["--size", "640x360", "--licence", "MIT", "--data", "research", "--name", "mcnn"]
    made = CliRunner().invoke(app, ["models", "import", str(weights), *words, "--store", str(store)])
    assert made.exit_code == 0, made.output
    rule = {**CRUSH, "at_least": 0.02}
    changes = {"detector": {"model": "street-nano"}, "rules": [rule]}
    with box(store, broker, plaza, {"model": "./mcnn", "every_s": 2}, **changes) as running:
        running.start()
        told = eventually(lambda: [one for one in heard.events("square") if _mapped(one) > 1.0])
        assert running.stop() == 0
    assert told[0].data["crowd"]["map"]["model"]["name"] == "mcnn"
    assert told[0].data["crowd"]["map"]["age_s"] <= 6.0
    assert not heard.strange


def _mapped(event: Heard) -> float:
    """People that the map of an event tells; 0 where it has none."""
    return float(event.data.get("crowd", {}).get("map", {}).get("people", 0.0))
