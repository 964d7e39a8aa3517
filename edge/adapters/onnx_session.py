"""One onnxruntime session with an explicit budget of threads, and the errors it may raise.

Law: nobody else imports onnxruntime. A session never takes more threads than it was given, never spins, and
runs on the execution provider that was asked for or not at all.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as _state

from edge.detect.candidates import Tensor
from edge.values.errors import ModelError

Provider = Literal["cpu", "cuda", "tensorrt", "openvino"]

_PROVIDERS: dict[str, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
}
_WARNINGS_OFF = 3

RUNTIME_ERRORS: tuple[type[Exception], ...] = (
    *(e for e in vars(_state).values() if isinstance(e, type) and issubclass(e, Exception)),
    RuntimeError,
    ValueError,
)
"""What onnxruntime raises: a family of its own without a common base, and two of Python's."""


class OnnxSession:
    """Runs one model, and measures the time that this takes.

    Attributes:
        inputs: name, shape and type of each input, as onnxruntime writes them.
        outputs: the same of each output.
        spent_s: time spent inside the model so far, seconds of the session's clock.
    """

    def __init__(
        self,
        weights: bytes,
        *,
        threads: int = 1,
        provider: Provider = "cpu",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._session = _open(weights, threads, provider)
        self._clock = clock
        self.spent_s = 0.0
        self.inputs: tuple[Any, ...] = tuple(self._session.get_inputs())
        self.outputs: tuple[Any, ...] = tuple(self._session.get_outputs())

    def run(self, names: Sequence[str], feeds: Mapping[str, Tensor]) -> list[Tensor]:
        """The outputs of these names.

        Raises:
            RUNTIME_ERRORS: one of them, when the model cannot be run.
        """
        started = self._clock()
        try:
            outputs: list[Tensor] = self._session.run(names, feeds)
        finally:
            self.spent_s += self._clock() - started
        return outputs


def _open(weights: bytes, threads: int, provider: Provider) -> Any:
    wanted = _available(provider)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = _WARNINGS_OFF
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
