"""INT8 copies of models: static, per channel, ranges by percentile over pictures of the camera itself.

Law: pictures in memory, weights out; no picture touches the disk. How good a copy is, others say. The layers
after the last multiplication of each branch decode boxes and scores; they stay in floating point, because 256
steps over 0 to 640 pixels would leave nothing of a score.
"""

import io
import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from edge.adapters.cpu import this_cpu
from edge.adapters.input_tensor import InputTensor
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_detector import feeds_of
from edge.adapters.onnx_session import RUNTIME_ERRORS, OnnxSession
from edge.detect.candidates import Tensor
from edge.values.engine import BASE
from edge.values.errors import ModelError
from edge.values.frame import Pixels

PERCENTILE = 99.999
AT_ONCE = 4
"""Pictures whose activations are held at once; those of one picture may take 100 MB."""
LEAST_OPSET = 13  # of QuantizeLinear per channel

_HEAVY = frozenset({"Conv", "ConvTranspose", "Gemm", "MatMul"})
_QUANTISED = frozenset(
    {"QuantizeLinear", "QLinearConv", "ConvInteger", "DynamicQuantizeLinear", "MatMulInteger"}
)
_FAILURES: tuple[type[Exception], ...] = (
    *RUNTIME_ERRORS,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
)
"""What onnxruntime's quantiser raises for a graph that it does not understand."""


def quantised(model: LoadedModel, pictures: Sequence[Pixels]) -> bytes:
    """The weights of an INT8 copy.

    Args:
        model: the original.
        pictures: uint8 H×W×3 RGB, at least `AT_ONCE`; what goes beyond a multiple of it is not used.

    Raises:
        ModelError: the model is INT8 already, or cannot be quantised, or the package onnx is missing.
    """
    if find_spec("onnx") is None:
        raise ModelError("quantising wants the package onnx; install safecity-edge[quantise]")
    reader = _Reader(model, pictures[: len(pictures) // AT_ONCE * AT_ONCE])
    with tempfile.TemporaryDirectory(prefix="safecity-quantise-") as folder, _hushed():
        try:
            return _written(model, reader, Path(folder))
        except _FAILURES as failure:
            raise ModelError(f"{model.card.name} cannot be quantised: {failure}") from failure


@contextmanager
def _hushed() -> Iterator[None]:
    """Keeps onnxruntime's quantiser from telling its progress on standard output and in the root logger."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(before)


def _written(model: LoadedModel, reader: "_Reader", folder: Path) -> bytes:
    from onnxruntime import quantization  # noqa: PLC0415 - needs an extra

    ready, copy = folder / "ready.onnx", folder / "copy.onnx"
    graph = _made_ready(model, folder, ready)
    quantization.quantize_static(
        str(ready),
        str(copy),
        reader,
        quant_format=quantization.QuantFormat.QDQ,
        per_channel=True,
        # 7 bits of weights where sums of 8-bit products would saturate; hardly worse elsewhere
        reduce_range=not this_cpu().multiplies_bytes_exactly,
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
        calibrate_method=quantization.CalibrationMethod.Percentile,
        nodes_to_exclude=_decoding(graph),
        extra_options={
            "CalibPercentile": PERCENTILE,
            "CalibTensorRangeSymmetric": False,
            "CalibStridedMinMax": AT_ONCE,
        },
    )
    return copy.read_bytes()


def _made_ready(model: LoadedModel, folder: Path, ready: Path) -> Any:
    """Write the graph with known shapes, fused layers, a name for every node, and a recent enough opset."""
    import onnx  # noqa: PLC0415 - an extra
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    proto = onnx.load_from_string(model.weights)
    if any(node.op_type in _QUANTISED for node in proto.graph.node):
        raise ModelError(f"{model.card.name} is INT8 already; quantise the model that it was made of")
    constant = {initializer.name for initializer in proto.graph.initializer}
    for given in [each for each in proto.graph.input if each.name in constant]:  # as old exporters write
        proto.graph.input.remove(given)
    if max(opset.version for opset in proto.opset_import if opset.domain in ("", "ai.onnx")) < LEAST_OPSET:
        proto = onnx.version_converter.convert_version(proto, LEAST_OPSET)
    raw = folder / "raw.onnx"
    onnx.save(proto, raw)
    quant_pre_process(str(raw), str(ready), skip_symbolic_shape=True)
    proto = onnx.load(ready)
    for number, node in enumerate(proto.graph.node):
        node.name = node.name or f"node_{number}"
    onnx.save(proto, ready)
    return proto.graph


def _decoding(graph: Any) -> list[str]:
    """Names of the nodes after the last multiplication of their branch."""
    wanted: set[str] = set()  # tensors that a multiplication depends on
    decoding = []
    for node in reversed(graph.node):  # nodes stand after those that they depend on
        if node.op_type in _HEAVY or wanted & set(node.output):
            wanted |= set(node.input)
        else:
            decoding.append(node.name)
    return decoding


class _Reader:
    """Hands out what the model is fed with, picture by picture, as onnxruntime's calibration asks for it."""

    def __init__(self, model: LoadedModel, pictures: Sequence[Pixels]) -> None:
        self._pictures = pictures
        self._input = InputTensor(model.card.input)
        self._card = model.card
        self._inputs = OnnxSession(model.weights, BASE).inputs
        self._at, self._end = 0, len(pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def set_range(self, start_index: int, end_index: int) -> None:
        self._at, self._end = start_index, end_index

    def get_next(self) -> Mapping[str, Tensor] | None:
        if self._at >= self._end:
            return None
        self._input.fill(self._pictures[self._at])
        self._at += 1
        return feeds_of(self._card, self._inputs, self._input.tensor)
