"""The bundled infrared detector is what its card says, and finds people and cars from above."""

from pathlib import Path

import numpy as np
import pytest

from edge.adapters.model_folder import load
from edge.adapters.onnx_detector import OnnxDetector
from models.training.data import Shelf
from models.training.labelled import listed
from models.training.score import answers, precisions
from models.training.thermal_scene import CARS, PEOPLE, thermal_scene
from tests.fakes.shared import shared

FOLDER = Path(__file__).parents[2] / "models" / "thermal-drone-nano"
LABELS = ("person", "bicycle", "car", "other-vehicle")


@pytest.fixture(scope="module")
def detector():
    return OnnxDetector(load(FOLDER))


def test_it_passes_its_own_door_and_is_small(detector):
    assert detector.labels == LABELS
    assert (FOLDER / "model.onnx").stat().st_size <= 4 << 20


@pytest.mark.parametrize("seed", [11, 12])
def test_it_finds_warm_people_and_parked_cars(detector, seed):
    found = detector.answer(thermal_scene(seed))
    for label, places in (("person", PEOPLE), ("car", [(x, y) for x, y, _ in CARS])):
        boxes = found.boxes[found.classes == LABELS.index(label)]
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        near = [len(middles) > 0 and np.hypot(*(middles - place).T).min() < 12 for place in places]
        assert np.mean(near) >= 0.6, label


def test_a_plain_picture_is_an_empty_field(detector):
    for grey in (0, 60, 128, 200, 255):
        assert len(detector.answer(np.full((512, 640, 3), grey, np.uint8))) == 0


@pytest.mark.shared
def test_it_finds_real_people_and_cars_from_a_drone(tmp_path):
    folder = shared("images/thermal_drone/val")
    every = Shelf(list(listed(folder, {"Person": 0, "Bicycle": 1, "Car": 2, "OtherVehicle": 3})))
    shelf = every.take(np.arange(len(every)) % 6 == 0)
    model = load(FOLDER)
    keen = OnnxDetector(model, thresholds=type(model.card.thresholds)({}, default=0.01))
    person, _, car, _ = precisions(answers(keen, shelf), shelf, len(LABELS), 640.0)
    assert person > 0.65
    assert car > 0.7
