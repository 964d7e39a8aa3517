"""Events committed per second, beside what the disk can do and what bare SQLite can do on it.

    python bench/outbox.py [--seconds 3] [--folder DIR]

Every commit is an fsync, so one event per commit can never be faster than the disk's own fsync rate: the
first line measures that rate, and the ratio of each line to its own bare counterpart is what this code
costs. `--folder /dev/shm` takes the disk out and shows the processor's share alone. Runs are interleaved,
the median of the rounds is printed.
"""

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.values.message import RedactedMessage, Urgency

ROUNDS = 5
BATCH = 200
BODY = b'{"data":{"fill":"' + b"x" * 780 + b'"}}'
LIMITS = OutboxLimits(size_bytes=4 << 30)


def events(number: Iterator[int], size: int) -> list[RedactedMessage]:
    topic = "safecity/v1/region/node/event/camera/zone-entry"
    return [RedactedMessage(topic, BODY, Urgency.ALARM, f"event-{next(number):012d}") for _ in range(size)]


def fsyncs(folder: Path) -> Callable[[], int]:
    handle = os.open(folder / "plain", os.O_CREAT | os.O_WRONLY)

    def step() -> int:
        os.pwrite(handle, BODY, 0)
        os.fdatasync(handle)
        return 1

    return step


def bare(folder: Path, size: int) -> Callable[[], int]:
    db = sqlite3.connect(folder / f"bare{size}.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE messages(key INTEGER PRIMARY KEY, topic TEXT, payload BLOB)")
    rows = [("safecity/v1/region/node/event/camera/zone-entry", BODY)] * size

    def step() -> int:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO messages(topic, payload) VALUES (?, ?)", rows)
        db.execute("COMMIT")
        return size

    return step


def ours(folder: Path, size: int) -> Callable[[], int]:
    outbox = SqliteOutbox(folder / f"outbox{size}.db", "boot-1", LIMITS)
    number = count()

    def step() -> int:
        outbox.put(events(number, size))
        return size

    return step


def rate(step: Callable[[], int], seconds: float) -> float:
    done, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < seconds:
        done += step()
    return done / took


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="per measurement, over all rounds")
    parser.add_argument("--folder", type=Path, default=None, help="where the files go; the disk measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        steps = {
            "fsync alone": fsyncs(folder),
            "bare SQLite, singly": bare(folder, 1),
            "outbox, singly": ours(folder, 1),
            f"bare SQLite, {BATCH} at once": bare(folder, BATCH),
            f"outbox, {BATCH} at once": ours(folder, BATCH),
        }
        rates: dict[str, list[float]] = {name: [] for name in steps}
        for _ in range(ROUNDS):
            for what, step in steps.items():
                rates[what].append(rate(step, options.seconds / ROUNDS))
    medians = {what: statistics.median(found) for what, found in rates.items()}
    for what, median in medians.items():
        print(f"{what:<28}{median:>10,.0f} per second")
    for how in ("singly", f"{BATCH} at once"):
        ratio = medians[f"outbox, {how}"] / medians[f"bare SQLite, {how}"]
        print(f"{f'outbox of bare, {how}':<28}{ratio:>10.2f}")


if __name__ == "__main__":
    main()
