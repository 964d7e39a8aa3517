"""An hour's outage: a full outbox drains to the monitoring centre while alarms go on happening.

    python bench/outage.py [ROWS]        72,000 rows unless given: an hour at 20 events per second

Real processes: Mosquitto, `safecity-edge publish` with `delivery: receipt`, `safecity-edge centre` on
SQLite. It prints how long draining took, how long live alarms took from their commit to the centre's, and how
much the publisher grew.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.outbox import BOOT
from tests.fakes.sayings import event_id, saying
from tests.fakes.subscriber import wait_until

PATIENCE_S = 600.0
ALARM_EVERY_S = 0.5
NODE = """
node: n
region: r
data_dir: .
broker: {{urls: ["{url}"], delivery: receipt, receipts: {{unsigned: accept}}}}
outbox: {{max_mib: 256}}
cameras: [{{id: c1, source: none.mp4}}]
"""

LIMITS = OutboxLimits(256 << 20)
"""As a box has them unless told otherwise; an hour of such events takes two thirds of it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """What came of it.

    Attributes:
        rows: messages that waited.
        drain_s: until all of them were in the centre's database.
        alarm_s: how long each live alarm took from its commit to the centre's, ascending.
        overtaken: messages of the backlog that were stored after the first live alarm.
        grown_mib: growth of the publisher's resident memory while draining.
        stored: ids and revisions in the database.
        expected: ids and revisions that were committed.
        again: messages that the publisher sent more than once.
        cpu_us: processor time of publisher, centre and broker per message of the backlog.
    """

    rows: int
    drain_s: float
    alarm_s: tuple[float, ...]
    overtaken: int
    grown_mib: float
    stored: Sequence[tuple[str, int]]
    expected: frozenset[tuple[str, int]]
    again: int
    cpu_us: tuple[float, float, float]

    def alarm_p95_s(self) -> float:
        return self.alarm_s[int(0.95 * (len(self.alarm_s) - 1))]


def fill(path: Path, rows: int) -> None:
    """What an hour without a broker leaves: one event in five is an alarm too."""
    outbox = SqliteOutbox(path, BOOT, LIMITS)
    for start in range(0, rows, 500):
        numbers = range(start, min(start + 500, rows))
        outbox.put([saying(event_id(1, n), alarm=n % 5 == 0, camera=f"c{n % 4}") for n in numbers])
    outbox.close()


@contextmanager
def publishing(folder: Path, url: str) -> Iterator[tuple[psutil.Process, Path]]:
    """The real verb, telling its pulses into a file."""
    config, pulses = folder / "node.yaml", folder / "pulses"
    config.write_text(NODE.format(url=url))
    command = [sys.executable, "-m", "edge.cli", "publish", str(config), "--boot", BOOT, "--supervised"]
    with pulses.open("wb") as out, (folder / "publish.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=log)
    try:
        yield psutil.Process(process.pid), pulses
    finally:
        process.kill()
        process.wait()


def outage(rows: int, folder: Path) -> Outage:
    path = folder / "outbox.db"
    fill(path, rows)
    box = SqliteOutbox(path, BOOT, LIMITS)
    alarms: dict[str, float] = {}
    with (
        Mosquitto(folder / "broker") as broker,
        CentreProcess(folder / "centre", broker.url) as centre,
        publishing(folder, broker.url) as (process, pulses),
    ):
        records = Records(centre.database)
        assert wait_until(lambda: records.count() > 0, PATIENCE_S), (folder / "publish.log").read_text()
        began_s, before = time.monotonic(), process.memory_info().rss
        most = before
        while records.count() < rows + len(alarms) and time.monotonic() - began_s < PATIENCE_S:
            name = event_id(2, len(alarms))
            alarms[name] = time.time()
            box.put([saying(name, alarm=True)])
            most = max(most, process.memory_info().rss)
            time.sleep(ALARM_EVERY_S * random.uniform(0.5, 1.5))
        drain_s = time.monotonic() - began_s
        assert wait_until(lambda: not _waiting(box), PATIENCE_S), "the box keeps what the centre has"
        received = records.received(list(alarms))
        tally = json.loads(pulses.read_text().splitlines()[-1])["counts"]
        spent = tuple(
            sum(one.cpu_times()[:2]) * 1e6 / rows for one in (process, centre.process(), broker.process())
        )
        expected = {(event_id(1, n), 0) for n in range(rows)} | {(name, 0) for name in alarms}
        return Outage(
            rows,
            drain_s,
            tuple(sorted(received[name].timestamp() - at_s for name, at_s in alarms.items())),
            records.after(min(received.values())) - len(alarms),
            (most - before) / 2**20,
            records.events(),
            frozenset(expected),
            tally["resent"],
            spent,
        )


def _waiting(box: SqliteOutbox) -> int:
    return int(box.store.read(lambda db: db.execute("SELECT count(*) FROM messages").fetchone()[0]))


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = outage(rows, Path(folder))
    print(f"{found.rows} waited, {len(found.alarm_s)} alarms went on happening")
    print(f"drained in            {found.drain_s:8.1f} s   ({found.rows / found.drain_s:,.0f} per second)")
    print(f"live alarm, median    {found.alarm_s[len(found.alarm_s) // 2]:8.2f} s")
    print(f"live alarm, p95       {found.alarm_p95_s():8.2f} s")
    print(f"live alarm, longest   {found.alarm_s[-1]:8.2f} s")
    print(f"publisher grew        {found.grown_mib:8.1f} MiB")
    print(f"sent more than once   {found.again:8d}")
    print(
        "processor, microseconds per message: publisher {:.0f}, centre {:.0f}, broker {:.0f}".format(
            *found.cpu_us
        )
    )
    print(f"lost                  {len(found.expected - set(found.stored)):8d}")
    print(f"doubled               {len(found.stored) - len(set(found.stored)):8d}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 72_000)
