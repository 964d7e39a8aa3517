"""A model for another size of picture: the same weights, with the places of its cells computed anew.

Law: only a graph in which nothing but those places depends on the size is changed. It holds the centres and
the strides of its cells as constants, and both must be found exactly as the grids of strides 8, 16 and 32
have them; all else of a convolutional network goes with any size.
"""

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.adapters.model_folder import LoadedModel
from edge.detect.card import Family
from edge.detect.ultralytics import STRIDES
from edge.values.errors import ModelError
from edge.values.frame import Size

Floats = npt.NDArray[np.float32]
GRAIN = STRIDES[-1]
"""Both sides of an input are a multiple of it."""


def resized(model: LoadedModel, size: Size) -> bytes:
    """The weights for inputs of another size.

    Raises:
        ModelError: the size does not go with the grids, the graph does not hold its cells as it must, or the
            package onnx is missing.
    """
    if find_spec("onnx") is None:
        raise ModelError("resizing wants the package onnx; install safecity-edge[quantise]")
    _accept(model, size)
    import onnx  # noqa: PLC0415 - an extra

    proto = onnx.load_from_string(model.weights)
    known, fresh = _places(model.card.input.size), _places(size)
    for name, places in known.items():
        held = [each for each in proto.graph.initializer if _is(onnx.numpy_helper.to_array(each), places)]
        if len(held) != 1:
            wanted = f"the {name} of its cells once among its constants, found them {len(held)} times"
            raise _stranger(model, wanted)
        shape = (*held[0].dims[:-1], fresh[name].shape[-1])
        held[0].CopyFrom(onnx.numpy_helper.from_array(fresh[name].reshape(shape), held[0].name))
    _declare(proto.graph, replace(model.card.input, size=size).shape, fresh["strides"].size)
    return bytes(proto.SerializeToString())


def _accept(model: LoadedModel, size: Size) -> None:
    if size.width % GRAIN or size.height % GRAIN or min(size) < GRAIN:
        got = f"{size.width}x{size.height}"
        raise ModelError(f"--input: wanted sides that are multiples of {GRAIN}, such as 320x192, got {got}")
    if model.card.family is not Family.ULTRALYTICS:
        raise _stranger(model, f"the family {Family.ULTRALYTICS}, got {model.card.family}")


def _stranger(model: LoadedModel, wanted: str) -> ModelError:
    return ModelError(
        f"{model.card.name} cannot be resized: wanted {wanted}; export it for that size where it was made"
    )


def _places(size: Size) -> dict[str, Floats]:
    """Centres 2×n (x, y) and strides n of all cells, in pixels."""
    centres, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[: size.height // stride, : size.width // stride]
        centres.append((np.stack((x, y)).reshape(2, -1) + 0.5) * stride)
        strides.append(np.full(x.size, stride, np.float32))
    return {"centres": np.concatenate(centres, 1).astype(np.float32), "strides": np.concatenate(strides)}


def _is(held: npt.NDArray[np.generic], places: Floats) -> bool:
    return held.size == places.size and np.array_equal(held.reshape(places.shape), places)


def _declare(graph: Any, shape: tuple[int, ...], cells: int) -> None:
    """Say the sizes of the input and the output; those in between follow from them."""
    for dimension, side in zip(graph.input[0].type.tensor_type.shape.dim, shape, strict=True):
        dimension.dim_value = side
    graph.output[0].type.tensor_type.shape.dim[-1].dim_value = cells
    del graph.value_info[:]
