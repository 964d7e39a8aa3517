"""Hears a panic button at the broker and leaves its presses for the keeper.

Law: it has nothing of the vault. Each broker is listened to by a thread of its own, for ever; what was
retained at the broker is no press. A press that cannot be understood is told in the log and nowhere else.
"""

import logging
import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from edge.ports import Clock
from edge.run.backoff import Backoff
from edge.values.errors import BrokerError, StorageError
from edge.values.footage_state import Trigger
from edge.values.press import Press, cameras_in

log = logging.getLogger("panic")

LISTEN_S = 1.0


class Subscription(Protocol):
    """What is heard on one connection."""

    def messages(self, wait_s: float) -> Iterator[tuple[str, bytes]]:
        """Topic and payload of each message that comes within `wait_s` of the one before."""


Dial = Callable[[], AbstractContextManager[Subscription]]


class PanicListener:
    """Listens at all brokers; whichever hears it first, the keeper holds footage."""

    def __init__(self, dials: Sequence[Dial], drop: Callable[[Press], bool], clock: Clock) -> None:
        """A listener that has not begun.

        Args:
            dials: a subscription at each broker, to be entered.
            drop: leaves a press for the keeper; whether it was taken.
            clock: tells the time.
        """
        self._dials, self._drop, self._clock = tuple(dials), drop, clock

    def start(self, stop: threading.Event) -> None:
        """Listen until `stop` is set."""
        for dial in self._dials:
            threading.Thread(target=self._listen, args=(dial, stop), name="panic", daemon=True).start()

    def _listen(self, dial: Dial, stop: threading.Event) -> None:
        backoff = Backoff(random.SystemRandom())
        while not stop.is_set():
            try:
                with dial() as subscription:
                    while not stop.is_set():
                        for _, payload in subscription.messages(LISTEN_S):
                            backoff.reset()
                            self.heard(payload)
            except BrokerError as error:
                log.info("the panic button's topic cannot be heard: %s", error)
            stop.wait(backoff.next_s())

    def heard(self, payload: bytes) -> None:
        """Leave a press for the keeper."""
        utc_ns = self._clock.now().utc_ns
        try:
            press = Press(os.urandom(6).hex(), Trigger.MQTT, cameras_in(payload), "mqtt", utc_ns)
            if not self._drop(press):
                log.warning("an alarm by mqtt was not taken: many wait already")
        except ValueError as error:
            log.warning("an alarm by mqtt was not understood: %s", error)
        except StorageError as error:
            log.error("an alarm by mqtt cannot be left for the keeper: %s", error)
