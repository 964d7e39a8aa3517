"""The supervisor with real processes: reloads, bad cameras, hanging workers, and its own sudden death."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from edge.run import status_socket
from edge.values.errors import SafecityError
from tests.fakes.box import Box, camera, eventually
from tests.fakes.cards import raw_table, tiny_folder, tiny_onnx
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.recorder import Recorder

pytestmark = pytest.mark.process


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


@pytest.fixture
def heard(broker: Mosquitto) -> Iterator[Recorder]:
    with Recorder(broker.port) as recorder:
        yield recorder


def test_a_reload_serves_the_new_and_never_what_is_broken(
    tmp_path: Path, broker: Mosquitto, heard: Recorder
) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        box.start()
        north = eventually(lambda: heard.events("north"))[0].data
        good = box.config.read_text()
        before = box.look()

        box.config.write_text(good.replace('"detect_fps"', '"detect_pfs"', 1))
        box.tell(signal.SIGHUP)
        complaint = eventually(lambda: re.search(r"broken(?s:.*)box\.yaml:\d+.*", box.said()))[0]
        assert "detect_pfs" in complaint and "detect_fps" in complaint
        box.child("watch north").kill()
        eventually(lambda: box.child("watch north").pid != before["watch north"].pid)
        after = len(heard.heard)
        again = eventually(lambda: [e for e in heard.events("north") if e in heard.heard[after:]])[-1].data
        assert again["config_sha256"] == north["config_sha256"], "on the last good configuration"

        box.configure(cameras=[camera("north", box.clip), camera("west", box.clip)])
        box.tell(signal.SIGHUP)
        west = eventually(lambda: heard.events("west"))[0].data
        assert west["config_sha256"] != north["config_sha256"]
        assert heard.states("south")[-1] == ("dead", "worker-stopped")
        assert "retired" in {event.data.get("cause") for event in heard.events("south")}
        eventually(lambda: box.watchers() == ["watch north", "watch west"])
        eventually(lambda: heard.events("north", config_sha256=west["config_sha256"]))
        assert box.stop() == 0
        assert not box.left()
        assert not box.open_events()


def test_a_reload_leaves_alone_what_it_does_not_change(
    tmp_path: Path, broker: Mosquitto, heard: Recorder
) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        names = ("north", "south")
        box.configure(cameras=[camera(name, box.clip) for name in names], workers=1)
        box.start()
        began = {
            name: eventually(lambda name=name: heard.events(name, rule="alive"))[0].data for name in names
        }
        before = {role: box.child(role).pid for role in ("publish", "watch north south")}

        south = camera("south", box.clip, lines=[])  # one camera of a worker loses its line
        box.configure(cameras=[camera("north", box.clip), south])
        box.tell(signal.SIGHUP)
        (end,) = eventually(lambda: heard.events("south", rule="alive", phase="end"))
        assert (end.data["cause"], end.data["event_id"]) == ("retired", began["south"]["event_id"])
        new = eventually(lambda: heard.events("south", rule="alive", phase="start")[1:])[0].data
        assert new["config_sha256"] != began["south"]["config_sha256"]
        eventually(lambda: heard.events("north", rule="passage", config_sha256=new["config_sha256"]))

        box.configure(cameras=[camera("north", box.clip), south, camera("west", box.clip)])
        box.tell(signal.SIGHUP)
        eventually(lambda: heard.events("west", rule="alive"))
        assert not heard.events("north", rule="alive", phase="end"), "its event goes on"
        assert len(heard.events("south", rule="alive", phase="start")) == 2
        assert box.child("watch north south").pid == before["watch north south"]
        assert heard.status() == ["online", "stopped", "online"], "the publisher, to name the new camera"

        box.child("watch north south").kill()  # what starts in its place knows all that it was told
        eventually(lambda: box.watchers() == ["watch north south west"])
        (north,) = eventually(lambda: heard.events("north", rule="alive", phase="end"))
        assert (north.data["cause"], north.data["event_id"]) == ("interrupted", began["north"]["event_id"])
        assert box.stop() == 0
        assert not box.open_events()


def test_a_running_box_says_how_it_is_doing(tmp_path: Path, broker: Mosquitto) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        command = [sys.executable, "-P", "-m", "edge.cli", "status", str(box.config)]
        data = tmp_path / "box" / "var"
        before = subprocess.run([*command, "--once"], check=False, capture_output=True, text=True)
        assert (before.returncode, before.stderr.count("no box runs")) == (1, 1)
        box.start()

        def told() -> dict[str, Any]:
            asked = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
            return dict(json.loads(asked.stdout))

        def watching() -> bool:
            with suppress(SafecityError):
                cameras = status_socket.ask(data).cameras
                return len(cameras) == 2 and all(one.state == "ok" and one.fps for one in cameras)
            return False

        def waiting() -> int:
            outbox = status_socket.ask(data).outbox
            assert outbox is not None
            return outbox.waiting

        eventually(watching)
        assert {one["state"] for one in told()["cameras"]} == {"ok"}
        eventually(lambda: (told()["outbox"] or {}).get("broker") == f"connected to {broker.url}")
        broker.kill()
        eventually(lambda: waiting() > 5, "the backlog grows")
        assert told()["outbox"]["waiting"] > 5
        broker.start()
        eventually(lambda: waiting() == 0, "and drains")
        box.child("watch north").kill()
        eventually(lambda: [p.name for p in status_socket.ask(data).processes if p.deaths == 1])
        assert [p["name"] for p in told()["processes"] if p["deaths"] == 1] == ["watch[north]"]
        assert "north" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert box.stop() == 0
        assert not (tmp_path / "box" / "var" / "status.sock").exists()


def test_a_reload_that_no_worker_survives_is_undone(
    tmp_path: Path, broker: Mosquitto, heard: Recorder
) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        box.start()
        good = eventually(lambda: heard.events("north") and heard.events("south"))[0].data
        tiny_folder(tmp_path / "box" / "wrong", tiny_onnx(raw_table(), raw_table()), name="wrong")
        box.configure(detector={"model": "./wrong"})
        box.tell(signal.SIGHUP)
        eventually(lambda: "the old one serves again" in box.said())
        before = len(heard.heard)
        for name in ("north", "south"):
            event = eventually(lambda name=name: [e for e in heard.heard[before:] if _of(e.data, name)])[-1]
            assert event.data["config_sha256"] == good["config_sha256"]
        assert box.stop() == 0


def test_a_camera_that_kills_its_worker_and_one_that_hangs_harm_no_others(
    tmp_path: Path, broker: Mosquitto, heard: Recorder
) -> None:
    names = ("bad", "still", "good")
    with Box(tmp_path / "box", broker.url) as box:
        box.configure(cameras=[camera(name, box.clip) for name in names], workers=2)
        box.start()
        assert eventually(lambda: len(box.watchers()) == 2 and box.watchers()) == [
            "watch bad good",
            "watch still",
        ]
        for name in names:
            eventually(lambda name=name: heard.events(name))
        hung = box.child("watch still")
        hung.suspend()
        for _ in range(2):
            doomed = box.child("watch bad good")
            doomed.kill()
            eventually(lambda doomed=doomed: not doomed.is_running())
        eventually(lambda: {"watch bad", "watch good"} <= box.look().keys(), "a worker for each")
        before = len(heard.heard)
        for name in ("bad", "good"):
            eventually(lambda name=name: [e for e in heard.heard[before:] if _of(e.data, name)])
        eventually(lambda: not hung.is_running(), "whoever gives no sign of life is killed")
        assert "watch[still] hung and was killed" in box.said()
        before = len(heard.heard)
        eventually(lambda: [e for e in heard.heard[before:] if _of(e.data, "still")])
        assert box.stop() == 0
        assert not box.left()


def test_nothing_outlives_a_killed_supervisor_and_the_next_run_ends_what_was_open(tmp_path: Path) -> None:
    with Box(tmp_path / "box") as box:
        box.start()
        eventually(lambda: len(box.look()) >= 5 and box.open_events("north") and box.open_events("south"))
        everybody = list(box.look().values())
        assert "mosquitto" in box.look() or any("amqtt" in " ".join(p.cmdline()) for p in everybody)
        box.child("watch north").kill()  # it cannot end its events itself
        box.child("watch south").kill()
        box.tell(signal.SIGKILL)
        box.wait()
        eventually(lambda: not box.left(), "children end with the end of their standard input")
        began = set(box.open_events("north")) | set(box.open_events("south"))
        assert began
        box.configure(cameras=[camera("north", box.clip)])
        box.start()
        eventually(
            lambda: not began & set(box.open_events()), "ended, also those of a camera that is no more"
        )
        assert box.stop() == 0
        assert not box.left()


def test_a_closed_terminal_is_no_reload(tmp_path: Path, broker: Mosquitto) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(
                sys.executable, [sys.executable, "-P", "-m", "edge.cli", "run", str(box.config), "--tail"]
            )
        everybody = psutil.Process(pid)
        said = b""
        while b"crossed" not in said:
            said += os.read(terminal, 4096)
        children = everybody.children(recursive=True)
        os.close(terminal)
        assert everybody.wait(90) == 0
        assert not [child for child in children if child.is_running()]


def _of(data: dict[str, object], camera_id: str) -> bool:
    return data.get("camera") == camera_id and "event_id" in data
