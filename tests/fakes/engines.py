"""Every engine of this machine that gives the answers of the file's own numbers."""

import pytest

from edge.adapters.sessions import installed
from edge.values.engine import BASE, Backend, Engine

OPENVINO = Engine(Backend.OPENVINO)
without_openvino = pytest.mark.skipif(
    not installed(Backend.OPENVINO), reason="needs the extra openvino, which is not installed"
)
ENGINES = [
    pytest.param(BASE, id="onnxruntime"),
    pytest.param(OPENVINO, id="openvino", marks=without_openvino),
]
