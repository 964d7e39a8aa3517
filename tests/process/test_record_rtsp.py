"""`record` on a real RTSP camera: with its password, and through the loss of the camera."""

import json
from pathlib import Path

import av
import pytest

from edge.adapters.footage_room import FootageRoom
from edge.run import verb_release
from edge.run.wiring.opening import Sealed
from edge.values.segment import Segment
from edge.values.unrecorded import UnrecordedCause
from tests.fakes.box import Box, eventually
from tests.fakes.clips import access_units
from tests.fakes.governed import Governed, recording_box
from tests.fakes.rtsp_server import rtsp_server
from tests.fakes.thief import loot
from tests.process.test_footage import approved

pytestmark = pytest.mark.process

WORD = "open-sesame"


def recorded(box: Box) -> list[Segment]:
    room = FootageRoom(box.folder / "var" / "footage")
    try:
        return room.catalogue.segments(camera="north")
    finally:
        room.close()


def gaps(box: Box) -> set[UnrecordedCause]:
    room = FootageRoom(box.folder / "var" / "footage")
    try:
        return {gap.cause for gap in room.catalogue.unrecorded("north")}
    finally:
        room.close()


def streaming_box(folder: Path, url: str) -> tuple[Box, Governed]:
    box, state = recording_box(folder)
    first = box.wanted["cameras"][0]
    stream = {"detect": str(box.clip), "record": url}
    login = {"username": "admin", "password": {"env": "CAMERA_WORD"}, "hang_s": 3}
    box.configure(cameras=[{k: v for k, v in first.items() if k != "loop"} | {"source": stream} | login])
    return box, state


def test_a_camera_is_recorded_loses_its_plug_and_is_recorded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMERA_WORD", WORD)
    server = rtsp_server(access_units(tmp_path / "street.h264"), user="admin", password=WORD)
    box, state = streaming_box(tmp_path / "box", server.url)
    try:
        with box.verb("record") as recorder:
            eventually(lambda: len(recorded(box)) >= 2, "two segments of the stream")
            server.kill()
            before = len(recorded(box))
            server.start()
            eventually(lambda: len(recorded(box)) > before + 1, "segments after the camera came back")
            assert UnrecordedCause.CAMERA in gaps(box)
            recorder.terminate()
            recorder.wait()
    finally:
        server.kill()
    assert WORD not in box.said()
    assert loot(box.folder / "var") == 0
    assert pictures(box, state, tmp_path) >= 20


def pictures(box: Box, state: Governed, tmp_path: Path) -> int:
    """What two keyholders get out of the first two segments, as the camera sent it."""
    found, first = 0, recorded(box)[:2]
    request, share = approved(state, "north", tmp_path), tmp_path / "share.age"
    slots = sorted({str(segment.id.slot) for segment in first})
    verb_release.share(box.config, slots, request, state.office.key_file("guardian"), share)
    room = box.folder / "var" / "footage"
    files = [
        room / s.id.slot.camera / s.id.slot.stamp[:8] / f"{s.id.slot.stamp[9:15]}.{s.id.sequence:04d}.sealed"
        for s in first
    ]
    owners = [state.identity_file(name) for name in ("guardian", "officer")]
    verb_release.open_(Sealed(files, share, owners), request, state.file, tmp_path / "out")
    for path in sorted((tmp_path / "out").glob("*.mp4")):
        beside = json.loads(path.with_name(path.name + ".json").read_text())
        assert beside["codec"] == "h264"
        with av.open(str(path)) as video:
            assert video.streams.video[0].width == 320
            found += sum(1 for _ in video.decode(video=0))
    return found


def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMERA_WORD", "wrong-word")
    server = rtsp_server(access_units(tmp_path / "street.h264"), user="admin", password=WORD)
    box, _ = streaming_box(tmp_path / "box", server.url)
    try:
        with box.verb("record"):
            eventually(lambda: "camera north is not recorded" in box.said(), "the recorder says why")
    finally:
        server.kill()
    assert "wrong-word" not in box.said()
    assert recorded(box) == []
