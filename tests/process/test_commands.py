"""Commands to a box that runs: by the command line, over a real broker, to real processes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.publish import single

from edge.adapters import model_folder
from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.footage_room import FootageRoom
from edge.centre import verb_command
from edge.centre.order_form import Filled
from edge.config import policy as files
from edge.config.load import load
from edge.governance import plain
from edge.run import verb_policy
from edge.values.command import Verb
from edge.values.errors import BrokerError, SafecityError
from edge.values.hold import Hold
from tests.fakes.box import Box, eventually
from tests.fakes.governed import Governed, recording_box
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.policies import Office
from tests.fakes.subscriber import Subscriber

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]


class Console:
    """`safecity-edge command` to test/box, with the keys of an office and of the night shift."""

    def __init__(self, folder: Path, url: str, office: Office) -> None:
        self.config = folder / "console.yaml"
        self.config.write_text(f"name: duty\nbroker: {{urls: ['{url}']}}\nsignatures: {{unsigned: accept}}\n")
        self.office = office

    def says(self, verb: Verb, signer: str, filled: Filled, wait_s: float = 60.0) -> None:
        """The same without a process of its own."""
        key = self.office.key_file(signer)
        verb_command.command(self.config, "test/box", verb, signer, key, filled, wait_s, False)

    def is_heard(self) -> bool:
        """Whether the box hears commands now; what came before it listened is lost."""
        try:
            self.says(Verb.HEALTH, "officer", Filled(), 5.0)
        except BrokerError:
            return False
        return True

    def orders(self, verb: str, signer: str, *more: str) -> subprocess.CompletedProcess[str]:
        key = str(self.office.key_file(signer))
        command = [
            "command",
            verb,
            "test/box",
            "--config",
            str(self.config),
            "--as",
            signer,
            "--key",
            key,
            *more,
        ]
        run = [sys.executable, "-m", "edge.cli", *command, "--wait", "60"]
        return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


def commanded(box: Box, office: Office) -> None:
    """A policy that names the night shift's key."""
    night = Ed25519Signer.fresh()
    night.write(office.key_file("night-shift"))
    file = box.folder / "policy.yaml"
    says = {"sha256": model_folder.load(box.folder / "blobs").card.sha256, "egress": "any"}
    office.write(file, **says)
    text = file.read_text()
    line = "  - id: night-shift\n    role: operator\n"
    assert line in text
    file.write_text(text.replace(line, f"{line}    key: {night.key.hex()}\n"))
    for name in ("officer", "guardian"):
        verb_policy.sign(file, office.key_file(name))
    box.configure(policy={"file": "policy.yaml", "roots": plain.roots_sha256(files.load(file).policy)})


def test_a_box_obeys_whom_its_policy_names_and_nobody_twice(tmp_path: Path, broker: Mosquitto) -> None:
    office = Office(tmp_path / "office")
    with (
        Subscriber(broker.port, "safecity/v1/test/box/#") as witness,
        Box(tmp_path / "box", broker.url) as box,
    ):
        commanded(box, office)
        console = Console(tmp_path, broker.url, office)
        box.start()
        eventually(lambda: online(witness))

        told = console.orders("health", "auditor", "--json")
        assert told.returncode == 0, told.stderr + box.said()
        health = json.loads(told.stdout)["health"]
        assert [camera["id"] for camera in health["cameras"]] == ["north", "south"]

        refused = console.orders("restart", "auditor")
        assert refused.returncode == 1
        assert "no-right" in refused.stderr
        unknown = console.orders("panic", "night-shift")
        assert "nothing on this box can do it" in unknown.stderr  # it records nothing

        before, births = eventually(lambda: publishers(box)), online(witness)
        restarted = console.orders("restart", "night-shift")
        assert restarted.returncode == 0, restarted.stderr + box.said()
        assert "restart done at" in restarted.stdout
        after = eventually(lambda: publishers(box) - before)
        assert not after & before
        eventually(lambda: online(witness) > births)  # before that nobody hears an order

        reloaded = console.orders("reload", "night-shift")
        assert reloaded.returncode == 0, reloaded.stderr + box.said()
        eventually(lambda: "configuration read again" in box.said())

        captured = [each for each in witness.payloads("/command") if b'"restart"' in each]
        orders = len(answers(witness, "done"))
        for each in captured:
            single("safecity/v1/test/box/command", each, qos=1, port=broker.port)
        eventually(lambda: len(answers(witness, "refused")) > 1)  # the first was the auditor's
        assert len(answers(witness, "done")) == orders
        assert publishers(box) == after
        log = (box.folder / "var" / "audit" / "log.jsonl").read_text()
        assert log.count('"command-accepted"') == 4
        assert '"command-refused"' in log


