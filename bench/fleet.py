"""Many boxes, several brokers, a group of ingesters, one PostgreSQL; a broker and an ingester die midway.

    python bench/fleet.py [BOXES [EVENTS_PER_S [SECONDS]]]        1000 2000 60 unless given

Brokers, ingesters and database are the real programs. The boxes are simulated: each has its own names, boot,
sequence numbers and memory of what was not receipted, and sends that again; many share a connection.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.messages.receipt import parse_receipt
from edge.privacy.spec import Origin
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.postgres import Postgres
from tests.fakes.sayings import event_id, saying
from tests.fakes.subscriber import wait_until

BOOT = "boot-1"
AGAIN_S = 3.0
MOST_AGAIN = 2000
"""Messages that one connection sends again at a time: what a broker queues is bounded."""
PATIENCE_S = 300.0


@dataclass(slots=True)
class Box:
    """One simulated box.

    Attributes:
        sequence: the next number.
        waiting: topic, bytes and time of sending of what was not receipted.
    """

    origin: Origin
    sequence: int = 0
    waiting: dict[int, tuple[str, bytes, float]] = field(default_factory=dict)


class Crowd:
    """Boxes that share connections to brokers; when one dies they go on over the others."""

    def __init__(self, ports: Sequence[int], boxes: int) -> None:
        self.boxes = [Box(Origin("r", f"box-{n}")) for n in range(boxes)]
        self._by_topic = {box.origin.topic("receipt"): box for box in self.boxes}
        self._lock = threading.Lock()
        self._clients = [self._client(port) for port in ports]
        self._committed = 0

    def commit(self, events: int) -> None:
        """So many events happen, one box after the other."""
        now = time.monotonic()
        for _ in range(events):
            box = self.boxes[self._committed % len(self.boxes)]
            self._committed += 1
            message = saying(event_id(3, self._committed), origin=box.origin)
            payload = message.stamped(BOOT, box.sequence)
            with self._lock:
                box.waiting[box.sequence] = message.topic, payload, now
            box.sequence += 1
            self._send(box, message.topic, payload)

    def send_again(self) -> None:
        """What was not receipted for too long goes again."""
        now = time.monotonic()
        with self._lock:
            late = [
                (box, number, each)
                for box in self.boxes
                for number, each in box.waiting.items()
                if now - each[2] > AGAIN_S
            ][:MOST_AGAIN]
            for box, number, (topic, payload, _) in late:
                box.waiting[number] = topic, payload, now
        for box, _, (topic, payload, _) in late:
            self._send(box, topic, payload)

    def waiting(self) -> int:
        """Messages that were not receipted."""
        with self._lock:
            return sum(len(box.waiting) for box in self.boxes)

    def expected(self) -> set[tuple[str, int]]:
        """Every event that happened."""
        return {(event_id(3, n), 0) for n in range(1, self._committed + 1)}

    def close(self) -> None:
        for client in self._clients:
            client.disconnect()
            client.loop_stop()

    def _send(self, box: Box, topic: str, payload: bytes) -> None:
        alive = [client for client in self._clients if client.is_connected()]
        if alive:
            alive[hash(box.origin) % len(alive)].publish(topic, payload, 1)

    def _client(self, port: int) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        client.reconnect_delay_set(1, 1)
        client.max_inflight_messages = 200
        client.on_connect = lambda one, *_: one.subscribe("safecity/v1/r/+/receipt", 1)
        client.on_message = self._on_message
        client.connect("127.0.0.1", port)
        client.loop_start()
        return client

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        receipts = parse_receipt(message.topic, message.payload).receipts()
        box = self._by_topic[message.topic]
        with self._lock:
            for receipt in receipts:
                for number in [each for each in box.waiting if each in receipt.numbers]:
                    del box.waiting[number]


@dataclass(frozen=True, slots=True)
class Fleet:
    """What came of it: what happened, what is stored, and how long it took after the last event."""

    expected: set[tuple[str, int]]
    stored: Sequence[tuple[str, int]]
    unreceipted: int
    bad: int
    after_s: float


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
        _go_on(crowd, per_s, for_s / 2)
        mosquittos[0].kill()
        centres[0].kill()
        _go_on(crowd, per_s, for_s / 2)
        began_s = time.monotonic()
        assert wait_until(lambda: bool(crowd.send_again()) or not crowd.waiting(), PATIENCE_S), (
            crowd.waiting()
        )
        after_s = time.monotonic() - began_s
        records = Records(postgres.url)
        bad = len(records.ask("SELECT 1 FROM quarantine"))
        return Fleet(crowd.expected(), records.events(), crowd.waiting(), bad, after_s)


def _go_on(crowd: Crowd, per_s: int, for_s: float) -> None:
    """Events happen at an even rate; a machine that cannot keep up is caught up with."""
    began_s, done = time.monotonic(), 0
    while (past_s := time.monotonic() - began_s) < for_s:
        due = int(past_s * per_s) - done
        crowd.commit(due)
        done += due
        crowd.send_again()
        time.sleep(0.02)


def main(boxes: int = 1000, per_s: int = 2000, for_s: int = 60) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = fleet(boxes, per_s, float(for_s), Path(folder))
    print(f"{boxes} boxes, {len(found.expected)} events in {for_s} s; a broker and an ingester of 3 died")
    print(f"everything receipted {found.after_s:.1f} s after the last event")
    print(f"lost                 {len(found.expected - set(found.stored)):8d}")
    print(f"doubled              {len(found.stored) - len(set(found.stored)):8d}")
    print(f"set aside            {found.bad:8d}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
