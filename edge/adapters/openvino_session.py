"""One OpenVINO session: one stream, an explicit budget of threads, and the precision that was asked for.

Law: nobody else imports openvino. It computes in the precision that was asked for or not at all: left alone
it takes bfloat16 wherever the CPU has it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import openvino
from openvino import properties

from edge.adapters.signal_stack import signal_stack_kept
from edge.adapters.tensor_session import Declared, InferenceError
from edge.detect.candidates import Tensor
from edge.values.engine import Engine, Precision
from edge.values.errors import ModelError

_DEVICE = "CPU"
_HINTS = {
    Precision.FP32: openvino.Type.f32,
    Precision.BF16: openvino.Type.bf16,
    Precision.INT8: openvino.Type.f32,  # of what the quantised copy leaves in floating point
}
_ERRORS = (RuntimeError, ValueError, TypeError)
"""What OpenVINO raises; TypeError where a feed has no place."""


def computes(precision: Precision) -> bool:
    """Whether this CPU computes so, as OpenVINO sees it."""
    can = openvino.Core().get_property(_DEVICE, properties.device.capabilities())
    return precision is not Precision.BF16 or "BF16" in can


class OpenVinoSession:
    """A `TensorSession` on OpenVINO."""

    def __init__(self, weights: bytes, engine: Engine) -> None:
        if not computes(engine.precision):
            raise ModelError(
                f"wanted {engine.precision} of openvino, this CPU does not compute in it; "
                "choose fp32, int8 or auto"
            )
        compiled = _compiled(weights, engine)
        self._request = compiled.create_infer_request()
        self.inputs = tuple(_declared(each) for each in compiled.inputs)
        self.outputs = tuple(_declared(each) for each in compiled.outputs)
        self._row = {output.name: row for row, output in enumerate(self.outputs)}

    def run(self, names: Sequence[str], feeds: Mapping[str, Tensor]) -> list[Tensor]:
        """The outputs of these names, copied out of the runtime.

        Raises:
            InferenceError: the model cannot be run on these feeds.
        """
        try:
            self._request.infer(feeds, share_inputs=True)
            return [self._request.get_output_tensor(self._row[name]).data.copy() for name in names]
        except _ERRORS as failure:
            raise InferenceError(_plain(failure)) from failure


def _compiled(weights: bytes, engine: Engine) -> Any:
    core = openvino.Core()
    wanted = _HINTS[engine.precision]
    hints = {
        properties.hint.performance_mode(): properties.hint.PerformanceMode.LATENCY,
        properties.hint.inference_precision(): wanted,
        properties.num_streams(): 1,
        properties.inference_num_threads(): engine.threads,
        properties.hint.enable_cpu_pinning(): False,  # workers and cores are the supervisor's business
    }
    try:
        with signal_stack_kept():
            compiled = core.compile_model(core.read_model(weights), _DEVICE, hints)
    except _ERRORS as failure:
        raise ModelError(f"openvino cannot open the model: {_plain(failure)}") from failure
    got = compiled.get_property(properties.hint.inference_precision())
    if got != wanted:
        raise ModelError(f"wanted {engine.precision} of openvino, it would compute in {got.get_type_name()}")
    return compiled


def _declared(port: Any) -> Declared:
    shape = tuple(side.get_length() if side.is_static else None for side in port.partial_shape)
    name = port.get_node().get_friendly_name().removesuffix("/sink_port_0")  # of a result, with its output's
    return Declared(name, shape, port.element_type.to_dtype().name)


def _plain(failure: Exception) -> str:
    """What it says of itself, without the places in its own source that it begins with."""
    lines = [line.strip() for line in str(failure).splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith("Exception from ")]
    return (" ".join(said) or type(failure).__name__)[:300]
