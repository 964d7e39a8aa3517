"""Every decoder on a real model and real pictures; what stands in them was looked at by eye."""

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edge.adapters.model_folder import LoadedModel, load
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Family
from edge.detect.letterbox import content_size
from edge.detect.nms import iou_matrix
from edge.values.detections import Detections
from edge.values.engine import Engine
from edge.values.frame import Size
from tests.fakes.cards import REAL, model_folder, real_model
from tests.fakes.engines import ENGINES
from tests.fakes.shared import shared

pytestmark = pytest.mark.shared

STREET = "images/street_pedestrians"
# picture → fewest and most persons, and the large objects in it
LOOKED_AT = {
    f"{STREET}/000021.jpg": (4, 14, [("person", (303, 61, 404, 348)), ("bicycle", (344, 266, 448, 356))]),
    f"{STREET}/000400.jpg": (3, 5, [("person", (262, 63, 364, 308))]),
    f"{STREET}/001400.jpg": (2, 3, [("person", (180, 130, 369, 334)), ("person", (0, 69, 50, 332))]),
    "images/coco_train128/000000000036.jpg": (
        1,
        2,
        [("person", (141, 126, 380, 510)), ("umbrella", (3, 40, 367, 400))],
    ),
}


def pixels(name: str) -> np.ndarray:
    picture = cv2.imread(str(shared(name)))
    assert picture is not None
    return np.ascontiguousarray(picture[:, :, ::-1])


def found_by(detector: OnnxDetector, picture: np.ndarray) -> Detections:
    answer = detector.answer(picture)
    assert isinstance(answer, Detections)
    return answer


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("engine", ENGINES)
def test_real_models_find_what_is_there(name: str, engine: Engine) -> None:
    detector = OnnxDetector(real_model(name), engine=engine)
    for path, (fewest, most, objects) in LOOKED_AT.items():
        found = found_by(detector, pixels(path))
        labels = np.array([detector.labels[c] for c in found.classes])
        persons = int((labels == "person").sum())
        assert fewest <= persons <= most, f"{path}: {persons} persons"
        for label, box in objects:
            overlap = iou_matrix(np.array([box], np.float32), found.boxes[labels == label])
            assert overlap.size and overlap.max() > 0.75, f"{path}: {label} at {box}"


@pytest.mark.parametrize("name", ["yolox_nano_416", "deimv2_atto", "yolo11n_int8_drone"])
def test_a_frame_scaled_by_the_camera_gives_the_same_objects(name: str) -> None:
    """The video source scales before the detector does: same objects, boxes in the smaller frame's pixels."""
    detector = OnnxDetector(real_model(name))
    large = pixels(f"{STREET}/000400.jpg")
    height, width = large.shape[:2]
    content = content_size(Size(width, height), detector.card.input.size, detector.card.input.fit)
    small = cv2.resize(large, content, interpolation=cv2.INTER_AREA)
    here, there = found_by(detector, large), found_by(detector, small)
    assert here.classes.tolist() == there.classes.tolist()
    scale = np.array([width / content.width, height / content.height] * 2, np.float32)
    np.testing.assert_allclose(there.boxes * scale, here.boxes, atol=1)


def test_a_copied_folder_is_a_model(tmp_path: Path) -> None:
    assert load(model_folder("fastestdet_352", tmp_path)).card.family is Family.FASTESTDET


def end_to_end(raw: LoadedModel) -> LoadedModel:
    """The same weights with an end-to-end head [1, 100, 6]: the best 100 columns as corners, score, class."""
    model = onnx.load_from_string(raw.weights)
    head = model.graph.output[0].name
    constants = {
        "e_split": np.array([4, len(raw.card.labels)]),
        "e_axis": np.array([1]),
        "e_k": np.array([100]),
        # x1 y1 x2 y2 of cx cy w h
        "e_corners": np.array([[1, 0, -0.5, 0], [0, 1, 0, -0.5], [1, 0, 0.5, 0], [0, 1, 0, 0.5]], np.float32),
    }
    node = helper.make_node
    model.graph.node.extend(
        [
            node("Split", [head, "e_split"], ["e_boxes", "e_scores"], axis=1),
            node("MatMul", ["e_corners", "e_boxes"], ["e_xyxy"]),
            node("ReduceMax", ["e_scores", "e_axis"], ["e_best"], keepdims=1),
            node("ArgMax", ["e_scores"], ["e_class"], axis=1, keepdims=1),
            node("Cast", ["e_class"], ["e_label"], to=TensorProto.FLOAT),
            node("Concat", ["e_xyxy", "e_best", "e_label"], ["e_table"], axis=1),
            node("TopK", ["e_best", "e_k"], ["e_top", "e_rows"], axis=2),
            node("Reshape", ["e_rows", "e_k"], ["e_flat"]),
            node("Gather", ["e_table", "e_flat"], ["e_chosen"], axis=2),
            node("Transpose", ["e_chosen"], ["e_out"], perm=[0, 2, 1]),
        ]
    )
    model.graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in constants.items())
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("e_out", TensorProto.FLOAT, [1, 100, 6]))
    weights = model.SerializeToString()
    digest = hashlib.sha256(weights).hexdigest()
    card = replace(raw.card, family=Family.ULTRALYTICS_END2END, sha256=digest)
    return LoadedModel(card, weights, None)


def test_an_end_to_end_head_on_real_weights_agrees_with_the_raw_head() -> None:
    raw = real_model("yolo11n_int8_drone")
    first, second = OnnxDetector(raw), OnnxDetector(end_to_end(raw))
    for path in LOOKED_AT:
        picture = pixels(path)
        a, b = found_by(first, picture), found_by(second, picture)
        assert a.classes.tolist() == b.classes.tolist() and len(a) > 1
        np.testing.assert_allclose(a.boxes, b.boxes, atol=0.1)
        np.testing.assert_allclose(a.scores, b.scores, atol=1e-4)
