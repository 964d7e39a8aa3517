"""Density models at the door, and what becomes of their numbers."""

from dataclasses import replace

import av
import cv2
import numpy as np
import onnx
import pytest

from edge.adapters.model_folder import load, save_card
from edge.adapters.onnx_counter import OnnxCounter
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.onnx_self_test import write_head_count
from edge.detect.map_reading import MapReading
from edge.values.density import DensityMap
from edge.values.detections import NotAnswered
from edge.values.errors import ModelError
from edge.values.frame import Pixels, Size
from tests.fakes.cards import raw_table, tiny_model, tiny_onnx
from tests.fakes.counters import counting_model, white_counter
from tests.fakes.shared import shared


def street(width: int, height: int, people: int) -> Pixels:
    """So many people of 8×8 white pixels of a picture 128 wide, scaled to this size."""
    picture = np.full((height, width, 3), 90, np.uint8)
    cell = width // 16
    for n in range(people):
        x, y = (n % 8) * 2 * cell, (n // 8) * 2 * cell
        picture[y : y + cell, x : x + cell] = 255
    return picture


@pytest.mark.parametrize("people", [0, 1, 5, 20])
def test_it_counts_exactly_what_its_graph_counts(people: int) -> None:
    told = OnnxCounter(counting_model()).answer(street(128, 96, people))
    assert isinstance(told, DensityMap)
    assert told.people == pytest.approx(people, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (640, 480), (256, 144)])
def test_the_padding_of_a_picture_of_another_shape_holds_nobody_and_the_map_covers_the_picture(
    width: int, height: int
) -> None:
    told = OnnxCounter(counting_model()).answer(street(width, height, 12))
    assert isinstance(told, DensityMap)
    assert told.people == pytest.approx(12, rel=0.1)
    assert told.columns / told.rows == pytest.approx(width / height, rel=0.02)


def test_a_model_that_tells_a_hundredfold_is_read_so() -> None:
    hundredfold = counting_model(white_counter(0.64), MapReading(scale=0.01, error=0.3))
    told = OnnxCounter(hundredfold).answer(street(128, 96, 7))
    assert isinstance(told, DensityMap)
    assert told.people == pytest.approx(7, rel=1e-3)


def test_a_failing_inference_is_no_answer_and_counted() -> None:
    counter = OnnxCounter(counting_model())
    broken = np.zeros((0, 8, 3), np.uint8)
    assert isinstance(counter.answer(broken), NotAnswered)
    assert counter.failures == 1


def refused(weights: bytes) -> str:
    with pytest.raises(ModelError) as refusal:
        OnnxCounter(counting_model(weights))
    return str(refusal.value)


def constant_map(cells: np.ndarray) -> bytes:
    return tiny_onnx(cells.astype(np.float32), shape=(1, 1, 96, 128))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (np.full((1, 1, 12, 16), np.nan), "NaN"),
        (np.full((1, 1, 12, 16), -9.0), "capability.score-range"),
        (np.full((1, 1, 12, 16), 300.0), "capability.score-range"),
        (np.full((1, 1, 12, 16), 0.5), "nobody in a plain grey picture, got 96"),
        (np.zeros((1, 2, 12, 16)), "one output"),
        (np.zeros((1, 1, 12, 40)), "one output"),
        (np.zeros((1, 512)), "one output"),
    ],
)
def test_what_is_no_map_of_people_is_refused(cells: np.ndarray, told: str) -> None:
    assert told in refused(constant_map(cells))


def test_a_second_output_is_refused_whatever_it_is() -> None:
    beside = tiny_onnx(
        np.zeros((1, 1, 12, 16), np.float32), np.zeros((1, 512), np.float32), shape=(1, 1, 96, 128)
    )
    assert "wanted one output" in refused(beside) and "got 2" in refused(beside)


def test_an_output_that_names_what_identifies_is_refused() -> None:
    model = onnx.load_from_string(white_counter())
    model.graph.output[0].name = model.graph.node[-1].output[0] = "face_embedding"
    assert "capability.output-names" in refused(model.SerializeToString())


def test_detector_and_density_model_are_not_taken_for_each_other() -> None:
    with pytest.raises(ModelError, match=r"name it as density\.model"):
        OnnxDetector(counting_model())
    with pytest.raises(ModelError, match=r"name it as detector\.model"):
        OnnxCounter(tiny_model(tiny_onnx(raw_table())))


def test_the_self_test_is_what_is_counted_now_and_notices_other_weights(tmp_path) -> None:
    model = counting_model()
    (tmp_path / "model.onnx").write_bytes(model.weights)
    save_card(tmp_path, model.card)
    _, png = cv2.imencode(".png", street(128, 96, 9))
    card = write_head_count(tmp_path, png.tobytes())
    assert card.crowd is not None and card.crowd.people == pytest.approx(9, abs=0.05)
    OnnxCounter(load(tmp_path))
    other = replace(card, crowd=replace(card.crowd, people=12.0))
    save_card(tmp_path, other)
    with pytest.raises(ModelError, match=r"wanted 12\.0 people, got 9\.0"):
        OnnxCounter(load(tmp_path))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["mcnn_A", "mcnn_B"])
def test_real_models_count_the_people_of_a_plaza_within_a_factor_of_two(name: str) -> None:
    with av.open(str(shared("videos/ahsan_people.mp4"))) as clip:
        picture = next(clip.decode(video=0)).to_ndarray(format="rgb24")
    weights = shared(f"models/{name}.onnx").read_bytes()
    counter = OnnxCounter(counting_model(weights, size=Size(1024, 576)))
    told = counter.answer(picture)
    assert isinstance(told, DensityMap)
    assert 20 <= told.people <= 80  # about 40 were counted by eye
    grey = OnnxCounter(counting_model(weights, size=Size(1024, 576))).answer(
        np.full((576, 1024, 3), 90, np.uint8)
    )
    assert isinstance(grey, DensityMap) and grey.people < 2


def test_a_map_that_cannot_be_people_is_refused_by_the_self_test_picture_too() -> None:
    """On grey it tells nobody; where people are, a hundred in one cell."""
    picture = cv2.imencode(".png", street(128, 96, 3)[:, :, ::-1])[1].tobytes()
    for person_px, scale, refused in ((64.0, 1.0, False), (0.64, 1.0, True), (0.64, 0.01, False)):
        people = 3 * scale * 64.0 / person_px
        reading = MapReading(scale, 0.3, "self_test.png", people)
        model = replace(counting_model(white_counter(person_px), reading), picture=picture)
        if refused:
            with pytest.raises(ModelError, match=r"capability\.score-range"):
                OnnxCounter(model)
        else:
            OnnxCounter(model)
