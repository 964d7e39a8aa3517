"""An operator's first hour: init, check, run, with nothing else written by hand."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.box import eventually

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-m", "edge.cli"]


def test_five_answers_make_a_box_that_passes_its_check_and_tells_of_people(tmp_path: Path) -> None:
    clip = ROOT / "sample_videos" / "plaza.mp4"
    answers = ["--node", "box-17", "--region", "north", "--broker", "embedded", "--camera", str(clip)]
    subprocess.run([*COMMAND, "init", *answers], cwd=tmp_path, check=True, stdin=subprocess.DEVNULL)
    checked = subprocess.run(
        [*COMMAND, "check", "node.yaml", "--json"], cwd=tmp_path, check=False, capture_output=True
    )
    findings = {row["part"]: row for row in map(json.loads, checked.stdout.splitlines())}
    assert checked.returncode == 0
    assert {part for part, row in findings.items() if row["verdict"] == "ok"} >= {
        "configuration",
        "camera camera-1",
        "broker",
        "policy",
    }
    said = tmp_path / "said"
    with said.open("wb") as output:
        box = subprocess.Popen([*COMMAND, "run", "node.yaml", "--tail"], cwd=tmp_path, stdout=output)
    try:
        eventually(
            lambda: re.search(r"camera-1 +START +info +\d+ (?:person|people) in \"view\"", said.read_text())
        )
    finally:
        box.send_signal(signal.SIGINT)
        assert box.wait(60) == 0
