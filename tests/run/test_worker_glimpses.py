"""What a worker's detector half sees, over a reload: who asks for a density then is told it at once."""

import queue
from pathlib import Path

import numpy as np
import pytest

from edge.adapters.onnx_detector import OnnxDetector
from edge.config.load import load
from edge.run.order import Order
from edge.run.wiring import worker
from edge.run.wiring.watching import detector_of, model_of
from edge.values.detections import Detections
from edge.values.frame import Pixels

PLAIN = """
node: box-17
region: north
broker: embedded
data_dir: data
cameras:
  - id: square
    source: square.mp4
    ground: {pose: {height_m: 6, horizon: -0.2, view_deg: 60}}
    zones: [{id: stage, polygon: [[0.2, 0.95], [0.8, 0.95], [0.75, 0.45], [0.25, 0.45]]}]
rules:
  - {id: entry, when: zone-entry}
"""
DENSE = PLAIN + "  - {id: full, when: density, at_least: 2.0}\n"


@pytest.fixture
def pixels() -> Pixels:
    return np.full((180, 320, 3), 114, np.uint8)


def half_seen(detector: OnnxDetector, pixels: Pixels) -> bool:
    """Whether an answer says what was half seen, be it nothing."""
    answer = detector.answer(pixels)
    assert isinstance(answer, Detections)
    return answer.glimpsed is not None


def test_a_rule_of_density_that_comes_with_a_reload_is_told_what_is_half_seen(
    tmp_path: Path, pixels: Pixels
) -> None:
    config = tmp_path / "node.yaml"
    config.write_text(PLAIN)
    node = load(config)
    choice = model_of(node, measured=False)
    assert choice.model.card.acuity is not None
    detector, orders = detector_of(node, choice), queue.SimpleQueue[str]()
    crew = worker._Crew(choice.model, None, orders, detector.glimpse)
    crew.lanes(node, node.cameras)
    assert not half_seen(detector, pixels)
    for text, wanted in ((DENSE, True), (PLAIN, False)):
        config.write_text(text)
        orders.put(Order(config, ("square",)).line())
        assert crew.following() is not None
        assert half_seen(detector, pixels) is wanted
