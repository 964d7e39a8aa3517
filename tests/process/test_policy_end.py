"""A real box on the day when its policy ends: it stops looking, says so, and goes on under the next one."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.centre.order_form import Filled
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.run import status_socket, verb_policy
from edge.run.wiring import auditing, governing
from edge.values.audit import Action
from edge.values.command import Verb
from tests.fakes.box import Box, eventually
from tests.fakes.governed import Governed, recording_box
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.recorder import Recorder
from tests.fakes.subscriber import Subscriber
from tests.process.test_commands import Console

pytestmark = pytest.mark.process

BEFORE_S, SOON_S = 20, 5
"""Before the last day of the policy is over, when a box is started, and a process by hand."""
LATER = """
import time
_ns, _s = time.time_ns, time.time
time.time_ns = lambda: _ns() + {ns}
time.time = lambda: _s() + {ns} / 1e9
"""
END = datetime(2099, 1, 1, tzinfo=UTC)


def renewed(folder: Path, state: Governed) -> Path:
    """The next policy, good for a year more, that two signed."""
    text = state.file.read_text()
    assert "version: 1 " in text
    made = folder / "next.yaml"
    made.write_text(text.replace("version: 1 ", "version: 2 ").replace("2099-01-01", "2100-01-01"))
    for name in ("officer", "guardian"):
        verb_policy.sign(made, state.office.key_file(name))
    return made


def test_nothing_is_looked_at_from_the_day_on_when_the_policy_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        Mosquitto(tmp_path / "broker") as broker,
        Recorder(broker.port, "safecity/v1/+/+/state/#") as heard,
        Subscriber(broker.port, "safecity/v1/+/+/status") as births,
    ):
        box, state = recording_box(tmp_path / "box", broker.url)
        with box:
            node = taken(box)
            monkeypatch.setenv("PYTHONPATH", str(just_before(tmp_path)))
            box.start()
            for camera in ("north", "south"):
                eventually(lambda name=camera: reasons(heard, name)[-1:] == ["policy-expired"], box.said)
            verbs = {role.partition(" ")[0] for role in box.look()}
            assert verbs >= {"run", "publish", "keep"}
            assert not verbs & {"watch", "record"}
            told = status_socket.ask(node.data_dir)
            assert told.policy is not None
            assert told.policy.over
            assert {each.state for each in told.cameras} == {"dead (policy-expired)"}

            eventually(lambda: standings(births)[-1:] == ["over"], box.said)

            console = Console(tmp_path, broker.url, state.office)
            eventually(console.is_heard, box.said)
            console.says(Verb.POLICY, "officer", Filled(after=state.file, policy=renewed(tmp_path, state)))
            eventually(lambda: reasons(heard, "north")[-1:] == ["none"], box.said)
            eventually(lambda: "record" in {role.partition(" ")[0] for role in box.look()}, box.said)
            eventually(lambda: standings(births)[-1:] == ["holds"], box.said)
            assert box.stop() == 0
        assert heard.strange == []
    entries = [each.entry for each in auditing.entries(auditing.folder_of(node))]
    held = [each.action for each in entries if each.action.startswith("policy-")]
    assert held[-2:] == [Action.POLICY_EXPIRED, Action.POLICY_ACCEPTED]
    assert held.count(Action.POLICY_EXPIRED) == 1


def standings(births: Subscriber) -> list[str]:
    """What the box said of its policy whenever it came up."""
    told = [json.loads(each)["data"] for each in births.payloads("/status")]
    return [each["policy"]["standing"] for each in told if each["state"] == "online"]


def taken(box: Box) -> NodeSpec:
    """The box, which took its policy while it held."""
    node = load(box.config)
    with auditing.journal(node, "run") as pen:
        governing.admit_and_remember(node, pen.audit)
    return node


def just_before(folder: Path, seconds: float = BEFORE_S) -> Path:
    """What makes processes of Python believe that the policy is over so soon."""
    later_ns = int((END.timestamp() - seconds - time.time()) * 1e9)
    (folder / "later").mkdir()
    (folder / "later/sitecustomize.py").write_text(LATER.format(ns=later_ns))
    return folder / "later"


@pytest.mark.parametrize("verb", ["record", "watch"])
def test_what_was_started_by_hand_ends_with_its_policy_too(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, _ = recording_box(tmp_path / "box")
    with box:
        node = taken(box)
        monkeypatch.setenv("PYTHONPATH", str(just_before(tmp_path, SOON_S)))
        for times in (1, 2):  # while it ends, and when it is over
            with box.verb(verb) as process:
                eventually(lambda process=process: process.poll() is not None, box.said)
                assert process.returncode == 2
            assert box.said().count("expired on 2099-01-01: nothing is looked at or recorded") == times
    entries = [each.entry.action for each in auditing.entries(auditing.folder_of(node))]
    assert entries.count(Action.POLICY_EXPIRED) == 1


def reasons(heard: Recorder, camera: str) -> list[str]:
    """Why the camera was in its states, in their order."""
    return [each.data["reason"] for each in heard.heard if each.topic.endswith(f"/state/{camera}")]
