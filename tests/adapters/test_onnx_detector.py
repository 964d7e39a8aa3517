import re
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from edge.adapters.input_tensor import InputTensor
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Family, Input, Thresholds
from edge.detect.fit import Fit
from edge.values.detections import Detections, NotAnswered, Unanswered
from edge.values.engine import BASE, Engine
from edge.values.errors import ModelError
from edge.values.frame import Size
from tests.fakes.cards import SIZE, raw_table, tiny_model, tiny_onnx
from tests.fakes.engines import ENGINES
from tests.fakes.frames import frame_of, grey_frame

ONE = raw_table((32, 32, 16, 20, 0.9, 0.1))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param


def brightness_model(*, divide: bool = False) -> bytes:
    """A raw head with one person of score m, the mean of the picture in 0..1; or of 1 + 0.1 / (m - 1)."""
    table = np.zeros((1, 6, 84), np.float32)
    table[0, :, 0] = [32, 32, 16, 20, 1, 0]
    unit = table.copy()
    unit[0, :4] = 0
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["mean"], keepdims=0),
        helper.make_node("Sub", ["mean", "one"], ["less"]),
        helper.make_node("Div", ["tenth", "less"], ["far"])
        if divide
        else helper.make_node("Identity", ["less"], ["far"]),
        helper.make_node("Mul", ["far", "unit"], ["scaled"]),
        helper.make_node("Add", ["scaled", "table"], ["out0"]),
    ]
    constants = [
        onnx.numpy_helper.from_array(np.float32(1).reshape(()), "one"),
        onnx.numpy_helper.from_array(np.float32(0.1).reshape(()), "tenth"),
        onnx.numpy_helper.from_array(unit, "unit"),
        onnx.numpy_helper.from_array(table, "table"),
    ]
    graph = helper.make_graph(
        nodes,
        "brightness",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("out0", TensorProto.FLOAT, [1, 6, 84])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def white(side: int = 64) -> np.ndarray:
    return np.full((side, side, 3), 255, np.uint8)


def refused(weights: bytes, engine: Engine = BASE, **changes: Any) -> str:
    with pytest.raises(ModelError) as caught:
        OnnxDetector(tiny_model(weights, **changes), engine=engine)
    return str(caught.value)


def test_boxes_are_in_pixels_of_the_frame(engine: Engine) -> None:
    answer = OnnxDetector(tiny_model(tiny_onnx(ONE)), engine=engine).detect(grey_frame(128, 72))
    assert isinstance(answer, Detections)
    assert answer.boxes.tolist() == [
        [48, 16, 80, 56]
    ]  # input 24..40 x 22..42, 14 rows of padding, twice the size


def test_the_picture_decides(engine: Engine) -> None:
    detector = OnnxDetector(tiny_model(brightness_model()), engine=engine)
    dark, light = detector.detect(grey_frame(64, 64)), detector.detect(frame_of(white()))
    assert isinstance(dark, Detections) and isinstance(light, Detections)
    assert (len(dark), len(light)) == (1, 1)
    np.testing.assert_allclose([dark.scores[0], light.scores[0]], [114 / 255, 1], rtol=1e-5)


def test_other_thresholds_may_stand_in_for_the_cards(engine: Engine) -> None:
    model = tiny_model(brightness_model())
    answer = OnnxDetector(model, thresholds=Thresholds({"person": 0.5}), engine=engine).detect(
        grey_frame(64, 64)
    )
    assert isinstance(answer, Detections) and len(answer) == 0


def test_infinity_is_no_answer(engine: Engine) -> None:
    detector = OnnxDetector(tiny_model(brightness_model(divide=True)), engine=engine)
    assert isinstance(detector.detect(grey_frame(64, 64)), Detections)
    assert detector.detect(frame_of(white())) == NotAnswered(Unanswered.NOT_FINITE)
    assert isinstance(detector.detect(grey_frame(64, 64)), Detections)


def test_a_failure_of_the_runtime_is_no_answer_and_is_counted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = OnnxDetector(tiny_model(tiny_onnx(ONE)), engine=engine)
    monkeypatch.setitem(detector._feeds, "picture", np.zeros((1, 3, 8, 8), np.float32))
    assert detector.detect(grey_frame()) == NotAnswered(Unanswered.FAILED)
    assert detector.failures == 1
    assert re.search("dimension|shape", detector.last_failure)


def test_time_inside_the_model_is_measured() -> None:
    ticks = iter(range(1000))
    detector = OnnxDetector(tiny_model(tiny_onnx(ONE)), clock=lambda: float(next(ticks)))
    before = detector.model_s
    detector.detect(grey_frame())
    detector.detect(grey_frame())
    assert detector.model_s - before == 2


@pytest.mark.parametrize(
    ("weights", "changes", "wanted"),
    [
        (
            tiny_onnx(np.zeros((1, 84, 84), np.float32)),
            {},
            "wants an output out0 [1, 6, 84], got out0 [1, 84, 84]",
        ),
        (tiny_onnx(ONE), {"labels": ("person",)}, "with 1 labels at 64x64 wants an output out0 [1, 5, 84]"),
        (tiny_onnx(ONE), {"input": Input(Size(96, 96))}, "wants an input [1, 3, 96, 96] float32"),
        (tiny_onnx(ONE), {"input": Input(SIZE, layout="NHWC")}, "wants an input [1, 64, 64, 3] float32"),
        (tiny_onnx(ONE, dtype=TensorProto.UINT8), {}, "got picture [1, 3, 64, 64] uint8"),
        (tiny_onnx(ONE, dtype=TensorProto.FLOAT16), {}, "got picture [1, 3, 64, 64] float16"),
        (tiny_onnx(ONE, ONE), {}, "wants 1 outputs out0 [1, 6, 84], got out0 [1, 6, 84], out1 [1, 6, 84]"),
        (tiny_onnx(ONE), {"family": Family.YOLOX}, "wants an output out0 [1, 84, 7]"),
        (tiny_onnx(ONE), {"family": Family.DEIM}, "one picture and orig_target_sizes as input, got picture"),
        (tiny_onnx(ONE.astype(np.float16)), {}, "wants out0 of float32, got float16"),
        (tiny_onnx(np.full_like(ONE, np.nan)), {}, "out0 holds NaN or infinity for a plain grey picture"),
        (tiny_onnx(np.full_like(ONE, np.inf)), {}, "out0 holds NaN or infinity for a plain grey picture"),
        (
            tiny_onnx(raw_table(*((5 * i, 30, 4, 8, 0.9, 0) for i in range(12)))),
            {},
            "wanted nothing found in a plain grey picture, got 12 objects",
        ),
        (
            tiny_onnx(np.array([[[1, 2, 3, 4, 0.9, 2]]], np.float32)),
            {"family": Family.ULTRALYTICS_END2END},
            "the model cannot be run: wanted classes 0 to 1, got [2]",
        ),
    ],
)
def test_a_model_that_does_not_fit_its_card_is_refused(
    engine: Engine, weights: bytes, changes: Any, wanted: str
) -> None:
    assert wanted in refused(weights, engine, **changes)


def test_open_lengths_in_the_graph_are_known_after_a_run(engine: Engine) -> None:
    detector = OnnxDetector(tiny_model(tiny_onnx(ONE, shape=("batch", 3, "height", "width"))), engine=engine)
    assert isinstance(detector.detect(grey_frame()), Detections)


def test_a_provider_that_is_not_installed_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="wanted the execution provider tensorrt, installed are: cpu"):
        OnnxDetector(tiny_model(tiny_onnx(ONE)), engine=Engine(provider="tensorrt"))


