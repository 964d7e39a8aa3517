"""A whole box whose clock is set while it runs: it goes on, tells events at once, and keeps its footage."""

import struct
from pathlib import Path

import pytest

from edge.adapters.footage_room import FootageRoom
from edge.values.moment import NS_PER_S
from edge.values.segment import Segment
from edge.values.unrecorded import Unrecorded
from tests.fakes.box import Box, eventually
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.governed import recording_box
from tests.fakes.mosquitto import Mosquitto

pytestmark = [pytest.mark.process, pytest.mark.soak, pytest.mark.timeout(1200)]

HOUR_S, YEARS_S = 3_600, 315_532_800
STEPS_S = (HOUR_S, -HOUR_S, YEARS_S, -YEARS_S)
SET = """
import mmap, struct, time
with open({path!r}, "rb") as _file:
    _told = mmap.mmap(_file.fileno(), 8, access=mmap.ACCESS_READ)
_ns, _s = time.time_ns, time.time
time.time_ns = lambda: _ns() + struct.unpack("q", _told)[0] * 10**9
time.time = lambda: _s() + struct.unpack("q", _told)[0]
"""
LONGEST_S = 10
"""Of segments that are to be two seconds long, on a machine with much else to do."""


class SetClock:
    """What a box's processes of Python take for UTC, set while they run; the monotonic clock goes on."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder.mkdir()
        self._file = folder / "offset"
        self.ahead(0)
        (folder / "sitecustomize.py").write_text(SET.format(path=str(self._file)))
        monkeypatch.setenv("PYTHONPATH", str(folder))

    def ahead(self, seconds: int) -> None:
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))


def footage(box: Box) -> tuple[list[Segment], list[Unrecorded], int]:
    """Segments, gaps, and how many slots were deleted."""
    room = FootageRoom(box.folder / "var" / "footage")
    try:
        return room.catalogue.segments(), room.catalogue.unrecorded(), len(room.holdings.deletions())
    finally:
        room.close()


def plans(box: Box) -> float:
    """When the keeper looked at its time last."""
    return (box.folder / "var" / "footage" / "time.json").stat().st_mtime


def goes_on(box: Box, centre: Records) -> None:
    """Events reach the centre and leave the outbox, footage is sealed, and the keeper plans twice."""
    stored, sealed = centre.count(), len(footage(box)[0])
    for _ in range(2):
        before = plans(box)
        eventually(lambda before=before: plans(box) > before, box.said)
    eventually(lambda: centre.count() > stored + 20, box.said)
    eventually(lambda: len(footage(box)[0]) >= sealed + 4, box.said)
    eventually(lambda: box.waiting() < 20, box.said)


def test_a_box_goes_on_and_deletes_nothing_while_its_clock_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mosquitto(tmp_path / "broker") as broker, CentreProcess(tmp_path / "centre", broker.url) as centre:
        records = Records(centre.database)
        box, _ = recording_box(tmp_path / "box", broker.url)
        box.configure(
            broker={"urls": [broker.url], "delivery": "receipt", "receipts": {"unsigned": "accept"}}
        )
        clock = SetClock(tmp_path / "clock", monkeypatch)
        with box:
            box.start()
            eventually(lambda: records.count() > 20, box.said)
            eventually(lambda: footage(box)[0], box.said)
            processes = {role: process.pid for role, process in box.look().items()}
            for step_s in STEPS_S:
                for seconds in (step_s, 0):
                    clock.ahead(seconds)
                    goes_on(box, records)
            assert {role: process.pid for role, process in box.look().items()} == processes
            assert box.stop() == 0
        segments, gaps, deleted = footage(box)
        assert (gaps, deleted) == ([], 0)
        assert max(each.ended_ns - each.began_ns for each in segments) < LONGEST_S * NS_PER_S
        years = {each.id.slot.stamp[:4] for each in segments}
        assert len(years) == 3
        assert records.ask("SELECT * FROM gaps") == []
        assert records.ask("SELECT * FROM quarantine") == []
