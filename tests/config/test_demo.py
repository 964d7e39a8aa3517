"""The demonstration and the golden site watch the places that the clips' truth knows."""

import json
from pathlib import Path

import pytest

from edge.config.load import load
from edge.config.spec import CameraSpec
from edge.values.truth import Truth

ROOT = Path(__file__).parents[2]
CAMERAS = [
    pytest.param(camera, id=f"{path.stem}-{camera.id}")
    for path in (ROOT / "configs" / "demo.yaml", ROOT / "tests" / "golden" / "site.yaml")
    for camera in load(path).cameras
]


@pytest.mark.parametrize("camera", CAMERAS)
def test_places_are_those_of_the_truth(camera: CameraSpec) -> None:
    truth_file = Path(camera.detect.url).with_suffix(".truth.json")
    truth = Truth.from_json(json.loads(truth_file.read_text()))
    assert {zone.id: zone.polygon for zone in camera.zones}.items() <= truth.zones.items()
    assert {line.id: line.points for line in camera.lines}.items() <= truth.lines.items()
    assert camera.zones or camera.lines