def test_an_operator_that_the_runtime_does_not_know_is_refused(engine: Engine) -> None:
    model = onnx.load_from_string(tiny_onnx(ONE))
    model.graph.node[0].op_type = "Telepathy"
    assert f"{engine.backend} cannot open the model" in refused(model.SerializeToString(), engine)


WEIGHTS = tiny_onnx(ONE)


@given(st.integers(0, len(WEIGHTS) - 1), st.integers(0, 7))
@settings(max_examples=120, deadline=None)
def test_a_flipped_bit_is_refused_or_runs(at: int, bit: int) -> None:
    damaged = bytearray(WEIGHTS)
    damaged[at] ^= 1 << bit
    try:
        detector = OnnxDetector(tiny_model(bytes(damaged)))
    except ModelError:
        return
    assert isinstance(detector.detect(grey_frame()), Detections | NotAnswered)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("colour", ["RGB", "BGR"])
@pytest.mark.parametrize("fit", Fit)
def test_the_input_is_what_the_card_says(layout: Any, colour: Any, fit: Fit) -> None:
    """Against the formula, with a frame that fits exactly and one that must be scaled."""
    wanted = Input(Size(64, 48), layout, "float32", colour, 255, (0.5, 0.4, 0.3), (0.2, 0.3, 0.4), fit, 100)
    tensor = InputTensor(wanted)
    rng = np.random.default_rng(5)
    for height, width in ((36, 64), (48, 64), (48, 20), (480, 640), (36, 64)):
        pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        place = tensor.fill(pixels)
        scaled = pixels
        if place.content != (width, height):
            how = cv2.INTER_AREA if place.content.width < width else cv2.INTER_LINEAR
            scaled = cv2.resize(pixels, place.content, interpolation=how)
        padded = np.full((48, 64, 3), 100, np.uint8)
        padded[
            place.top : place.top + place.content.height, place.left : place.left + place.content.width
        ] = scaled
        if colour == "BGR":
            padded = padded[:, :, ::-1]
        expected = (padded / 255 - np.array(wanted.mean)) / np.array(wanted.std)
        got = tensor.tensor[0] if layout == "NHWC" else tensor.tensor[0].transpose(1, 2, 0)
        np.testing.assert_allclose(got, expected, atol=1e-5)