def test_a_box_holds_releases_and_changes_its_policy_by_order(
    tmp_path: Path, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    box, state = recording_box(tmp_path / "box", broker.url)
    with Subscriber(broker.port, "safecity/v1/test/box/#") as witness, box:
        console = Console(tmp_path, broker.url, state.office)
        box.start()
        eventually(lambda: b'"state":"online"' in b"".join(witness.payloads("/status")))

        console.says(Verb.HOLD, "officer", A_HOLD)
        (hold,) = held(box)
        assert (hold.by, hold.cameras, hold.released) == ("officer", ("north",), None)
        assert f"hold ({hold.id}) done at" in capsys.readouterr().out
        captured = [each for each in witness.payloads("/command") if b'"hold"' in each]

        console.says(Verb.RELEASE, "guardian", Filled(hold=hold.id, reason="the case is closed"))
        looser = changed(state, tmp_path / "looser.yaml", "73", "guardian")
        with pytest.raises(SafecityError, match=r"\(quorum: retention\)"):
            console.says(Verb.RETENTION, "guardian", Filled(policy=looser, after=state.file))

        before = eventually(lambda: publishers(box))
        tighter = changed(state, tmp_path / "tighter.yaml", "24", "guardian")
        console.says(Verb.RETENTION, "guardian", Filled(policy=tighter, after=state.file))
        log = box.folder / "var" / "audit" / "log.jsonl"
        eventually(lambda: '"version 2, roots' in log.read_text(), "the box goes by the new policy")
        assert load(box.config).policy.version == 2

        eventually(lambda: publishers(box) - before)
        eventually(console.is_heard)
        for each in captured:
            single("safecity/v1/test/box/command", each, qos=1, port=broker.port)
        eventually(lambda: any(each["verb"] == "hold" for each in answers(witness, "refused")))
        assert [bool(each.released) for each in held(box)] == [True]


A_HOLD = Filled(
    camera=("north",),
    case="17/2026",
    authority="decision 5",
    review=(datetime.now(UTC).date() + timedelta(days=30)).isoformat(),
    begin="2020-01-01T05:00:00+05:00",
    end="2099-01-01T00:00:00Z",
)


def changed(state: Governed, path: Path, hours: str, signer: str) -> Path:
    """The box's policy with another time of routine footage, signed by one."""
    text = state.file.read_text().replace("version: 1 ", "version: 2 ", 1)
    path.write_text(text.replace("hours: 72", f"hours: {hours}", 1))
    verb_policy.sign(path, state.office.key_file(signer))
    return path


def held(box: Box) -> list[Hold]:
    room = FootageRoom(box.folder / "var" / "footage")
    try:
        return room.holdings.holds()
    finally:
        room.close()


def publishers(box: Box) -> set[int]:
    found = box.look()
    return {found["publish"].pid} if "publish" in found else set()


def answers(witness: Subscriber, outcome: str) -> list[dict[str, Any]]:
    found = [json.loads(each)["data"] for each in witness.payloads("/answer")]
    return list({each["nonce"]: each for each in found if each["outcome"] == outcome}.values())


def online(witness: Subscriber) -> int:
    """How often the box said that it is up."""
    return b"".join(witness.payloads("/status")).count(b'"state":"online"')
