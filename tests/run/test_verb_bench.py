"""All engines of this machine take turns on the same pictures, and `auto` goes by what came of it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.adapters.engine_cache import FILE, EngineCache
from edge.adapters.model_folder import load
from edge.adapters.onnx_detector import OnnxDetector
from edge.run.verb_bench import Request, bench, cameras
from edge.run.verb_quantise import quantise
from edge.run.wiring.benching import Candidate, measure
from edge.values.detections import Detections
from edge.values.engine import BASE, Backend, Precision, Timing
from edge.values.errors import ModelError
from tests.fakes.engines import without_openvino
from tests.run.test_verb_quantise import folder_of, mixed
from tests.run.test_verb_quantise import request as quantising


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    quantise(quantising(folder, folder_of(folder / "seen", 30, mixed)))
    return folder


def asked(models: Path, **changes: object) -> Request:
    fields = (str(models / "blobs"), models / "seen", 40, 1, True, models / "store", False)
    return replace(Request(*fields), **changes)  # type: ignore[arg-type]


@without_openvino
def test_every_engine_has_its_row_and_the_result_is_kept(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(asked(models, as_json=True))
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    engines = {(row["engine"]["backend"], row["engine"]["precision"]) for row in rows}
    assert engines - {("openvino", "bf16")} == {
        ("onnxruntime", "fp32"),
        ("onnxruntime", "int8"),
        ("openvino", "fp32"),
        ("openvino", "int8"),
    }
    base = next(row for row in rows if row["engine"]["backend"] == "onnxruntime" and row["recall"] == 1.0)
    assert base["weights"] == load(models / "blobs").card.sha256
    assert sum(row["chosen"] for row in rows) == 1
    kept = EngineCache(models / "store").timings(load(models / "blobs").card.sha256, 1)
    assert {(each.engine.backend, each.engine.precision) for each in kept} == engines
    assert all(each.p10_ms <= each.median_ms for each in kept)


def test_the_table_says_what_it_says_by_what(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (models / "store" / FILE).unlink(missing_ok=True)
    bench(asked(models, keep=False, rounds=10))
    told = capsys.readouterr().out
    assert "onnxruntime fp32" in told and "fastest" in told and "nothing was kept" in told
    assert "30 pictures each, 30 different ones of folder seen" in told
    assert "768x432" in told
    assert not (models / "store" / FILE).exists()


def test_without_any_picture_the_remedy_is_named(models: Path) -> None:
    with pytest.raises(ModelError, match="no self-test picture: give some of your own with --frames"):
        bench(asked(models, frames=None))


def test_candidates_take_turns_and_the_first_is_the_measure(models: Path) -> None:
    model, order = load(models / "blobs"), []

    class Told(OnnxDetector):
        name = ""

        def answer(self, pixels: np.ndarray) -> Detections:
            order.append(self.name)
            found = super().answer(pixels)
            assert isinstance(found, Detections)
            return found if self.name == "first" else found.take(np.arange(len(found)) < 1)

    runners = [Candidate(model, Told(model)), Candidate(model, Told(model))]
    runners[0].detector.name, runners[1].detector.name = "first", "second"
    order.clear()
    first, second = measure(runners, [mixed(index) for index in range(12)], 12, lambda _: None)
    assert order[2:] == ["first", "second", "second", "first"] * 6
    assert (first.recall, first.precision) == (1.0, 1.0)
    assert (second.recall, second.precision) == (0.5, 1.0)


def test_cameras_are_counted_with_decoding_and_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.run.verb_bench.own_cores", lambda: 2)
    assert cameras(Timing(BASE, "", 10.0, 16.3, 1.0, 1.0)) == 20  # 2000 / (5 * (16.3 + 2.7 + 1.0))


def test_there_is_an_int8_row_only_with_a_copy(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench(asked(models, store=models / "empty", keep=False, rounds=10))
    told = capsys.readouterr().out
    assert f"not here: {Backend.ONNXRUNTIME} {Precision.INT8}: there is no INT8 copy" in told


def test_a_dear_call_is_told_with_the_command_that_makes_it_cheaper(
    models: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in (None, "safecity-edge models resize blobs --input 64x64 --frames CLIP"):
        monkeypatch.setattr(
            "edge.run.smaller.in_words", lambda _card, ms, told=command: told if ms > 0 else ""
        )
        bench(asked(models, keep=False, rounds=10))
        told = capsys.readouterr().out
        assert ("more than 8 ms" in told) is (command is not None)
        assert command is None or told.endswith(f"{command}\n")
