"""A publish process for tests, quick to retry: `python -m tests.fakes.publish_process OUTBOX RECEIPTS URL…`.

RECEIPTS is the topic of a monitoring centre's receipts, or "" where the broker's word is enough.

It writes its pulses to standard output as JSON lines.
"""

import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, MutableSequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from edge.adapters.clock import SystemClock
from edge.adapters.mqtt_broker import MqttBroker, Vitals
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.run.backoff import Backoff
from edge.run.publish import Habits, Publisher
from edge.run.publish_pace import Pace
from edge.run.publish_receipts import Patience, ReceiptDelivery
from edge.run.publish_routes import Route
from edge.values.message import RedactedMessage, Urgency
from edge.values.pulse import Pulse
from tests.fakes.outbox import BOOT, gap_message
from tests.fakes.sayings import real_gap, real_vitals

ROOT = Path(__file__).parents[2]
STATUS = "safecity/v1/r/n/status"
PATIENCE = Patience(receipt_s=2.0, most_s=4.0, rejoin_s=0.5)
HABITS = Habits(Pace(grace_s=2.0, unheard_s=30.0), probe_s=0.2, proofs=3)
PATIENT = replace(HABITS, pace=replace(HABITS.pace, unheard_s=600.0))
"""For tests of who waits for whom, on machines that may be slow."""


def vitals() -> Vitals:
    def say(word: bytes) -> RedactedMessage:
        return RedactedMessage(STATUS, b'{"state":"' + word + b'"}', Urgency.STATE, retain=True)

    return Vitals(say(b"online"), say(b"stopped"), say(b"lost"))


def births(receipts: str) -> Callable[[], Vitals]:
    return real_vitals if receipts else vitals


def route_to(url: str, username: str | None = None, receipts: str = "") -> Route:
    endpoint = MqttEndpoint(url, "node-1", username=username, password=username, keepalive_s=5)
    prober = MqttEndpoint(url, "node-1-probe", username=username, password=username, connect_s=2.0)

    def probe() -> None:
        with MqttBroker(prober, None):
            pass

    return Route(url, lambda: MqttBroker(endpoint, births(receipts), receipts), probe)


@contextmanager
def publisher(
    outbox: Path,
    *routes: Route,
    pulses: MutableSequence[Pulse] | None = None,
    receipts: bool = False,
    habits: Habits = HABITS,
) -> Iterator[Publisher]:
    told = real_gap if receipts else gap_message
    backlog = SqliteBacklog(SqliteOutbox(outbox, BOOT), told, SystemClock(), overtaking=receipts)

    def show(pulse: Pulse) -> None:
        if pulses is None:
            print(json.dumps({"state": pulse.state, **pulse.counts}), flush=True)
        else:
            pulses.append(pulse)

    yield Publisher(
        backlog,
        routes,
        SystemClock(),
        stock=backlog.stock,
        on_pulse=show,
        habits=habits,
        backoff=Backoff(random.Random(1), first_s=0.05, most_s=0.4),
        delivery=ReceiptDelivery(habits.pace, PATIENCE) if receipts else None,
    )
    backlog.close()


class PublishProcess:
    """The process, started on construction."""

    def __init__(self, outbox: Path, *urls: str, receipts: str = "") -> None:
        self._command = [sys.executable, "-m", "tests.fakes.publish_process", str(outbox), receipts, *urls]
        self._log = outbox.with_name("publish.log")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=Path(__file__).parents[2]
            )

    def kill(self) -> None:
        """With no chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def pulses(self) -> list[dict[str, int | str]]:
        lines = self._log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def main(outbox: str, receipts: str, *urls: str) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    routes = [route_to(url, receipts=receipts) for url in urls]
    with publisher(Path(outbox), *routes, receipts=bool(receipts)) as at_work:
        at_work.serve(stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
