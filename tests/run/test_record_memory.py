"""The recorder is small: it holds no library that it has no use for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from edge.run.wiring.record_plan import READER, SUPERVISED, plan_of
from edge.run.wiring.record_reader import read_plan
from edge.values.errors import ConfigError
from tests.fakes.box import Box
from tests.fakes.governed import recording_box

HEAVY = {"numpy", "pydantic", "yaml", "cv2", "onnxruntime", "paho", "amqtt", "rich.console"}
PLAN = "import sys, json; import {0}; print(json.dumps(sorted(sys.modules)))"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    made, _ = recording_box(tmp_path / "box", on_hold=["south"])
    return made


@pytest.mark.parametrize("module", ["edge.run.wiring.recording", "edge.run.wiring.recorder", "edge.cli"])
def test_nothing_heavy_is_loaded(module: str) -> None:
    """`edge.cli` too: every process of a box begins with it, and `--help` answers by it."""
    heavy = HEAVY if module == "edge.cli" else HEAVY | {"typer"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", PLAN.format(module)], capture_output=True, text=True, check=True
    )
    assert not heavy & set(json.loads(done.stdout))


def test_the_plan_that_comes_through_the_pipe_is_the_one_that_was_read(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMERA_WORD", "open sesame")
    cameras = box.wanted["cameras"]
    cameras[0] |= {"username": "admin", "password": {"env": "CAMERA_WORD"}}
    cameras[0]["source"] = {"detect": str(box.clip), "record": "rtsp://127.0.0.1/main"}
    box.configure(cameras=cameras)
    plan = plan_of(box.config, None, [], True)
    assert plan == read_plan(box.config, None, [], True)
    assert plan.cameras[0].source().password == "open sesame"
    assert "sesame" not in repr(plan)
    assert [camera.deck.mode.value for camera in plan.cameras] == ["always", "on-hold"]
    assert plan_of(box.config, None, ["south"], True).cameras[0].id == "south"


def test_what_is_wrong_with_a_configuration_is_told_as_it_is(box: Box) -> None:
    with pytest.raises(ConfigError, match="--camera: no camera west is recorded; those are north, south"):
        plan_of(box.config, None, ["west"], True)
    box.configure(footage={"quota_gib": -1})
    with pytest.raises(ConfigError, match="quota_gib"):
        plan_of(box.config, None, [], True)


def test_a_reader_whose_recorder_was_killed_ends_in_silence(box: Box) -> None:
    command = [sys.executable, "-P", "-m", READER, str(box.config), "", SUPERVISED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stderr is not None
        reader.stdout.close()
        assert reader.stderr.read() == b""
    assert reader.returncode == 0


def test_a_reader_that_dies_is_told(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.run.wiring.record_plan.READER", "this")
    with pytest.raises(ConfigError, match="its reader ended with 0"):
        plan_of(box.config, None, [], True)


HEAP = """
import sys
from edge.adapters.heap import give_back_large_buffers

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

if sys.argv[1] == "told":
    give_back_large_buffers()
first = b"x" * (20 << 20)
del first  # from now on glibc keeps buffers of this size, unless it was told
before = resident()
segment = b"x" * (8 << 20)
above = b"y" * 200_000
del segment
print((resident() - before) >> 20)
"""


def test_a_segment_that_was_sealed_leaves_nothing_behind() -> None:
    left = {
        told: int(subprocess.run([sys.executable, "-c", HEAP, told], capture_output=True, check=True).stdout)
        for told in ("told", "not told")
    }
    assert left["told"] <= 1, f"{left['told']} MiB of a buffer that is gone are kept"
    assert left["not told"] >= 6, "the measuring stick: without it glibc keeps them"
