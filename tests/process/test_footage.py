"""A box that records, for real: killed at bad moments, without its broker, its button pressed."""

import json
import random
import time
import urllib.error
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from paho.mqtt.publish import single
from pyrage import x25519

from edge.adapters import segment_file
from edge.adapters.footage_room import FootageRoom
from edge.adapters.reconcile import Level, check
from edge.run import verb_export, verb_release
from edge.run.verb_export_form import form
from edge.run.wiring.opening import Sealed
from edge.values.hold import Hold
from edge.values.segment import FootageClass
from tests.fakes.box import Box, eventually
from tests.fakes.governed import Governed, recording_box
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.rtsp_server import free_port
from tests.fakes.subscriber import Subscriber
from tests.fakes.thief import carved, loot

pytestmark = pytest.mark.process

SECOND_NS = 1_000_000_000

NO_BROKER = "mqtt://127.0.0.1:9"


def room(box: Box) -> FootageRoom:
    return FootageRoom(box.folder / "var" / "footage")


def segments(box: Box) -> int:
    """Segments that are whole; what is being written is none yet."""
    files = segment_file.files(box.folder / "var" / "footage")
    return sum(file.suffix == segment_file.SUFFIX for file in files)


def holds(box: Box) -> list[Hold]:
    opened = room(box)
    try:
        return opened.holdings.holds()
    finally:
        opened.close()


def misfits(box: Box) -> list[str]:
    opened = room(box)
    try:
        found = check(opened.root, opened.catalogue, opened.ring, Level.HASHES)
        return [f"{each.misfit} {each.subject}" for each in found]
    finally:
        opened.close()


def opened_pictures(box: Box, state: Governed, tmp_path: Path) -> int:
    """Pictures that two keyholders get out of all that was sealed, by the box's own verbs."""
    opened, found = room(box), 0
    slots = {segment.id.slot for segment in opened.catalogue.segments()}
    identities = [state.identity_file(name) for name in ("guardian", "officer")]
    guardian = state.office.key_file("guardian")
    requests = {name: approved(state, name, tmp_path) for name in ("north", "south")}
    for slot in sorted(slots):
        share, out = tmp_path / f"{slot}.share", tmp_path / str(slot)
        verb_release.share(box.config, [str(slot)], requests[slot.camera], guardian, share)
        files = [segment_file.path_of(opened.root, s.id) for s in opened.catalogue.segments(slot)]
        verb_release.open_(Sealed(files, share, identities), requests[slot.camera], state.file, out)
        for path in out.glob("*.mp4"):
            with av.open(str(path)) as video:
                found += sum(1 for _ in video.decode(video=0))
    opened.close()
    return found


def approved(state: Governed, camera: str, tmp_path: Path) -> Path:
    """A request for all that this camera ever saw, signed by two."""
    path, recipient = tmp_path / f"{camera}.json", str(x25519.Identity.generate().to_public())
    asked = form(
        "A-1", "test/box", camera, "2020-01-01T00:00:00Z", "2098-01-01T00:00:00Z", "public-safety",
        recipient, "2098-01-01T00:00:00Z", state.file, original=True,
    )  # fmt: skip
    verb_export.request(path, asked, state.file, state.office.key_file("officer"))
    verb_export.approve(path, state.file, state.office.key_file("guardian"))
    return path


