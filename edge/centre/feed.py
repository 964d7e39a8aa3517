"""Keeps one connection to one broker for ever; what comes over it goes into the ingester's queue."""

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from edge.run.backoff import Backoff
from edge.values.errors import BrokerError

LOOK_S = 0.5


class Connection(Protocol):
    """A connection with its subscriptions."""

    def watch(self, wait_s: float) -> None:
        """Come back after `wait_s`.

        Raises:
            BrokerError: the connection is lost.
        """


class Feed:
    """A thread that dials again whenever the connection is lost; `tell` hears of each change."""

    def __init__(
        self,
        name: str,
        dial: Callable[[], AbstractContextManager[Connection]],
        tell: Callable[[str, bool], None],
        backoff: Backoff | None = None,
    ) -> None:
        self._name = name
        self._dial = dial
        self._tell = tell
        self._backoff = backoff or Backoff(random.SystemRandom(), first_s=0.25, most_s=10.0)
        self._thread = threading.Thread(target=self._serve, name=f"feed {name}", daemon=True)
        self._stop = threading.Event()

    def __enter__(self) -> "Feed":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                with self._dial() as connection:
                    self._tell(f"listening to {self._name}", True)
                    self._backoff.reset()
                    while not self._stop.is_set():
                        connection.watch(LOOK_S)
            except BrokerError as error:
                if self._backoff.failures == 0:
                    self._tell(f"{error}; trying again", False)
                self._stop.wait(self._backoff.next_s())
