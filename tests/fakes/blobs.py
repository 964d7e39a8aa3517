"""A street of coloured rectangles and a real ONNX model that finds them: a whole box runs on next to nothing.

Red and green rectangles are persons, blue ones are cars; at most one of each colour per picture.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.fakes.cards import tiny_folder
from tests.fakes.clips import Picture, clip

SIDE = 64  # of the model's input, pixels
CELLS = 84  # of its three grids
RED, GREEN, BLUE = (230, 30, 30), (30, 200, 30), (30, 30, 230)
FPS, SECONDS = 10, 3.0


def blob_onnx() -> bytes:
    """The raw head [1, 6, 84] of two classes: for each colour the box and the size of its pixels' mask."""
    constants: dict[str, npt.NDArray[np.generic]] = {
        "weights": _colour_weights(),
        "bias": np.full(3, -0.15, np.float32),
        "xs": np.arange(SIDE, dtype=np.float32).reshape(1, 1, 1, SIDE) + 0.5,
        "ys": np.arange(SIDE, dtype=np.float32).reshape(1, 1, SIDE, 1) + 0.5,
        "both": np.array([2, 3], np.int64),
        "little": np.array([1e-3], np.float32),
        "twelve": np.array([12.0], np.float32),
        "one": np.array([1.0], np.float32),
        "enough": np.array([40.0], np.float32),
        "least": np.array(0.0, np.float32),
        "most": np.array(0.9, np.float32),
        "row": np.array([1, 1, 3], np.int64),
        "labels": np.array([[[1, 1, 0], [0, 0, 1]]], np.float32),
        "rest": np.zeros((1, 6, CELLS - 3), np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["picture", "weights", "bias"], ["excess"], kernel_shape=[1, 1]),
        helper.make_node("Relu", ["excess"], ["some"]),
        helper.make_node("Sign", ["some"], ["mask"]),
        helper.make_node("ReduceSum", ["mask", "both"], ["pixels"], keepdims=1),
        helper.make_node("Add", ["pixels", "little"], ["area"]),
        *_side("x", "w"),
        *_side("y", "h"),
        helper.make_node("Div", ["pixels", "enough"], ["share"]),
        helper.make_node("Clip", ["share", "least", "most"], ["score"]),
        helper.make_node("Reshape", ["score", "row"], ["scores"]),
        helper.make_node("Mul", ["scores", "labels"], ["classes"]),
        helper.make_node("Concat", ["cx", "cy", "w", "h", "classes"], ["found"], axis=1),
        helper.make_node("Concat", ["found", "rest"], ["out0"], axis=2),
    ]
    graph = helper.make_graph(
        nodes,
        "blobs",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("out0", TensorProto.FLOAT, [1, 6, CELLS])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _colour_weights() -> npt.NDArray[np.float32]:
    """How much each colour exceeds the mean of the two others."""
    weights = np.full((3, 3), -0.5, np.float32)
    np.fill_diagonal(weights, 1.0)
    return weights.reshape(3, 3, 1, 1)


def _side(axis: str, length: str) -> list[onnx.NodeProto]:
    """Centre of the mask along an axis, and its length: that of a uniform spread of its variance."""
    mean, square, spread = f"{axis}_mean", f"{axis}_square", f"{axis}_spread"
    return [
        helper.make_node("Mul", ["mask", f"{axis}s"], [f"{axis}_at"]),
        helper.make_node("ReduceSum", [f"{axis}_at", "both"], [f"{axis}_sum"], keepdims=1),
        helper.make_node("Div", [f"{axis}_sum", "area"], [mean]),
        helper.make_node("Sub", [f"{axis}s", mean], [f"{axis}_off"]),
        helper.make_node("Mul", [f"{axis}_off", f"{axis}_off"], [f"{axis}_off2"]),
        helper.make_node("Mul", ["mask", f"{axis}_off2"], [f"{axis}_moment"]),
        helper.make_node("ReduceSum", [f"{axis}_moment", "both"], [square], keepdims=1),
        helper.make_node("Div", [square, "area"], [f"{axis}_variance"]),
        helper.make_node("Mul", [f"{axis}_variance", "twelve"], [f"{axis}_uniform"]),
        helper.make_node("Add", [f"{axis}_uniform", "one"], [spread]),
        helper.make_node("Sqrt", [spread], [f"{axis}_length"]),
        helper.make_node("Reshape", [mean, "row"], [f"c{axis}"]),
        helper.make_node("Reshape", [f"{axis}_length", "row"], [length]),
    ]


def blob_folder(folder: Path) -> Path:
    """A model folder with the finder of rectangles."""
    return tiny_folder(folder, blob_onnx(), name="blobs")


def crossing(index: int, width: int = 320, height: int = 180) -> Picture:
    """Picture `index` of two persons who walk past each other, in, through the middle and out, in 2.8 s."""
    grain = np.random.default_rng(7).integers(95, 126, (height, width, 1))  # flat grey would be no camera's
    picture = np.repeat(grain, 3, axis=2).astype(np.uint8)
    way = round(index / FPS * (width + 40) / 2.4)
    _paint(picture, way - 40, height // 3, RED)
    _paint(picture, width + 60 - way, height // 2, GREEN)
    return picture


def crossing_clip(path: Path, seconds: float = SECONDS) -> Path:
    """The walk as a clip; played round and round, it gives events every few seconds."""
    return clip(path, round(seconds * FPS), fps=FPS, draw=crossing)


def _paint(picture: Picture, left: int, top: int, colour: tuple[int, int, int]) -> None:
    picture[top : top + 70, max(0, left) : max(0, left + 40)] = colour