def pressed(port: int, cameras: list[str] | None = None) -> dict[str, Any]:
    body = json.dumps({} if cameras is None else {"cameras": cameras}).encode()
    wanted = urllib.request.Request(
        f"http://127.0.0.1:{port}/panic", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(wanted, timeout=10) as answer:
        told: dict[str, Any] = json.loads(answer.read())
        return told


def test_a_box_records_seals_and_two_people_open_it(tmp_path: Path) -> None:
    box, state = recording_box(tmp_path / "box")
    with box:
        box.start()
        eventually(lambda: segments(box) >= 6, "six segments")
        assert set(box.look()) >= {"keep", "record north south"}
        assert box.stop() == 0
        assert misfits(box) == []
        assert loot(box.folder / "var") == 0
        assert opened_pictures(box, state, tmp_path) > 60
        log = (box.folder / "var" / "audit" / "log.jsonl").read_text()
        assert log.index("export-approved") < log.index("key-released")


def test_the_button_holds_footage_within_two_seconds_while_the_broker_is_away(tmp_path: Path) -> None:
    port = free_port()
    box, _ = recording_box(tmp_path / "box", NO_BROKER, panic={"http_port": port, "after_s": 60})
    with box:
        box.start()
        eventually(lambda: segments(box) >= 2, "two segments")
        began = time.monotonic()
        told = eventually(lambda: _try(lambda: pressed(port, ["north"])), "an answer")
        assert holds(box)[0].id == told["hold"]
        assert time.monotonic() - began < 2.0
        topics = [topic for (topic,) in box.query("SELECT topic FROM messages")]
        assert "safecity/v1/test/box/alarm" in topics
        eventually(lambda: _event_slots(box) == {"north"}, "footage of north of class event")
        with pytest.raises(urllib.error.HTTPError, match="400"):
            pressed(port, ["nowhere"])
        assert len(holds(box)) == 1


def test_a_severe_event_makes_its_footage_that_of_an_event(tmp_path: Path) -> None:
    """The rule `entry` is severe and stands on both cameras; what watches cannot reach the vault."""
    box, _ = recording_box(tmp_path / "box", NO_BROKER)
    with box:
        box.start()
        eventually(lambda: _kept_as_event(box) == {"north", "south"}, "footage of class event")
        assert box.stop() == 0
    assert holds(box) == []
    assert list((box.folder / "var" / "marks").iterdir()) == []


def test_a_press_at_the_broker_is_heard_once_and_a_retained_one_never(tmp_path: Path) -> None:
    topic = "safecity/v1/test/box/command/panic"
    with Mosquitto(tmp_path / "broker") as broker:
        box, _ = recording_box(tmp_path / "box", broker.url, panic={"mqtt": True})
        with Subscriber(broker.port, "safecity/v1/test/box/alarm") as heard, box:
            publish(topic, b"{}", broker.port, retain=True)
            box.start()
            eventually(lambda: segments(box) >= 4, "recording")
            assert holds(box) == []
            publisher = box.child("publish").pid
            publish(topic, b"[" * 3000, broker.port)
            publish(topic, b"nonsense", broker.port)
            publish(topic, b'{"cameras": ["south"]}', broker.port)
            (hold,) = eventually(lambda: holds(box), "a hold")
            assert hold.cameras == ("south",)
            alarm = json.loads(eventually(lambda: heard.payloads("alarm"), "the alarm's message")[0])
            assert (alarm["data"]["alarm_id"], alarm["data"]["trigger"]) == (hold.id, "mqtt")
            assert box.child("publish").pid == publisher, "nonsense ends nobody"


def test_a_recorder_killed_at_random_leaves_nothing_that_does_not_fit(tmp_path: Path) -> None:
    _kills(tmp_path, rounds=3, seed=7)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", [7, 11, 13, 17])
def test_a_recorder_killed_two_hundred_times_leaves_nothing_that_does_not_fit(
    tmp_path: Path, seed: int
) -> None:
    _kills(tmp_path, rounds=50, seed=seed)


def _kills(tmp_path: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    box, state = recording_box(tmp_path / "box", NO_BROKER)
    for number in range(rounds):
        before = segments(box)
        with box.verb("record") as recorder:
            eventually(lambda floor=before: segments(box) > floor, "a new segment")
            time.sleep(chance.uniform(0, 2.5))
            recorder.kill()
            recorder.wait()
        if rounds <= 3:
            assert loot(box.folder / "var") == 0
        elif number % 20 == 0:  # trying all keys on thousands of files would take hours
            assert carved(box.folder / "var") == 0
    with box.verb("record") as recorder:
        before = segments(box)
        eventually(lambda: segments(box) > before, "a segment after the last kill")
        recorder.terminate()
        recorder.wait()
    assert misfits(box) == []
    assert opened_pictures(box, state, tmp_path) > 10 * rounds
    assert holes(box) > rounds


def holes(box: Box) -> int:
    """Times between segments of a camera, all of which are told as unrecorded; how many."""
    opened, found = room(box), 0
    for camera in ("north", "south"):
        told = opened.catalogue.unrecorded(camera)
        for before, after in pairwise(opened.catalogue.segments(camera=camera)):
            if after.began_ns - before.ended_ns > SECOND_NS:
                found += 1
                assert any(
                    gap.began_ns <= before.ended_ns + SECOND_NS and after.began_ns <= gap.ended_ns + SECOND_NS
                    for gap in told
                ), f"nobody tells that nothing was recorded between {before.id} and {after.id}"
    opened.close()
    return found


def publish(topic: str, payload: bytes, port: int, retain: bool = False) -> None:
    single(topic, payload, qos=1, retain=retain, hostname="127.0.0.1", port=port)


def _kept_as_event(box: Box) -> set[str]:
    opened = room(box)
    kept = opened.holdings.kept()
    opened.close()
    return {each.slot.camera for each in kept if each.footage_class is FootageClass.EVENT}


def _event_slots(box: Box) -> set[str]:
    opened = room(box)
    found = {s.id.slot.camera for s in opened.catalogue.segments() if s.footage_class is FootageClass.EVENT}
    opened.close()
    return found


def _try(look: Any) -> Any:
    try:
        return look()
    except OSError:
        return None
