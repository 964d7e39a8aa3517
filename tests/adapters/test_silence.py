"""What computes on this box tells nobody of it: no id, no report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge.values.engine import Engine
from tests.fakes.engines import ENGINES

ONE_RUN = """
import numpy as np, sys
from edge.adapters.sessions import open_session
from edge.values.engine import Backend, Engine
from tests.fakes.blobs import blob_onnx
session = open_session(blob_onnx(), Engine(Backend(sys.argv[1])))
session.run(["out0"], {"picture": np.zeros((1, 3, 64, 64), np.float32)})
print([name for name in sys.modules if "telemetry" in name])
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_back_end_reports_to_nobody(engine: Engine, tmp_path: Path) -> None:
    quiet = {key: value for key, value in os.environ.items() if key not in ("CI", "ORT_DISABLE_TELEMETRY")}
    done = subprocess.run(
        [sys.executable, "-c", ONE_RUN, engine.backend],
        env={**quiet, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[]\n"
    assert list(tmp_path.iterdir()) == []  # where the id of this box and what is to be sent would be kept
