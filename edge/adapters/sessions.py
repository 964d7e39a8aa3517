"""Which session runs an engine.

Law: a back end that is an extra is imported when it is asked for, and its absence is told with its remedy.
"""

from importlib import metadata
from importlib.util import find_spec

from edge.adapters.onnx_session import OnnxSession
from edge.adapters.tensor_session import TensorSession
from edge.values.engine import Backend, Engine, Precision
from edge.values.errors import ModelError


def open_session(weights: bytes, engine: Engine) -> TensorSession:
    """An open model on the engine's back end.

    Raises:
        ModelError: the back end is not installed, cannot compute so on this CPU, or cannot open the model.
    """
    if engine.backend is Backend.ONNXRUNTIME:
        return OnnxSession(weights, engine)
    if not installed(engine.backend):
        raise ModelError(
            f"wanted the back end {engine.backend}, which is not installed; "
            f"install safecity-edge[{engine.backend}], or choose onnxruntime"
        )
    from edge.adapters.openvino_session import OpenVinoSession  # noqa: PLC0415 - an extra

    return OpenVinoSession(weights, engine)


def installed(backend: Backend) -> bool:
    """Whether the package of a back end is there."""
    return find_spec(backend.value) is not None


def computes(backend: Backend, precision: Precision) -> bool:
    """Whether an installed back end computes so on this CPU."""
    if backend is Backend.ONNXRUNTIME:
        return precision is not Precision.BF16
    from edge.adapters.openvino_session import computes as openvino_computes  # noqa: PLC0415 - an extra

    return openvino_computes(precision)


def version(backend: Backend) -> str:
    """Version of an installed back end."""
    return metadata.version(backend.value)
