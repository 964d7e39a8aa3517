"""Many boxes, several brokers, a group of ingesters, one PostgreSQL; a broker and an ingester die midway.

    python bench/fleet.py [BOXES [EVENTS_PER_S [SECONDS]]]        1000 2000 60 unless given

Brokers, ingesters and database are the real programs. The boxes are simulated: each has its own names, boot,
sequence numbers and memory of what was not receipted, and sends that again; many share a connection.
"""

import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.messages.receipt import parse_receipt
from edge.privacy.spec import Origin
from edge.values.message import RedactedMessage
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.postgres import Postgres
from tests.fakes.sayings import event_id, saying
from tests.fakes.subscriber import wait_until

BOOT = "boot-1"
EXAMPLE = event_id(3, 0)
AGAIN_S = 5.0
"""How long a box waits for a receipt before it sends again, as a real one does while others come."""
WINDOW = 200
"""Messages of one connection that the broker may not have acknowledged."""
PATIENCE_S = 300.0


@dataclass(slots=True)
class Box:
    """One simulated box.

    Attributes:
        example: an event of it, of which others are made by their id.
        sequence: the next number.
        waiting: what was not receipted, by its number.
    """

    origin: Origin
    example: RedactedMessage
    sequence: int = 0
    waiting: dict[int, bytes] = field(default_factory=dict)


class Line:
    """One connection to a broker, with a bound on what it was not acknowledged for; many boxes share it."""

    def __init__(self, port: int, heard: Callable[[str, bytes], None]) -> None:
        """Connected; `heard` is told every receipt."""
        self._heard = heard
        self._room = threading.BoundedSemaphore(WINDOW)
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.max_inflight_messages = 0  # by the bound here: a queue in the client is walked for each
        self._client.on_connect = lambda one, *_: one.subscribe("safecity/v1/r/+/receipt", 1)
        self._client.on_message = self._on_message
        self._client.on_publish = lambda *_: self._room.release()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def is_up(self) -> bool:
        return self._client.is_connected()

    def sent(self, topic: str, payload: bytes) -> bool:
        """Whether there was room for it."""
        if not self._room.acquire(blocking=False):
            return False
        self._client.publish(topic, payload, 1)
        return True

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        self._heard(message.topic, bytes(message.payload))


class Crowd:
    """Boxes that share connections to brokers; when one dies they go on over the others."""

    def __init__(self, ports: Sequence[int], boxes: int) -> None:
        origins = [Origin("r", f"box-{n}") for n in range(boxes)]
        self.boxes = [Box(origin, saying(EXAMPLE, origin=origin)) for origin in origins]
        self._by_topic = {box.origin.topic("receipt"): box for box in self.boxes}
        self._lock = threading.Lock()
        self._ready: deque[tuple[Box, int]] = deque()
        self._sent: deque[tuple[float, Box, int]] = deque()
        self._lines = [Line(port, self._heard) for port in ports]
        self._committed = 0

    def commit(self, events: int) -> None:
        """So many events happen, one box after the other."""
        for _ in range(events):
            box = self.boxes[self._committed % len(self.boxes)]
            self._committed += 1
            name = event_id(3, self._committed).encode()
            payload = box.example.stamped(BOOT, box.sequence).replace(EXAMPLE.encode(), name)
            with self._lock:
                box.waiting[box.sequence] = payload
            self._ready.append((box, box.sequence))
            box.sequence += 1

    def send(self) -> None:
        """What is new, and what was sent and not receipted for too long, as far as there is room."""
        now = time.monotonic()
        while self._sent and self._sent[0][0] <= now:
            _, box, number = self._sent.popleft()
            self._ready.append((box, number))
        lines = [each for each in self._lines if each.is_up()]
        while self._ready and lines:
            box, number = self._ready[0]
            with self._lock:
                payload = box.waiting.get(number)
            if payload is not None:
                if not lines[hash(box.origin) % len(lines)].sent(box.example.topic, payload):
                    return
                self._sent.append((now + AGAIN_S, box, number))
            self._ready.popleft()

    def is_through(self) -> bool:
        """Send what is left; whether nothing is."""
        self.send()
        return not self.waiting()

    def waiting(self) -> int:
        """Messages that were not receipted."""
        with self._lock:
            return sum(len(box.waiting) for box in self.boxes)

    def expected(self) -> set[tuple[str, int]]:
        """Every event that happened."""
        return {(event_id(3, n), 0) for n in range(1, self._committed + 1)}

    def close(self) -> None:
        for line in self._lines:
            line.close()

    def _heard(self, topic: str, payload: bytes) -> None:
        receipts = parse_receipt(topic, payload).receipts()
        waiting = self._by_topic[topic].waiting
        with self._lock:
            for receipt in receipts:
                for number in [each for each in waiting if each in receipt.numbers]:
                    del waiting[number]


