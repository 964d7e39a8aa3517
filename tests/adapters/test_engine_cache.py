"""What was measured counts on the machine and with the versions that it was measured with, nowhere else."""

import json
import logging
from pathlib import Path

import pytest

from edge.adapters.engine_cache import FILE, EngineCache, this_machine
from edge.values.engine import BASE, Backend, Engine, Precision, Timing
from edge.values.errors import StorageError

MODEL, OTHER = "a" * 64, "b" * 64
MACHINE = {"cpu": "Some CPU", "cpu flags": "0123", "onnxruntime": "1.31", "openvino": "none"}
TIMINGS = (
    Timing(BASE, MODEL, 10.0, 11.0, 1.0, 1.0),
    Timing(Engine(Backend.OPENVINO, Precision.INT8), OTHER, 6.0, 6.5, None, None),
)


def test_what_is_kept_comes_back_the_same(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path / "made", MACHINE)
    assert cache.timings(MODEL, 1) == ()
    cache.keep(MODEL, 1, TIMINGS)
    cache.keep(OTHER, 1, TIMINGS[:1])
    cache.keep(MODEL, 2, TIMINGS[1:])
    again = EngineCache(tmp_path / "made", MACHINE)
    assert again.timings(MODEL, 1) == TIMINGS
    assert (again.timings(OTHER, 1), again.timings(MODEL, 2)) == (TIMINGS[:1], TIMINGS[1:])
    assert [path.name for path in (tmp_path / "made").iterdir()] == [FILE]


@pytest.mark.parametrize("changed", MACHINE)
def test_another_machine_or_version_does_not_count_and_is_told(
    tmp_path: Path, changed: str, caplog: pytest.LogCaptureFixture
) -> None:
    EngineCache(tmp_path, MACHINE).keep(MODEL, 1, TIMINGS)
    with caplog.at_level(logging.WARNING):
        assert EngineCache(tmp_path, MACHINE | {changed: "new"}).timings(MODEL, 1) == ()
    assert f"was measured with another {changed} and does not count" in caplog.text


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        '{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/1": 7}',
        '{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/1": {"machine": {}}}',
        "\0",
    ],
)
def test_a_damaged_file_is_no_failure_and_can_be_replaced(tmp_path: Path, damage: str) -> None:
    (tmp_path / FILE).write_text(damage)
    cache = EngineCache(tmp_path, MACHINE)
    assert cache.timings(MODEL, 1) == ()
    cache.keep(MODEL, 1, TIMINGS)
    assert cache.timings(MODEL, 1) == TIMINGS


def test_a_row_that_was_tampered_with_does_not_count(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path, MACHINE)
    cache.keep(MODEL, 1, TIMINGS)
    kept = json.loads((tmp_path / FILE).read_text())
    kept[f"{MODEL}/1"]["timings"][0]["engine"]["precision"] = "fp4"
    (tmp_path / FILE).write_text(json.dumps(kept))
    assert cache.timings(MODEL, 1) == ()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file/engines\.json cannot be written"):
        EngineCache(tmp_path / "file", MACHINE).keep(MODEL, 1, TIMINGS)


def test_this_machine_is_told_with_what_matters() -> None:
    told = this_machine()
    assert set(told) == {"cpu", "cpu flags", "onnxruntime", "openvino", "safecity-edge"}
    assert all(told.values())
