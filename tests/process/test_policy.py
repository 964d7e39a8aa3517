"""A box under a signed policy: it starts, says so in every event, and no edit of the policy slips in."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.adapters import model_folder
from edge.config import policy as files
from edge.governance import plain
from edge.run import verb_policy
from tests.fakes.box import Box, eventually
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.policies import Office
from tests.fakes.recorder import Recorder

pytestmark = pytest.mark.process


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


def test_a_policy_holds_from_start_to_end_and_none_slips_in(tmp_path: Path, broker: Mosquitto) -> None:
    office, folder = Office(tmp_path / "office"), tmp_path / "box"
    with Recorder(broker.port) as heard, Box(folder, broker.url) as box:
        says = {"sha256": model_folder.load(folder / "blobs").card.sha256, "egress": "any"}
        file = folder / "policy.yaml"

        def decreed(*signers: str, **changes: str) -> str:
            office.write(file, **says, **changes)
            for name in signers:
                verb_policy.sign(file, office.key_file(name))
            return plain.sha256(files.load(file).policy)

        def events(sha256: str) -> list[dict[str, Any]]:
            found = [event.data for event in heard.events("north")]
            return [event for event in found if event["policy"]["sha256"] == sha256]

        decreed()
        roots = plain.roots_sha256(files.load(file).policy)
        box.configure(policy={"file": "policy.yaml", "roots": roots})
        assert "wanted 2 of the signatures of officer, guardian, auditor" in _refused(box)
        first = decreed("officer", "guardian")
        box.start()
        assert eventually(lambda: events(first))[0]["policy"]["boxes"]
        decreed("officer", version="2", hours="9000")
        box.tell(signal.SIGHUP)
        eventually(lambda: "it loosens retention" in box.said())
        second = decreed("officer", version="2", boxes="false")
        box.tell(signal.SIGHUP)
        under_it = eventually(lambda: [event for event in events(second) if event["objects"]])
        assert not any("box" in seen for event in under_it for seen in event["objects"])
        assert box.stop() == 0


def _refused(box: Box) -> str:
    """What `run` says when it does not even start."""
    command = [sys.executable, "-m", "edge.cli", "run", str(box.config), "--for", "1"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    assert tried.returncode == 2
    return tried.stderr