@dataclass(frozen=True, slots=True)
class Fleet:
    """What came of it: what happened, what is stored, and how long it took after the last event."""

    expected: set[tuple[str, int]]
    stored: Sequence[tuple[str, int]]
    unreceipted: int
    bad: int
    after_s: float
    spent_s: dict[str, float]


class Spent:
    """Processor time of the parts from now on; of one that ended, what it had taken at the last look."""

    def __init__(self, parts: dict[str, Callable[[], Sequence[psutil.Process]]]) -> None:
        self._parts = parts
        self._seen: dict[tuple[str, int], float] = {}
        self.look()
        self._before = dict(self._seen)

    def look(self) -> None:
        for part, processes in self._parts.items():
            for each in processes():
                with suppress(psutil.NoSuchProcess):
                    times = each.cpu_times()
                    self._seen[part, each.pid] = times.user + times.system

    def by_part(self) -> dict[str, float]:
        spent = dict.fromkeys(self._parts, 0.0)
        for key, seen_s in self._seen.items():
            spent[key[0]] += seen_s - self._before.get(key, 0.0)
        return spent


def fleet(
    boxes: int, per_s: int, for_s: float, folder: Path, *, brokers: int = 3, ingesters: int = 3
) -> Fleet:
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres())
        mosquittos = [stack.enter_context(Mosquitto(folder / f"broker-{n}")) for n in range(brokers)]
        more = f"group: all\ndatabase: {{url: '{postgres.url}'}}"
        urls = [one.url for one in mosquittos]
        centres = [CentreProcess(folder, *urls, name=f"centre-{n}", more=more) for n in range(ingesters)]
        for centre in centres:
            stack.callback(centre.kill)
        for centre in centres:
            assert wait_until(lambda one=centre: one.is_listening(brokers)), centre.log.read_text()
        crowd = Crowd([one.port for one in mosquittos], boxes)
        stack.callback(crowd.close)
        spent = _spent(mosquittos, centres, postgres)
        _go_on(crowd, per_s, for_s / 2)
        spent.look()
        mosquittos[0].kill()
        centres[0].kill()
        _go_on(crowd, per_s, for_s / 2)
        began_s = time.monotonic()
        assert wait_until(crowd.is_through, PATIENCE_S), crowd.waiting()
        after_s = time.monotonic() - began_s
        spent.look()
        records = Records(postgres.url)
        bad = len(records.ask("SELECT 1 FROM quarantine"))
        return Fleet(crowd.expected(), records.events(), crowd.waiting(), bad, after_s, spent.by_part())


def _spent(mosquittos: Sequence[Mosquitto], centres: Sequence[CentreProcess], postgres: Postgres) -> Spent:
    brokers, ingesters = [one.process() for one in mosquittos], [one.process() for one in centres]
    return Spent(
        {
            "boxes": lambda: [psutil.Process()],
            "brokers": lambda: brokers,
            "ingesters": lambda: ingesters,
            "database": postgres.processes,
        }
    )


def _go_on(crowd: Crowd, per_s: int, for_s: float) -> None:
    """Events happen at an even rate; a machine that cannot keep up is caught up with."""
    began_s, done = time.monotonic(), 0
    while (past_s := time.monotonic() - began_s) < for_s:
        due = int(past_s * per_s) - done
        crowd.commit(due)
        done += due
        crowd.send()
        time.sleep(0.02)


def main(boxes: int = 1000, per_s: int = 2000, for_s: int = 60) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = fleet(boxes, per_s, float(for_s), Path(folder))
    print(f"{boxes} boxes, {len(found.expected)} events in {for_s} s; a broker and an ingester of 3 died")
    print(f"everything receipted {found.after_s:.1f} s after the last event")
    print(f"lost                 {len(found.expected - set(found.stored)):8d}")
    print(f"doubled              {len(found.stored) - len(set(found.stored)):8d}")
    print(f"set aside            {found.bad:8d}")
    each_us = {part: spent_s * 1e6 / len(found.expected) for part, spent_s in found.spent_s.items()}
    told = ", ".join(f"{part} {us:.0f}" for part, us in each_us.items())
    print(f"µs of a core for an event: {told}; a core carries {1e6 / sum(each_us.values()):.0f}/s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
