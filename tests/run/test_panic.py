"""The panic button: what comes first, what a second press does, and what is refused."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from edge.adapters.panic_http import PanicHttp
from edge.adapters.press_box import MOST_WAITING, PressBox
from edge.config.spec import PanicSpec
from edge.messages import AlarmMessage, parse, readable
from edge.privacy.spec import Origin
from edge.run.panic import PanicDesk
from edge.run.panic_listener import PanicListener
from edge.values.audit import Action
from edge.values.errors import ConfigError, StorageError
from edge.values.footage_state import Trigger
from edge.values.hold import Hold
from edge.values.moment import NS_PER_S
from edge.values.press import Press
from tests.fakes.audit import MemoryAudit
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import MemoryOutbox
from tests.fakes.vaults import moment

SPEC = PanicSpec(before_s=300.0, after_s=900.0, review_days=14, http_port=None, mqtt=False)


class Book:
    """A book of holds in memory that may be on a full disk."""

    def __init__(self) -> None:
        self.entries: list[Hold] = []
        self.full = False

    def place(self, hold: Hold) -> None:
        if self.full:
            raise StorageError("No space left on device")
        self.entries = [each for each in self.entries if each.id != hold.id] + [hold]

    def holds(self) -> list[Hold]:
        return self.entries


class Room:
    def __init__(self, folder: Path) -> None:
        self.book, self.audit, self.outbox = Book(), MemoryAudit(), MemoryOutbox()
        self.presses = PressBox(folder / "presses")
        self.desk = PanicDesk(
            self.book, self.audit, self.outbox, Origin("r", "n"), SPEC, ["plaza", "gate"], ["plaza"],
            FakeClock(moment(1)),
        )  # fmt: skip

    def messages(self) -> list[AlarmMessage]:
        found = [parse(one.topic, one.payload) for one in self.outbox.take(10)]
        return [each for each in found if isinstance(each, AlarmMessage)]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def press(name: str = "0123456789ab", *cameras: str) -> Press:
    return Press(name, Trigger.MQTT, cameras, "mqtt", moment(0).utc_ns)


def test_a_press_holds_records_and_tells(room: Room) -> None:
    room.desk.press(press("0123456789ab", "plaza"))
    (hold,) = room.book.entries
    assert (hold.began_ns, hold.ended_ns) == (
        moment(0).utc_ns - 300 * NS_PER_S, moment(0).utc_ns + 900 * NS_PER_S,
    )  # fmt: skip
    assert [entry.action for entry in room.audit.entries] == [Action.PANIC]
    (message,) = room.messages()
    assert message.data.held_cameras == ["plaza"]
    assert "is under hold" in readable(message).what


def test_it_is_about_all_cameras_and_says_which_are_not_recorded(room: Room) -> None:
    alarm = room.desk.press(press())
    assert (alarm.cameras, alarm.held) == (("plaza", "gate"), ("plaza",))
    assert "footage of plaza from" in readable(room.messages()[0]).what


def test_pressing_twice_with_one_id_is_pressing_once(room: Room) -> None:
    for _ in range(2):
        room.desk.press(press())
    assert len(room.book.entries) == len(room.messages()) == 1


def test_the_hold_comes_even_where_its_entry_does_not(room: Room) -> None:
    room.audit.refusals = 1
    with pytest.raises(StorageError):
        room.desk.press(press())
    assert len(room.book.entries) == 1


def test_a_press_that_the_disk_did_not_take_is_carried_out_later(room: Room) -> None:
    room.presses.drop(press())
    room.book.full = True
    room.desk.serve(room.presses)
    assert len(list(room.presses.waiting())) == 1
    room.book.full = False
    room.desk.serve(room.presses)
    assert list(room.presses.waiting()) == []
    assert len(room.book.entries) == 1


def test_an_unknown_camera_is_refused_and_does_not_stay(room: Room) -> None:
    with pytest.raises(ConfigError, match="there are plaza, gate"):
        room.desk.press(press("0123456789ab", "nowhere"))
    room.presses.drop(press("0123456789ab", "nowhere"))
    room.desk.serve(room.presses)
    assert list(room.presses.waiting()) == []
    assert room.book.entries == []


def test_a_flood_of_presses_is_bounded(room: Room) -> None:
    taken = [room.presses.drop(press(f"{at:012x}")) for at in range(100)]
    assert sum(taken) == MOST_WAITING


def test_what_is_no_press_is_thrown_away(tmp_path: Path, room: Room) -> None:
    folder = tmp_path / "presses"
    folder.mkdir()
    for at, content in enumerate((b"", b"nonsense", b"{}", b'{"id": 3}', b"[" * 3000)):
        (folder / f"{at}.press").write_bytes(content)
    assert list(room.presses.waiting()) == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("payload", "cameras"), [(b"", ()), (b"{}", ()), (b'{"cameras": ["plaza"]}', ("plaza",))]
)
def test_the_topic_is_understood(payload: bytes, cameras: tuple[str, ...]) -> None:
    heard: list[Press] = []
    PanicListener(lambda one: heard.append(one) or True, FakeClock()).heard(payload)
    assert [one.cameras for one in heard] == [cameras]


@pytest.mark.parametrize(
    "payload",
    [b"x", b"[]", b'{"cameras": "plaza"}', b'{"camera": []}', b'{"cameras": ["../x"]}', b"[" * 3000],
)
def test_nonsense_on_the_topic_raises_no_alarm(payload: bytes) -> None:
    heard: list[Press] = []
    PanicListener(lambda one: heard.append(one) or True, FakeClock()).heard(payload)
    assert heard == []


def asked(
    port: int, body: bytes, sort: str = "application/json", path: str = "/panic"
) -> tuple[int, dict[str, object]]:
    wanted = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, {"Content-Type": sort})
    try:
        with urllib.request.urlopen(wanted, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def test_the_button_on_this_machine_answers_with_its_hold() -> None:
    seen: list[tuple[str, ...]] = []

    def pressed(cameras: tuple[str, ...]) -> dict[str, object]:
        if cameras == ("full",):
            raise StorageError("No space left on device")
        seen.append(cameras)
        return {"hold": "0123456789ab"}

    with PanicHttp(0, pressed) as listener:
        assert asked(listener.port, b'{"cameras": ["plaza"]}') == (200, {"hold": "0123456789ab"})
        assert asked(listener.port, b"{}", sort="text/plain")[0] == 400  # what a web page could send
        assert asked(listener.port, b"{}", path="/other")[0] == 400
        assert asked(listener.port, b"x")[0] == 400
        assert asked(listener.port, b"{" + b" " * 9000 + b"}")[0] == 400
        assert asked(listener.port, b'{"cameras": ["full"]}')[0] == 507
    assert seen == [("plaza",)]


def test_a_taken_port_is_a_named_error() -> None:
    with PanicHttp(0, lambda _: {}) as first, pytest.raises(ConfigError, match="http_port"):
        PanicHttp(first.port, lambda _: {})
