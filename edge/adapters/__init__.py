"""The outside world, one file or family of files per thing; each implements a port of `edge.ports`.

Law: adapters know the core and never each other's things; only `edge.run` joins them to it. Nothing that they
stand on may speak to its maker: both tensor runtimes report their use over the network unless they are kept
from it before they are loaded (onnxruntime from 1.29 on, with an id of the device; OpenVINO at every import).
"""

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
sys.modules.setdefault("openvino.tools", None)  # type: ignore[arg-type]  # refused, as if it were absent
