"""Model folders for tests: of the real models where they are to hand, and tiny ones made on the spot."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from edge.adapters.model_folder import CARD, LoadedModel, load, save_card
from edge.detect.card import Card, Family, Input, SelfTest, Thresholds
from edge.detect.fit import Fit
from edge.values.frame import Size
from tests.fakes.shared import shared

CARDS = Path(__file__).parents[2] / "bench" / "models"
REAL = sorted(path.parent.name for path in CARDS.glob(f"*/{CARD}"))
SIZE = Size(64, 64)
LABELS = ("person", "car")


def real_model(name: str) -> LoadedModel:
    """A real model by the name of its folder in bench/models; skips where its weights are missing."""
    return load(CARDS / name, shared(f"models/{name}.onnx"))


def model_folder(name: str, parent: Path) -> Path:
    """A whole model folder below `parent` for a real model; skips where its weights are missing."""
    weights = shared(f"models/{name}.onnx")
    folder = parent / name
    folder.mkdir(parents=True)
    shutil.copyfile(CARDS / name / CARD, folder / CARD)
    shutil.copyfile(weights, folder / weights.name)
    return folder


def tiny_onnx(
    *outputs: npt.NDArray[Any],
    shape: Sequence[int | str] = (1, 3, 64, 64),
    dtype: int = TensorProto.FLOAT,
) -> bytes:
    """An ONNX model whose outputs `out0`, `out1`… are always these arrays, whatever the picture.

    The picture is looked at, so that no runtime takes the input for superfluous.
    """
    inputs = [helper.make_tensor_value_info("picture", dtype, list(shape))]
    nodes = [
        helper.make_node("Cast", ["picture"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["numbers"], ["most"], keepdims=0),
        helper.make_node("Mul", ["most", "zero"], ["nothing"]),
    ]
    declared, constants = [], [numpy_helper.from_array(np.float32(0).reshape(()), "zero")]
    for index, array in enumerate(outputs):
        name = f"out{index}"
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        constants.append(numpy_helper.from_array(array, f"{name}_value"))
        nodes.append(helper.make_node("Cast", ["nothing"], [f"{name}_nothing"], to=kind))
        nodes.append(helper.make_node("Add", [f"{name}_value", f"{name}_nothing"], [name]))
        declared.append(helper.make_tensor_value_info(name, kind, list(array.shape)))
    graph = helper.make_graph(nodes, "tiny", inputs, declared, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def raw_table(*objects: tuple[float, float, float, float, float, float]) -> npt.NDArray[np.float32]:
    """The raw head [1, 6, 84] of two classes at 64x64 with objects cx cy w h person car, the rest empty."""
    table = np.zeros((1, 6, 84), np.float32)
    for column, values in enumerate(objects):
        table[0, :, column * 7] = values
    return table


def tiny_card(weights: bytes, **changes: Any) -> Card:
    """A card of the raw head for a tiny model; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "name": "tiny",
        "family": Family.ULTRALYTICS,
        "input": Input(SIZE, fit=Fit.LETTERBOX_CENTRE),
        "labels": LABELS,
        "thresholds": Thresholds({}),
        "sha256": hashlib.sha256(weights).hexdigest(),
        "licence": "Apache-2.0",
        "source": "made by a test",
        "data": "none",
    }
    return Card(**{**fields, **changes})


def tiny_folder(folder: Path, weights: bytes, picture: bytes | None = None, **changes: Any) -> Path:
    """A model folder with a tiny model, and with a self-test picture where the card names one."""
    folder.mkdir(parents=True, exist_ok=True)
    card = tiny_card(weights, **changes)
    (folder / "model.onnx").write_bytes(weights)
    if isinstance(card.self_test, SelfTest) and picture is not None:
        (folder / card.self_test.picture).write_bytes(picture)
    save_card(folder, card)
    return folder


def tiny_model(weights: bytes, **changes: Any) -> LoadedModel:
    """A loaded tiny model that never was on a disk."""
    return LoadedModel(tiny_card(weights, **changes), weights, None)
