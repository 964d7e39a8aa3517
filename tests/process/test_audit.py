"""The audit log of a whole box: what it did is in it, and a witness on the broker holds its head."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.run.wiring import auditing
from edge.values.audit import Action
from tests.fakes.box import Box, eventually
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.recorder import Recorder

pytestmark = pytest.mark.process


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


def actions(folder: Path) -> list[Action]:
    return [logged.entry.action for logged in auditing.entries(folder)]


def verify(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "edge.cli", "audit", "verify", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_box_writes_down_what_it_does_and_a_witness_holds_it(tmp_path: Path, broker: Mosquitto) -> None:
    with Recorder(broker.port) as heard, Box(tmp_path / "box", broker.url) as box:
        folder = tmp_path / "box" / "var" / "audit"
        box.start()
        eventually(lambda: heard.events("north"))
        box.config.write_text("node: box\nregion: test\nno such key: 1\n")
        box.tell(signal.SIGHUP)
        eventually(lambda: Action.CONFIG_REFUSED in actions(folder))
        box.configure()
        assert box.stop() == 0
        done = actions(folder)
        assert done[:4] == [Action.LOG_BEGUN, Action.POLICY_ACCEPTED, Action.CONFIG_ACCEPTED, Action.STARTED]
        assert {Action.MODEL_ACCEPTED, Action.CLOCK_CHANGED} <= set(done)
        assert done[-1] is Action.STOPPED
        box.start()
        eventually(lambda: actions(folder).count(Action.STARTED) == 2)
        eventually(lambda: sum(message.topic.endswith("/audit") for message in heard.heard) > 1)
        box.process.kill()  # type: ignore[union-attr]
        box.process.wait()  # type: ignore[union-attr]
        kept = [message.body for message in heard.heard if message.topic.endswith("/audit")]
        assert len(kept) > 1
        witness = tmp_path / "heads.jsonl"
        witness.write_text("".join(json.dumps(body) + "\n" for body in kept))
        fits = verify(folder, "--heads", str(witness))
        assert fits.returncode == 0, fits.stderr
        assert "whole" in fits.stdout
        log = folder / "log.jsonl"
        lines = log.read_text().splitlines(keepends=True)
        log.write_text("".join([*lines[:2], lines[2].replace("cameras", "comeras"), *lines[3:]]))
        changed = verify(folder, "--heads", str(witness))
        assert changed.returncode == 8
        assert "entry 2 was changed" in changed.stderr
