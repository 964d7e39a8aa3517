"""What every detector must keep to, the scripted one and the real one."""

from collections.abc import Callable

import numpy as np
import pytest

from edge.adapters.onnx_detector import OnnxDetector
from edge.ports import Detector
from edge.values.detections import Detections, NotAnswered
from edge.values.engine import BASE, Engine
from tests.fakes.cards import raw_table, tiny_model, tiny_onnx
from tests.fakes.detector import FakeDetector
from tests.fakes.engines import OPENVINO, without_openvino
from tests.fakes.frames import frame_of, grey_frame


def fake() -> Detector:
    found = Detections.of([[4, 4, 20, 30], [30, 0, 64, 36]], [0.9, 0.6], [0, 1])
    return FakeDetector([found])


def onnx(engine: Engine = BASE) -> Detector:
    table = raw_table((12, 31, 16, 26, 0.9, 0.1), (47, 32, 34, 80, 0.1, 0.6), (50, 60, 9, 9, 0.2, 0.2))
    return OnnxDetector(tiny_model(tiny_onnx(table)), engine=engine)


def openvino() -> Detector:
    return onnx(OPENVINO)


@pytest.fixture(params=[fake, onnx, pytest.param(openvino, marks=without_openvino)])
def detector(request: pytest.FixtureRequest) -> Detector:
    make: Callable[[], Detector] = request.param
    return make()


def test_labels_are_different_words(detector: Detector) -> None:
    assert detector.labels
    assert len(set(detector.labels)) == len(detector.labels)


def test_an_answer_is_ordered_and_within_frame_and_labels(detector: Detector) -> None:
    frame = grey_frame()
    answer = detector.detect(frame)
    assert isinstance(answer, Detections)
    assert len(answer) == 2
    assert (np.diff(answer.scores) <= 0).all()
    assert ((answer.scores > 0) & (answer.scores <= 1)).all()
    assert ((answer.classes >= 0) & (answer.classes < len(detector.labels))).all()
    assert (answer.boxes[:, 2:] > answer.boxes[:, :2]).all()
    assert (answer.boxes >= 0).all() and (answer.boxes <= [*frame.size, *frame.size]).all()


def test_the_same_frame_gets_the_same_answer(detector: Detector) -> None:
    first, second = detector.detect(grey_frame()), detector.detect(grey_frame())
    assert isinstance(first, Detections) and isinstance(second, Detections)
    np.testing.assert_array_equal(first.boxes, second.boxes)
    np.testing.assert_array_equal(first.scores, second.scores)
    np.testing.assert_array_equal(first.classes, second.classes)


def test_a_frame_is_left_as_it_was(detector: Detector) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (36, 64, 3), dtype=np.uint8)
    detector.detect(frame_of(pixels.copy()))
    frame = frame_of(pixels.copy())
    detector.detect(frame)
    np.testing.assert_array_equal(frame.pixels, pixels)


@pytest.mark.parametrize(("width", "height"), [(64, 36), (36, 64), (1920, 1080), (1, 1), (64, 64)])
def test_any_size_is_answered(detector: Detector, width: int, height: int) -> None:
    assert isinstance(detector.detect(grey_frame(width, height)), Detections | NotAnswered)
