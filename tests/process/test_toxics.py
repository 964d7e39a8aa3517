"""A bad network between box, broker and centre: every sequence number arrives, once, or stands in a gap.

Real publisher, broker and centre; a proxy before each of the two makes the way late, slow, sliced, reset or
silent. What a hostile or broken sender delivers to the centre is stored once or set aside, and never ends it.
"""

import json
import random
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from tests.fakes.box import eventually
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.outbox import BOOT
from tests.fakes.publish_process import PublishProcess
from tests.fakes.raw_sender import send
from tests.fakes.sayings import RECEIPTS, event_id, saying
from tests.fakes.toxic_proxy import Toxic, ToxicProxy

pytestmark = pytest.mark.process

LATE = Toxic(latency_s=0.1, jitter_s=0.2)
SLOW = Toxic(bytes_per_s=8_000)
SLICED = Toxic(slice_bytes=7)
RESET = Toxic(reset_after_s=0.2)
SILENT = Toxic(silence=True)
SOUND = Toxic()
EVERY = (LATE, SLOW, SLICED, RESET, SILENT)


class Way:
    """Outbox → publisher → proxy → broker → proxy → centre; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        enter = self._stack.enter_context
        self.broker = enter(Mosquitto(folder / "broker"))
        self.near = enter(ToxicProxy(self.broker.port))
        self.far = enter(ToxicProxy(self.broker.port, seed=2))
        self.path = folder / "outbox.db"
        self.outbox = SqliteOutbox(self.path, BOOT)
        self.centre = enter(CentreProcess(folder, self.far.url))
        self.publisher = PublishProcess(self.path, self.near.url, receipts=RECEIPTS)
        self._stack.callback(self.publisher.kill)
        self._stack.callback(self.outbox.close)
        self.records = Records(self.centre.database)
        self.committed = 0

    def __enter__(self) -> "Way":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def commit(self, events: int) -> None:
        for _ in range(events):
            self.outbox.put([saying(event_id(7, self.committed), alarm=self.committed % 5 == 0)])
            self.committed += 1

    def spoil(self, near: Toxic, far: Toxic) -> None:
        self.near.toxic, self.far.toxic = near, far

    def expected(self) -> set[tuple[str, int]]:
        return {(event_id(7, n), 0) for n in range(self.committed)}

    def everything_is_there(self, within_s: float = 120.0) -> None:
        eventually(
            lambda: set(self.records.events()) >= self.expected(), "every event at the centre", within_s
        )
        stored = self.records.events()
        assert len(stored) == len(set(stored)), "nothing twice"
        assert self.records.ask("SELECT * FROM gaps") == [], "nothing is missing between what came"
        assert self.records.ask("SELECT why FROM quarantine") == []


def moved_or(proxy: ToxicProxy, sent: int, most_s: float) -> None:
    """Let the toxic work on something: until bytes met it, but no longer than that."""
    end_s = time.monotonic() + most_s
    while time.monotonic() < end_s and proxy.tally.bytes + proxy.tally.swallowed < sent:
        time.sleep(0.02)


def test_every_event_arrives_once_whatever_the_network_does(tmp_path: Path) -> None:
    with Way(tmp_path) as way:
        way.commit(20)
        eventually(lambda: len(way.records.events()) >= 20, "a first delivery")
        for toxic in EVERY:
            for near, far in ((toxic, SOUND), (SOUND, toxic)):
                met = way.near.tally.bytes + way.near.tally.swallowed
                way.spoil(near, far)
                way.commit(15)
                moved_or(way.near, met + 15_000, 0.8)
        resets = way.near.tally.resets + way.far.tally.resets
        way.spoil(SOUND, SOUND)
        way.commit(10)
        way.everything_is_there()
        assert resets, "the toxic was at work"
        assert way.near.tally.swallowed, "the toxic was at work"
        eventually(lambda: _waiting(way) == 0, "receipts for everything")


@pytest.mark.soak
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("seed", range(3))
def test_ten_minutes_of_a_bad_network(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    with Way(tmp_path) as way:
        end_s = time.monotonic() + 600.0
        while time.monotonic() < end_s:
            way.spoil(draw.choice((SOUND, *EVERY)), draw.choice((SOUND, *EVERY)))
            if draw.random() < 0.2:
                draw.choice((way.near, way.far)).cut()
            way.commit(draw.randrange(60))
            time.sleep(draw.uniform(0.0, 4.0))
        way.spoil(SOUND, SOUND)
        way.everything_is_there(300.0)


def _waiting(way: Way) -> int:
    return int(way.publisher.pulses()[-1]["backlog_rows"]) + int(way.publisher.pulses()[-1]["unreceipted"])


def test_what_is_doubled_shuffled_malformed_or_too_large_does_not_end_the_centre(tmp_path: Path) -> None:
    draw = random.Random(11)
    good = [saying(event_id(8, n)) for n in range(60)]
    stamped = [(each.topic, each.stamped(BOOT, number)) for number, each in enumerate(good)]
    bad = list(_bad(draw, *stamped[0]))
    everything = [*stamped, *stamped, *draw.sample(stamped, 30), *bad]
    draw.shuffle(everything)
    with Mosquitto(tmp_path / "broker") as broker, CentreProcess(tmp_path, broker.url) as centre:
        send(broker.port, everything)
        records = Records(centre.database)
        expected = {(event_id(8, n), 0) for n in range(60)}
        eventually(lambda: set(records.events()) == expected, "every good message")
        eventually(
            lambda: len(records.ask("SELECT why FROM quarantine")) >= len(bad), "every bad one set aside"
        )
        send(broker.port, [(saying(event_id(8, 60)).topic, saying(event_id(8, 60)).stamped(BOOT, 60))])
        eventually(lambda: len(records.events()) == 61, "the centre goes on")
        assert len(set(records.events())) == 61
        assert records.ask("SELECT * FROM gaps") == []
        for (reason,) in (tuple(row) for row in records.ask("SELECT why FROM quarantine")):  # type: ignore[call-overload]
            assert reason


def _bad(draw: random.Random, topic: str, payload: bytes) -> Sequence[tuple[str, bytes]]:
    """What no box sends."""
    said = json.loads(payload)
    return [
        (topic, b""),
        (topic, b"\xff\xfe\x00"),
        (topic, draw.randbytes(5000)),
        (topic, payload[: len(payload) // 2]),
        (topic, payload + b"}"),
        (topic, b"[" * 100_000),
        (topic, b'{"a":' * 50_000),
        (topic, json.dumps({**said, "fill": "x" * 300_000}).encode()),
        (topic, json.dumps({**said, "data": {**said["data"], "face": "embedding"}}).encode()),
        (topic, json.dumps({**said, "sequence": -1}).encode()),
        (topic, json.dumps({**said, "sequence": 10**40}).encode()),
        (topic, json.dumps({**said, "sequence": "1e999"}).encode()),
        (topic, json.dumps([said]).encode()),
        (topic, b"null"),
        (topic, b"NaN"),
        (topic.replace("/n/", "/other/"), payload),
    ]
