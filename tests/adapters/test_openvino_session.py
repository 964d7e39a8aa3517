"""OpenVINO computes in the precision that was asked for, or says why not."""

import time

import numpy as np
import pytest

from edge.adapters import sessions
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.sessions import open_session
from edge.values.detections import Detections
from edge.values.engine import BASE, Backend, Engine, Precision
from edge.values.errors import ModelError
from tests.fakes.blobs import blob_onnx, crossing
from tests.fakes.cards import real_model, tiny_model
from tests.fakes.engines import OPENVINO, without_openvino
from tests.fakes.frames import frame_of

BF16 = Engine(Backend.OPENVINO, Precision.BF16)


@without_openvino
def test_both_back_ends_find_the_same() -> None:
    model = tiny_model(blob_onnx())
    first, second = (OnnxDetector(model, engine=engine) for engine in (BASE, OPENVINO))
    for index in range(5, 25):
        frame = frame_of(crossing(index))
        one, other = first.detect(frame), second.detect(frame)
        assert isinstance(one, Detections) and isinstance(other, Detections)
        assert one.classes.tolist() == other.classes.tolist()
        np.testing.assert_allclose(one.boxes, other.boxes, atol=0.05)
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-4)


@without_openvino
def test_one_thread_is_one_thread() -> None:
    session = open_session(blob_onnx(), OPENVINO)
    picture = {"picture": np.zeros((1, 3, 64, 64), np.float32)}
    session.run(["out0"], picture)
    own, whole = time.thread_time(), time.process_time()
    for _ in range(200):
        session.run(["out0"], picture)
    own, whole = time.thread_time() - own, time.process_time() - whole
    assert whole - own < 0.2 * whole  # of CPU time, whatever else this machine does


@without_openvino
def test_bfloat16_is_computed_or_refused_but_never_left_out_in_silence() -> None:
    if sessions.computes(Backend.OPENVINO, Precision.BF16):
        exact, coarse = (OnnxDetector(real_model("deimv2_atto"), engine=e) for e in (OPENVINO, BF16))
        picture = np.random.default_rng(3).integers(0, 256, (320, 320, 3), dtype=np.uint8)
        raw = [detector._session.run(["scores"], detector._feeds)[0] for detector in (exact, coarse)]
        exact.answer(picture), coarse.answer(picture)
        assert not np.array_equal(*raw)
    else:
        with pytest.raises(ModelError, match="wanted bf16 of openvino, this CPU does not compute in it"):
            open_session(blob_onnx(), BF16)


def test_a_back_end_that_is_not_installed_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "find_spec", lambda _: None)
    with pytest.raises(
        ModelError, match=r"openvino, which is not installed; install safecity-edge\[openvino\]"
    ):
        open_session(blob_onnx(), OPENVINO)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"precision": Precision.BF16}, "wants bf16 of openvino, got onnxruntime"),
        (
            {"backend": Backend.OPENVINO, "provider": "cuda"},
            "wants provider cuda of onnxruntime, got openvino",
        ),
        ({"threads": 0}, "at least one thread, got 0"),
    ],
)
def test_an_engine_that_does_not_exist_is_none(changes: dict[str, object], wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        Engine(**changes)  # type: ignore[arg-type]


def test_an_engine_says_what_it_is() -> None:
    assert str(BASE) == "onnxruntime fp32"
    assert str(Engine(provider="cuda", threads=2)) == "onnxruntime fp32 on cuda, 2 threads"
