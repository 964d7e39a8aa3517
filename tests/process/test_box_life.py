"""The whole box, from its start to its end: real workers, outbox, broker and subscriber."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.box import Box, camera, eventually
from tests.fakes.clips import access_units
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.recorder import Recorder
from tests.fakes.rtsp_server import rtsp_server

pytestmark = pytest.mark.process


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


@pytest.fixture
def heard(broker: Mosquitto) -> Iterator[Recorder]:
    with Recorder(broker.port) as recorder:
        yield recorder


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_is_born_tells_what_happens_and_says_farewell(
    tmp_path: Path, broker: Mosquitto, heard: Recorder, number: signal.Signals
) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        box.start()
        for name in ("north", "south"):
            for rule in ("busy", "passage", "entry"):
                eventually(lambda name=name, rule=rule: heard.events(name, phase="end", rule=rule))
        assert box.stop(number) == 0
        assert not box.left()
        eventually(lambda: "stopped" in heard.status(), lambda: f"a farewell after {heard.status()}")
        assert heard.status()[-1] == "stopped"
        assert heard.status()[0] == "online"
        assert heard.heard[-1].topic.endswith("/status"), "the farewell is the last word"
        _everything_arrived(box, heard)
        assert not box.open_events()
    for name in ("north", "south"):
        assert heard.states(name)[-2:] == [("ok", "none"), ("dead", "worker-stopped")]
        assert len(heard.events(name, rule="alive", phase="start")) == 1
        assert len(heard.events(name, rule="alive", phase="end", cause="interrupted")) == 1
    assert not heard.strange


def test_an_event_has_one_life_in_order(tmp_path: Path, broker: Mosquitto, heard: Recorder) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        box.start()
        eventually(lambda: len(heard.events("north", rule="busy", cause="cleared")) >= 2)
        box.stop()
        lives: dict[str, list[tuple[int, str, int]]] = {}
        for event in heard.events("north", rule="busy"):
            told = event.data["revision"], event.data["phase"], event.data["count"]
            lives.setdefault(event.data["event_id"], []).append(told)
        for life in lives.values():
            assert [revision for revision, _, _ in life] == list(range(len(life)))
            assert [phase for _, phase, _ in life] == ["start", *["update"] * (len(life) - 2), "end"]
        assert max(count for life in lives.values() for _, _, count in life) == 2, "two persons met"


def test_an_embedded_broker_and_the_tail_need_nothing_else(tmp_path: Path) -> None:
    with Box(tmp_path / "box") as box:
        box.start("--tail")
        eventually(lambda: re.search(r"north .* crossed \"line\"", box.said()))
        port = int(re.search(r"embedded, mqtt://127.0.0.1:(\d+)", box.said())[1])  # type: ignore[index]
        with Recorder(port) as heard:
            eventually(heard.events)
            assert {kept.topic.split("/")[4] for kept in heard.kept} == {"status", "state", "audit"}
            box.stop()
        assert not box.left()


def test_it_stops_by_itself_when_asked_to(tmp_path: Path, broker: Mosquitto) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        box.start("--for", "3")
        box.child("publish")
        assert box.wait() == 0
        assert not box.left()


def test_two_boxes_do_not_share_a_data_folder(tmp_path: Path, broker: Mosquitto, heard: Recorder) -> None:
    with Box(tmp_path / "box", broker.url) as box, Box(tmp_path / "box", broker.url) as second:
        box.start()
        eventually(heard.status)
        assert second.start().wait() == 2
        assert "is in use by another safecity-edge run" in second.said()
        eventually(heard.events)


def test_a_damaged_model_is_refused_aloud(tmp_path: Path, broker: Mosquitto) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        weights = tmp_path / "box" / "blobs" / "model.onnx"
        content = bytearray(weights.read_bytes())
        content[len(content) // 2] ^= 1
        weights.write_bytes(content)
        assert box.start().wait() == 3
        assert re.search(r"safecity-edge: .*(SHA-256|sha256)", box.said())
        assert not box.left()


def test_a_missing_password_is_that_cameras_trouble_and_no_others(
    tmp_path: Path, broker: Mosquitto, heard: Recorder
) -> None:
    file, server = (
        tmp_path / "word",
        rtsp_server(access_units(tmp_path / "u.h264"), user="me", password="word"),
    )
    unset = camera("gate", "rtsp://127.0.0.1:9/x", username="me", password={"env": "NO_SUCH_SECRET"})
    unwritten = camera("yard", server.url, username="me", password={"file": str(file)})
    try:
        with Box(tmp_path / "box", broker.url) as box:
            box.configure(cameras=[camera("north", box.clip), unset, unwritten], workers=1)
            box.start()
            eventually(lambda: ("dead", "no-password") in heard.states("gate"))
            eventually(lambda: ("dead", "no-password") in heard.states("yard"))
            before = len(heard.events("north"))
            eventually(lambda: len(heard.events("north")) > before, "the other goes on")
            assert "NO_SUCH_SECRET is not set; set it where safecity-edge is started" in box.said()
            file.write_text("word\n", encoding="utf-8")
            eventually(lambda: heard.states("yard")[-1] == ("ok", "none"), "it comes by itself")
            assert box.said().count("camera gate is away until then") == 1, "told once"
            assert box.stop() == 0
    finally:
        server.kill()


def test_a_camera_that_is_away_harms_no_other_and_comes_back(
    tmp_path: Path, broker: Mosquitto, heard: Recorder
) -> None:
    server = rtsp_server(access_units(tmp_path / "units.h264"))
    server.kill()
    try:
        with Box(tmp_path / "box", broker.url) as box:
            north = camera("north", box.clip)
            box.configure(cameras=[north, camera("gate", server.url)], workers=1)
            box.start()
            eventually(lambda: ("dead", "unreachable") in heard.states("gate"))
            before = len(heard.events("north"))
            eventually(lambda: len(heard.events("north")) > before, "the other goes on")
            server.start()
            eventually(lambda: heard.states("gate")[-1] == ("ok", "none"))
            assert set(heard.states("north")) <= {("connecting", "starting"), ("ok", "none")}
            assert box.stop() == 0
    finally:
        server.kill()


def test_the_tail_reads_on_after_the_brokers_restart(tmp_path: Path, broker: Mosquitto) -> None:
    with Box(tmp_path / "box", broker.url) as box:
        box.start()
        with (tmp_path / "tail.out").open("wb") as out:
            command = [sys.executable, "-P", "-m", "edge.cli", "tail", str(box.config), "--json"]
            tail = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        told = (tmp_path / "tail.out").read_text
        try:
            eventually(lambda: '"phase"' in told())
            broker.kill()
            broker.start()
            before = len(told())
            eventually(lambda: '"phase"' in told()[before:])
        finally:
            tail.terminate()
        assert tail.wait(30) == 0
        few = subprocess.run(
            [*command[:-1], "-n", "3"], capture_output=True, text=True, timeout=90, check=True
        )
        assert len(few.stdout.splitlines()) == 3
        none = [*command, "--for", "1", "--topic", "safecity/v1/other/#"]
        assert subprocess.run(none, capture_output=True, timeout=90, check=True).stdout == b""


def _everything_arrived(box: Box, heard: Recorder) -> None:
    """Every sequence number that the outbox gave out was heard or is in a gap message."""
    assert box.waiting() == 0
    ((boot, following),) = box.committed().items()
    numbers = {one.number[1] for one in heard.heard if one.number is not None and one.number[0] == boot}
    for gap in heard.of("gap"):
        for lost in gap.data["ranges"]:
            numbers |= set(range(int(lost["first"]), int(lost["last"]) + 1))
    assert numbers == set(range(following))
