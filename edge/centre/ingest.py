"""The loop of a monitoring centre: hear, store, confirm, receipt; in that order and no other.

Law: nothing is confirmed to a broker or receipted to a box that is not committed. While the database is
away, the same batch is tried again for ever, and the brokers wait. A message that cannot be understood is
stored as such and confirmed, or it would come for ever.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from edge.centre.glance import Glance
from edge.centre.receipts import Receipts, Voice
from edge.messages.arrival import Arrival, Committed, Unfit
from edge.ports import Signer
from edge.run.backoff import Backoff
from edge.values.errors import StorageError

log = logging.getLogger("centre")

MOST_IN_A_BATCH = 500
IDLE_S = 0.2
GATHER_S, MOST_GATHER_S = 0.03, 0.2
GATHER_COMMITS = 4.0
"""After a batch the next one gathers for as long as so many commits: one of 100 costs little more than one of
10, so however slow the database is, a fifth of the time goes to it while batches are not full."""


class Heard(Protocol):
    """A message from a broker."""

    @property
    def by(self) -> Voice:
        """The connection it came on."""

    @property
    def topic(self) -> str:
        """Its topic."""

    @property
    def payload(self) -> bytes:
        """Its bytes."""

    def confirm(self) -> None:
        """Tell the broker that it was taken."""


class Inbox(Protocol):
    """Where messages wait: a `queue.Queue`."""

    def get(self, block: bool = True, timeout: float | None = None) -> Heard:
        """The next message; raises `queue.Empty` after the time-out."""

    def get_nowait(self) -> Heard:
        """The next message; raises `queue.Empty` if there is none."""


class Store(Protocol):
    """The database."""

    def commit(self, came: Sequence[Arrival | Unfit], now: datetime) -> Committed:
        """Store a batch.

        Raises:
            StorageError: nothing was stored.
        """


class Ingest:
    """Takes what the queue holds until it is told to stop."""

    def __init__(
        self,
        name: str,
        heard: Inbox,
        store: Store,
        glance: Glance,
        understand: Callable[[str, bytes], Arrival | Unfit],
        backoff: Backoff | None = None,
        signer: Signer | None = None,
    ) -> None:
        """An ingester that has not begun.

        `understand` makes a message of a payload, or tells why not; `signer` signs receipts, None signs none.
        """
        self._heard = heard
        self._store = store
        self._glance = glance
        self._understand = understand
        self._receipts = Receipts(name, signer)
        self._gather_until_s = 0.0
        self._backoff = backoff or Backoff(random.SystemRandom(), first_s=0.25, most_s=15.0)

    def serve(self, stop: threading.Event) -> None:
        """Work until `stop` is set; what was taken then is still stored and receipted."""
        while not stop.is_set():
            if batch := self._next_batch(min(IDLE_S, self._receipts.wait_s(time.monotonic()))):
                began_s = time.monotonic()
                self._take_in(batch, stop)
                self._gather_until_s = time.monotonic() + gather_s(time.monotonic() - began_s)
            self._glance.receipted(self._receipts.tell(time.monotonic()))
            self._glance.show(time.monotonic())
        self._receipts.tell(float("inf"))

    def _next_batch(self, wait_s: float) -> list[Heard]:
        """Whatever waits: a message that comes alone goes at once, many that come one by one go together."""
        batch: list[Heard] = []
        with suppress(queue.Empty):
            batch.append(self._heard.get(timeout=max(0.001, wait_s)))
            while len(batch) < MOST_IN_A_BATCH:
                left_s = self._gather_until_s - time.monotonic()
                batch.append(self._heard.get(timeout=left_s) if left_s > 0 else self._heard.get_nowait())
        return batch

    def _take_in(self, batch: Sequence[Heard], stop: threading.Event) -> None:
        came = [self._understand(each.topic, each.payload) for each in batch]
        committed = self._commit(came, stop)
        if committed is None:
            return
        for each in batch:
            each.confirm()
        pairs = zip(batch, came, strict=True)
        self._receipts.note(
            [(each.by, found) for each, found in pairs if isinstance(found, Arrival)], committed
        )
        self._glance.took(came, committed)

    def _commit(self, came: Sequence[Arrival | Unfit], stop: threading.Event) -> Committed | None:
        """The batch committed; None if the database stayed away until the end."""
        while True:
            try:
                committed = self._store.commit(came, datetime.now(UTC))
            except StorageError as error:
                log.warning("%s; trying again", error)
                self._glance.away(str(error))
                if stop.wait(self._backoff.next_s()):
                    return None
            else:
                self._backoff.reset()
                return committed


def gather_s(commit_s: float) -> float:
    """How long to gather after a batch that took so long."""
    return min(max(GATHER_S, GATHER_COMMITS * commit_s), MOST_GATHER_S)
