"""Models that lie: hand-made graphs whose cards say detector, and whose numbers say otherwise."""

import numpy as np
import onnx
import pytest

from edge.adapters.model_folder import load
from edge.adapters.onnx_detector import OnnxDetector
from edge.config.load import load as load_config
from edge.run.wiring.watching import model_of
from edge.values.errors import ModelError
from tests.fakes.cards import raw_table, tiny_folder, tiny_model, tiny_onnx

DETECTOR = raw_table((32, 32, 16, 20, 0.9, 0.1))


def refused(weights: bytes, **changes) -> str:
    with pytest.raises(ModelError) as caught:
        OnnxDetector(tiny_model(weights, **changes))
    return str(caught.value)


def with_metadata(weights: bytes, **entries: str) -> bytes:
    model = onnx.load_from_string(weights)
    onnx.helper.set_model_props(model, entries)
    return model.SerializeToString()


def renamed(weights: bytes, name: str) -> bytes:
    model = onnx.load_from_string(weights)
    old = model.graph.output[0].name
    (last,) = (node for node in model.graph.node if old in node.output)
    last.output[0] = model.graph.output[0].name = name
    return model.SerializeToString()


def test_an_honest_detector_enters() -> None:
    OnnxDetector(tiny_model(with_metadata(tiny_onnx(DETECTOR), task="detect")))


def test_an_embedding_beside_the_boxes_is_refused() -> None:
    told = refused(tiny_onnx(DETECTOR, np.zeros((1, 512), np.float32)))
    assert "wants 1 outputs" in told and "[1, 512]" in told


def test_keypoints_behind_the_classes_are_refused_as_wider_than_the_labels() -> None:
    told = refused(tiny_onnx(np.zeros((1, 6 + 51, 84), np.float32)))
    assert "[1, 6, 84]" in told and "[1, 57, 84]" in told


def width_by_the_picture(weights: bytes, width: int) -> bytes:
    """The same graph, whose first output is cut to a width that is known only when a picture is there."""
    model = onnx.load_from_string(weights)
    graph, make = model.graph, onnx.helper.make_node
    (last,) = (node for node in graph.node if "out0" in node.output)
    last.output[0] = "whole"
    ints = {"width": width, "first": 0, "axis": 1}
    graph.initializer.extend(
        onnx.numpy_helper.from_array(np.array([number], np.int64), name) for name, number in ints.items()
    )
    graph.node.extend(
        [
            make("Cast", ["nothing"], ["as_int"], to=onnx.TensorProto.INT64),
            make("Add", ["as_int", "width"], ["end"]),
            make("Slice", ["whole", "first", "end", "axis"], ["out0"]),
        ]
    )
    graph.output[0].type.tensor_type.shape.dim[1].dim_param = "any"
    return bytes(model.SerializeToString())


def test_keypoints_of_a_graph_that_declares_no_width_are_refused_when_they_come() -> None:
    keypoints = np.zeros((1, 6 + 51, 84), np.float32)
    told = refused(width_by_the_picture(tiny_onnx(keypoints), 57))
    assert "wants an output out0 [1, 6, 84], got [1, 57, 84]" in told
    OnnxDetector(tiny_model(width_by_the_picture(tiny_onnx(keypoints), 6)))


def test_keypoints_that_pass_as_classes_are_refused_by_their_numbers() -> None:
    table = np.zeros((1, 7 + 15, 84), np.float32)
    table[0, 7:] = 31.5  # pixels, where probabilities should be
    labels = ("person", *(f"thing {index}" for index in range(17)))
    assert "capability.score-range" in refused(tiny_onnx(table), labels=labels)


def test_an_embedding_that_passes_as_classes_is_refused_by_its_numbers() -> None:
    unit = np.random.default_rng(1).normal(size=(1, 68, 84)).astype(np.float32)
    labels = tuple(f"thing {index}" for index in range(64))
    assert "capability.score-range" in refused(tiny_onnx(unit / np.linalg.norm(unit, axis=1)), labels=labels)


def test_a_pose_model_is_refused_by_its_own_task() -> None:
    assert "capability.task" in refused(with_metadata(tiny_onnx(DETECTOR), task="pose"))


def test_a_tensor_that_says_what_it_is_is_refused() -> None:
    assert "capability.output-names" in refused(renamed(tiny_onnx(DETECTOR), "face_embedding"))


def test_a_folder_that_declares_an_embedding_is_not_even_read(tmp_path) -> None:
    folder = tiny_folder(tmp_path, tiny_onnx(DETECTOR), outputs=("boxes", "embedding"))
    (folder / "model.onnx").unlink()  # the card alone is enough
    with pytest.raises(ModelError, match=r"capability\.declared-output"):
        load(folder)


def test_a_node_runs_only_what_its_list_permits(tmp_path) -> None:
    tiny_folder(tmp_path / "tiny", tiny_onnx(DETECTOR))
    config = tmp_path / "node.yaml"
    config.write_text(
        "node: n\nregion: r\nbroker: embedded\ncameras: [{id: c, source: c.mp4}]\n"
        "detector:\n  model: ./tiny\n"
    )
    node = load_config(config)
    digest = model_of(node).model.card.sha256
    for listed, permitted in ((digest, True), ("0" * 64, False)):
        config.write_text(config.read_text().split("  allow")[0] + f"  allow: ['{listed}']\n")
        node = load_config(config)
        assert node.detector.door.allow == frozenset({listed})
        if permitted:
            assert model_of(node).model.card.sha256 == digest
        else:
            with pytest.raises(ModelError, match=r"capability\.allow-list"):
                model_of(node)
