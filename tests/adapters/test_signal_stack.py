"""A process that had a model of OpenVINO takes a signal, also after the model went on another thread."""

import subprocess
import sys

import pytest

from tests.fakes.replays import CLIPS

pytest.importorskip("openvino", reason="the extra openvino is not installed")

WEIGHTS = CLIPS.parent / "models" / "street-nano" / "model.onnx"
SCRIPT = f"""
import gc, os, signal, threading
from pathlib import Path
from edge.adapters.openvino_session import OpenVinoSession
from edge.values.engine import Backend, Engine, Precision
told = []
signal.signal(signal.SIGTERM, lambda *_: told.append(1))
engine = Engine(Backend.OPENVINO, Precision.FP32)
models = [OpenVinoSession(Path({str(WEIGHTS)!r}).read_bytes(), engine)]
def drop():
    models.clear()
    gc.collect()
thread = threading.Thread(target=drop)
thread.start()
thread.join()
os.kill(os.getpid(), signal.SIGTERM)
assert told == [1]
print("alive")
"""


def test_a_signal_after_a_model_went_on_another_thread_is_handled() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
