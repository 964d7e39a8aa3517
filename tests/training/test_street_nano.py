"""The bundled detector is what its card says, and finds people and cars."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from edge.adapters.model_folder import load
from edge.adapters.onnx_detector import OnnxDetector
from models.training.data import LABELS, Shelf
from models.training.score import answers, precisions
from models.training.synthetic import pictures
from tests.fakes.shared import shared

FOLDER = Path(__file__).parents[2] / "models" / "street-nano"


@pytest.fixture(scope="module")
def detector():
    return OnnxDetector(load(FOLDER))


def test_it_passes_its_own_door_and_is_small(detector):
    assert detector.labels == LABELS
    assert (FOLDER / "model.onnx").stat().st_size <= 4 << 20


def test_it_finds_people_in_scenes_it_has_not_seen():
    model, shelf = load(FOLDER), Shelf(list(pictures(24, seed=4242)))
    keen = OnnxDetector(model, thresholds=replace(model.card.thresholds, score={}, default=0.01))
    person = precisions(answers(keen, shelf), shelf, len(LABELS), 416.0)[LABELS.index("person")]
    assert person is not None
    assert person > 0.5


def test_a_plain_picture_is_an_empty_street(detector):
    for grey in (0, 60, 128, 200, 255):
        assert len(detector.answer(np.full((234, 416, 3), grey, np.uint8))) == 0


def frames(clip, every_s, until_s):
    """RGB frames of a clip, one every so many seconds."""
    with av.open(str(clip)) as file:
        due = 0.0
        for frame in file.decode(file.streams.video[0]):
            if frame.time >= due:
                due += every_s
                yield frame.reformat(416, 234, "rgb24").to_ndarray()
            if frame.time > until_s:
                return


def share_with(detector, clip, label, every_s=2.0, until_s=140.0):
    kind = LABELS.index(label)
    seen = [
        bool((detector.answer(pixels).classes == kind).any()) for pixels in frames(clip, every_s, until_s)
    ]
    return float(np.mean(seen))


@pytest.mark.shared
def test_it_finds_real_people(detector):
    assert share_with(detector, shared("videos/ahsan_people.mp4"), "person", 1.0) == 1.0
    assert (
        share_with(detector, shared("videos/one-by-one-person-detection.mp4"), "person") > 0.5
    )  # learnt from


@pytest.mark.shared
def test_it_finds_real_cars(detector):
    assert share_with(detector, shared("videos/car-detection.mp4"), "car", 0.5) > 0.2
