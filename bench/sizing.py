"""What broker, ingester and database take for a message and a box: the figures of docs/operator/sizing.md.

    python bench/sizing.py [MESSAGES]        20,000 unless given; about two minutes

Real Mosquitto, real `safecity-edge centre` on SQLite and on PostgreSQL. Processor time per message is told
beside the rate, because it says what a core carries whatever else the machine does; memory per connection is
that of idle boxes.
"""

import socket
import struct
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

from edge.privacy.spec import Origin
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.postgres import Postgres
from tests.fakes.raw_sender import send
from tests.fakes.sayings import event_id, saying
from tests.fakes.subscriber import wait_until

BOXES = 200
IDLE = 1000
PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What messages took: rate, processor time of broker and ingester for each, bytes in the database."""

    per_s: float
    broker_us: float
    ingester_us: float
    stored_bytes: float


def cpu_s(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def sayings(count: int) -> list[tuple[str, bytes]]:
    origins = [Origin("r", f"box-{n}") for n in range(BOXES)]
    said = [saying(event_id(5, n), origin=origins[n % BOXES]) for n in range(count)]
    return [(each.topic, each.stamped("boot-1", n // BOXES)) for n, each in enumerate(said)]


def ingest(count: int, folder: Path, database: str, size: "Size") -> Cost:
    """A backlog from many boxes at once, until it is stored."""
    more = f"database: {{url: '{database}'}}" if database else ""
    with (
        Mosquitto(folder / "broker", "max_queued_messages 0") as broker,
        CentreProcess(folder, broker.url, more=more) as centre,
    ):
        records = Records(database or centre.database)
        before = cpu_s(broker.process()), cpu_s(centre.process()), size(records)
        began_s = time.monotonic()
        send(broker.port, sayings(count))
        assert wait_until(lambda: records.ask("SELECT count(*) FROM messages")[0][0] >= count, PATIENCE_S)  # type: ignore[index]
        took_s = time.monotonic() - began_s
        after = cpu_s(broker.process()), cpu_s(centre.process()), size(records)
    spent = [(late - early) / count for early, late in zip(before, after, strict=True)]
    return Cost(count / took_s, spent[0] * 1e6, spent[1] * 1e6, spent[2])


class Size:
    """Bytes of a database."""

    def __init__(self, query: str) -> None:
        self._query = query

    def __call__(self, records: Records) -> float:
        return float(records.ask(self._query)[0][0])  # type: ignore[index]


SQLITE = Size("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
POSTGRES = Size("SELECT pg_database_size(current_database())")


def connect(name: str) -> bytes:
    """An MQTT 5 CONNECT with a keep-alive of a minute."""
    text = name.encode()
    body = b"\x00\x04MQTT\x05\x02" + struct.pack("!H", 60) + b"\x00" + struct.pack("!H", len(text)) + text
    return bytes((0x10, len(body))) + body


def idle_kib(folder: Path) -> float:
    """Memory of a broker for each box that is connected and says nothing."""
    with ExitStack() as stack:
        broker = stack.enter_context(Mosquitto(folder))
        before = broker.process().memory_info().rss
        for n in range(IDLE):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", broker.port)))
            line.sendall(connect(f"box-{n}"))
            assert line.recv(1) == b"\x20"
        return float(broker.process().memory_info().rss - before) / IDLE / 1024


def main(count: int = 20_000) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        print(f"{idle_kib(folder / 'idle'):8.1f} KiB of broker for an idle box, without TLS")
        rows = {"SQLite": ingest(count, folder / "sqlite", "", SQLITE)}
        with Postgres() as postgres:
            rows["PostgreSQL"] = ingest(count, folder / "postgres", postgres.url, POSTGRES)
    for name, cost in rows.items():
        print(
            f"{cost.per_s:8.0f} messages/s into {name}: {cost.broker_us:.0f} µs of broker and "
            f"{cost.ingester_us:.0f} µs of ingester each, {cost.stored_bytes:.0f} bytes stored"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
