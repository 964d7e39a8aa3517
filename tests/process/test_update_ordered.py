"""Updates that are ordered of a box that runs: by the night shift, of a bundle that lies there, and back."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.releases import Releases
from edge.centre.order_form import Filled
from edge.values.command import Verb
from edge.values.errors import SafecityError
from tests.fakes.box import Box, eventually
from tests.fakes.governed import governed
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.policies import Office
from tests.fakes.subscriber import Subscriber
from tests.process.test_commands import ROOT, Console, answers
from tests.process.test_update import Machine

pytestmark = [pytest.mark.process, pytest.mark.timeout(600)]


def test_a_release_that_lies_there_is_tried_by_order_and_gone_back_from(tmp_path: Path) -> None:
    night = Ed25519Signer.fresh()
    offices: list[Office] = []

    def prepare(box: Box) -> None:
        state = governed(tmp_path, box.folder / "blobs", {"night-shift": night.key.hex()})
        box.configure(policy=state.policy, updates={"home": str(tmp_path / "opt")})
        offices.append(state.office)

    with (
        Mosquitto(tmp_path / "broker") as broker,
        Subscriber(broker.port, "safecity/v1/test/box/#") as witness,
    ):
        machine = Machine(tmp_path, broker.url, prepare)
        try:
            night.write(offices[0].key_file("night-shift"))
            console = Console(tmp_path, broker.url, offices[0])
            eventually(lambda: machine.sees("1.0.0"), machine.log)
            good = Machine.bundle(machine, "1.1.0", out=machine.home / "bundles" / "good")
            release = good / "release.json"
            with pytest.raises(SafecityError, match=r"\(no-right\)"):
                console.says(Verb.UPDATE, "officer", Filled(release=release))
            other = tmp_path / "other.json"
            other.write_text(release.read_text().replace('"sequence": 1', '"sequence": 2'))
            with pytest.raises(SafecityError, match=r"\(no-release\)"):
                console.says(Verb.UPDATE, "night-shift", Filled(release=other))

            said = ordered(machine, console, release)
            assert said["end"].startswith("test/box: update done at"), machine.log()
            assert "packages of release 1.1.0 are here now" in said["root"]
            assert "release 1.1.0 passed" in said["root"]
            eventually(lambda: machine.sees("1.1.0"), machine.log)

            crashing = machine.bundle("1.2.0", crashes=True, out=machine.home / "bundles" / "bad")
            said = ordered(machine, console, crashing / "release.json", most_s=8)
            assert "(unfit)" in said["trouble"], said
            assert Releases(machine.home).current == "1.1.0"
            eventually(lambda: machine.sees("1.1.0"), machine.log)

            again = ordered(machine, console, crashing / "release.json")
            assert "(release)" in again["trouble"], "what failed once is not tried twice"
            assert [each["outcome"] for each in answers(witness, "begun")] == ["begun"] * 3
            assert machine.verb("obey", *machine.trial(None)) == "", "nothing is left to obey"
            assert list((machine.box.folder / "var" / "updates").iterdir()) == []
        finally:
            machine.close()


def ordered(machine: Machine, console: Console, release: Path, most_s: int = 120) -> dict[str, Any]:
    """What the console says at the end, and what root says when the order wakes it."""
    key = str(console.office.key_file("night-shift"))
    words = ["update", "test/box", "--config", str(console.config), "--as", "night-shift", "--key", key]
    command = [
        sys.executable,
        "-m",
        "edge.cli",
        "command",
        *words,
        "--release",
        str(release),
        "--wait",
        "300",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        begun = process.stdout.readline()
        assert begun.startswith("test/box: update begun at"), process.communicate()
        folder = machine.box.folder / "var" / "updates"
        eventually(lambda: list(folder.glob("*.order")), "the order of the box's user")
        root = machine.verb("obey", *machine.trial(None, most_s), *machine.supply())
        end, trouble = process.communicate(timeout=300)
    return {"root": root, "end": end, "trouble": trouble}
