"""Hear, store, confirm, receipt: in that order, also when the database is away."""

import queue
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from edge.centre.glance import Glance
from edge.centre.ingest import GATHER_S, MOST_GATHER_S, Ingest, gather_s
from edge.messages.arrival import Arrival, Committed, Unfit, understood
from edge.run.backoff import Backoff
from edge.values.errors import StorageError
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.outbox import BOOT
from tests.fakes.sayings import ORIGIN, event_id, saying
from tests.fakes.subscriber import wait_until


@dataclass(eq=False)
class Voice:
    log: list[str]

    def say(self, topic: str, payload: bytes) -> None:
        self.log.append(f"receipt {topic}")


@dataclass
class Heard:
    by: Voice
    topic: str
    payload: bytes
    log: list[str]

    def confirm(self) -> None:
        self.log.append("confirm")


@dataclass
class Store:
    log: list[str]
    failures: int = 0
    batches: list[int] = field(default_factory=list)

    def commit(self, came: Sequence[Arrival | Unfit], now: datetime) -> Committed:
        if self.failures:
            self.failures -= 1
            self.log.append("away")
            raise StorageError("database: gone")
        self.log.append("commit")
        self.batches.append(len(came))
        good = [each for each in came if isinstance(each, Arrival)]
        standings = {ORIGIN: (Receipt(BOOT, Spans(((0, 0),))),)} if good else {}
        return Committed(standings, len(good), 0, len(came) - len(good))


@contextmanager
def serving(store: Store, inbox: "queue.Queue[Any]") -> Iterator[None]:
    stop = threading.Event()
    glance = Glance(UTC, lambda: "1 box", lambda: "12:00:00")
    ingest = Ingest(
        "c", inbox, store, glance, understood, Backoff(random.Random(1), first_s=0.001, most_s=0.01)
    )
    thread = threading.Thread(target=ingest.serve, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join()


def hear(inbox: "queue.Queue[Any]", log: list[str], *payloads: bytes) -> None:
    for payload in payloads:
        inbox.put(Heard(Voice(log), "safecity/v1/r/n/event/c1/occupancy", payload, log))


GOOD = saying(event_id(0, 0)).stamped(BOOT, 0)


def test_nothing_is_confirmed_or_receipted_before_it_is_committed() -> None:
    log: list[str] = []
    inbox: queue.Queue[Any] = queue.Queue()
    with serving(Store(log), inbox):
        hear(inbox, log, GOOD)
        assert wait_until(lambda: len(log) == 3)
    assert log == ["commit", "confirm", "receipt safecity/v1/r/n/receipt"]


def test_while_the_database_is_away_nothing_is_confirmed_and_the_batch_is_kept() -> None:
    log: list[str] = []
    inbox: queue.Queue[Any] = queue.Queue()
    with serving(Store(log, failures=3), inbox):
        hear(inbox, log, GOOD)
        assert wait_until(lambda: "confirm" in log)
    assert log[:5] == ["away", "away", "away", "commit", "confirm"]


def test_a_bad_message_is_stored_as_such_and_confirmed_so_that_it_does_not_come_for_ever() -> None:
    log: list[str] = []
    inbox: queue.Queue[Any] = queue.Queue()
    with serving(Store(log), inbox):
        hear(inbox, log, b"nonsense")
        assert wait_until(lambda: "confirm" in log)
    assert log == ["commit", "confirm"]


def test_what_waits_goes_together() -> None:
    log: list[str] = []
    inbox: queue.Queue[Any] = queue.Queue()
    store = Store(log)
    hear(inbox, log, *([GOOD] * 120))
    with serving(store, inbox):
        assert wait_until(lambda: log.count("confirm") == 120)
    assert store.batches == [120]


def test_stopping_while_the_database_is_away_ends_without_confirming() -> None:
    log: list[str] = []
    inbox: queue.Queue[Any] = queue.Queue()
    hear(inbox, log, GOOD)
    with serving(Store(log, failures=10**9), inbox):
        assert wait_until(lambda: "away" in log)
    assert "confirm" not in log


def test_the_slower_the_database_the_longer_a_batch_gathers_within_bounds() -> None:
    """Or a slow one would be asked for a few messages at a time, and be slower for that."""
    assert gather_s(0.0) == GATHER_S
    assert gather_s(0.02) == pytest.approx(0.08)
    assert gather_s(30.0) == MOST_GATHER_S
