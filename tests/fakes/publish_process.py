"""A publish process for tests, quick to retry: `python -m tests.fakes.publish_process OUTBOX URL…`.

It writes its pulses to standard output as JSON lines.
"""

import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.adapters.clock import SystemClock
from edge.adapters.mqtt_broker import MqttBroker, Vitals
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.run.backoff import Backoff
from edge.run.publish import Habits, Publisher
from edge.run.publish_delivery import Pace
from edge.run.publish_routes import Route
from edge.values.message import RedactedMessage, Urgency
from edge.values.pulse import Pulse
from tests.fakes.outbox import BOOT, gap_message

ROOT = Path(__file__).parents[2]
STATUS = "safecity/v1/r/n/status"
HABITS = Habits(Pace(grace_s=2.0, unheard_s=30.0), probe_s=0.2, proofs=3)


def vitals() -> Vitals:
    def say(word: bytes) -> RedactedMessage:
        return RedactedMessage(STATUS, b'{"state":"' + word + b'"}', Urgency.STATE, retain=True)

    return Vitals(say(b"online"), say(b"stopped"), say(b"lost"))


def route_to(url: str, username: str | None = None) -> Route:
    endpoint = MqttEndpoint(url, "node-1", username=username, password=username, keepalive_s=5)
    prober = MqttEndpoint(url, "node-1-probe", username=username, password=username, connect_s=2.0)

    def probe() -> None:
        with MqttBroker(prober, None):
            pass

    return Route(url, lambda: MqttBroker(endpoint, vitals), probe)


@contextmanager
def publisher(outbox: Path, *routes: Route, pulses: list[Pulse] | None = None) -> Iterator[Publisher]:
    backlog = SqliteBacklog(SqliteOutbox(outbox, BOOT), gap_message, SystemClock())

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
        habits=HABITS,
        backoff=Backoff(random.Random(1), first_s=0.05, most_s=0.4),
    )
    backlog.close()


class PublishProcess:
    """The process, started on construction."""

    def __init__(self, outbox: Path, *urls: str) -> None:
        self._command = [sys.executable, "-m", "tests.fakes.publish_process", str(outbox), *urls]
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


def main(outbox: str, *urls: str) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with publisher(Path(outbox), *map(route_to, urls)) as at_work:
        at_work.serve(stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
