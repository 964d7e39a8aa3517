"""One onnxruntime session with an explicit budget of threads.

Law: nobody else runs a model on onnxruntime. A session never takes more threads than it was given, never
spins, never prints, and runs on the execution provider that was asked for or not at all.
"""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as _state

from edge.adapters.tensor_session import Declared, InferenceError
from edge.detect.candidates import Tensor
from edge.values.engine import Engine, Provider
from edge.values.errors import ModelError

_PROVIDERS: dict[str, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
}
_FATAL_ONLY = 4
"""It raises every error too: printed for each frame, a model that fails would fill the log."""
_DTYPES = {"float": "float32", "double": "float64"}  # the others are called as numpy calls them
RUNTIME_ERRORS: tuple[type[Exception], ...] = (
    *(e for e in vars(_state).values() if isinstance(e, type) and issubclass(e, Exception)),
    RuntimeError,
    ValueError,
)
"""What onnxruntime raises: a family of its own without a common base, and two of Python's."""


class OnnxSession:
    """A `TensorSession` on onnxruntime."""

    def __init__(self, weights: bytes, engine: Engine) -> None:
        self._session = _open(weights, engine.threads, engine.provider)
        self.inputs = tuple(_declared(each) for each in self._session.get_inputs())
        self.outputs = tuple(_declared(each) for each in self._session.get_outputs())

    def run(self, names: Sequence[str], feeds: Mapping[str, Tensor]) -> list[Tensor]:
        """The outputs of these names.

        Raises:
            InferenceError: the model cannot be run on these feeds.
        """
        try:
            outputs: list[Tensor] = self._session.run(names, feeds)
        except RUNTIME_ERRORS as failure:
            raise InferenceError(_first_line(failure)) from failure
        return outputs


def _declared(argument: Any) -> Declared:
    kind = str(argument.type).removeprefix("tensor(").removesuffix(")")
    shape = tuple(side if isinstance(side, int) else None for side in argument.shape)
    return Declared(argument.name, shape, _DTYPES.get(kind, kind))


def _open(weights: bytes, threads: int, provider: Provider) -> Any:
    wanted = _available(provider)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = _FATAL_ONLY
    providers = [wanted] if provider == "cpu" else [wanted, _PROVIDERS["cpu"]]
    try:
        # its own fall-back would print, and run a model elsewhere than asked for
        session = onnxruntime.InferenceSession(weights, options, providers=providers, enable_fallback=0)
    except RUNTIME_ERRORS as failure:
        raise ModelError(f"onnxruntime cannot open the model: {_first_line(failure)}") from failure
    # onnxruntime falls back to the CPU without an error when a provider's libraries do not load
    if session.get_providers()[0] != wanted:
        raise ModelError(
            f"the execution provider {provider} did not start; its drivers or libraries are missing"
        )
    return session


def _available(provider: Provider) -> str:
    installed = onnxruntime.get_available_providers()
    if provider not in get_args(Provider) or _PROVIDERS[provider] not in installed:
        here = ", ".join(name for name, full in _PROVIDERS.items() if full in installed)
        raise ModelError(
            f"wanted the execution provider {provider}, installed are: {here}; "
            "install the onnxruntime package that brings it, or choose another"
        )
    return _PROVIDERS[provider]


def _first_line(failure: Exception) -> str:
    return (str(failure).splitlines() or [type(failure).__name__])[0][:300]