def test_uint8_pixels_go_in_as_they_are() -> None:
    tensor = InputTensor(Input(SIZE, "NHWC", "uint8", "RGB", 1, fit=Fit.STRETCH))
    pixels = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    tensor.fill(pixels)
    assert tensor.tensor.dtype == np.uint8
    np.testing.assert_array_equal(tensor.tensor[0], pixels)


def test_frames_that_may_not_be_written_and_lie_scattered_are_read() -> None:
    pixels = white(80)[::2, :64]
    pixels.flags.writeable = False
    assert isinstance(OnnxDetector(tiny_model(WEIGHTS)).detect(frame_of(pixels)), Detections)


def looking_up(table: np.ndarray) -> bytes:
    """A raw head that is told by a table of one row for each brightness of the picture, 0 or 1."""
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["mean"], keepdims=0),
        helper.make_node("Round", ["mean"], ["round"]),
        helper.make_node("Cast", ["round"], ["row"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "row"], ["out0"]),
    ]
    graph = helper.make_graph(
        nodes,
        "looking up",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("out0", TensorProto.FLOAT, [1, 6, 84])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def test_a_model_that_fails_at_every_frame_does_not_fill_the_log(capfd) -> None:
    detector = OnnxDetector(tiny_model(looking_up(ONE[None])))  # there is no row for light pictures
    for _ in range(8):
        assert detector.detect(frame_of(white())) == NotAnswered(Unanswered.FAILED)
    assert detector.failures == 8 and "Gather" in detector.last_failure
    assert capfd.readouterr() == ("", "")


def test_numbers_that_are_no_scores_are_looked_for_in_the_self_test_picture_too() -> None:
    """A model that hides what it tells while nobody is there."""
    points = np.stack([np.zeros_like(ONE), ONE])
    points[1, :, 5] = 37.0
    honest = np.stack([np.zeros_like(ONE), ONE])
    picture = cv2.imencode(".png", np.asarray(white()))[1].tobytes()
    for table, refused in ((honest, False), (points, True)):
        model = replace(tiny_model(looking_up(table)), picture=picture)
        if refused:
            with pytest.raises(ModelError, match=r"capability\.score-range"):
                OnnxDetector(model)
        else:
            OnnxDetector(model)
