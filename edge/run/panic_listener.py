"""Hears a panic button at the broker, on the publisher's connection, and leaves its presses for the keeper.

Law: it has nothing of the vault. What was retained at the broker is no press. A press that cannot be
understood is told in the log and nowhere else.
"""

import logging
import os
from collections.abc import Callable

from edge.ports import Clock
from edge.values.errors import StorageError
from edge.values.footage_state import Trigger
from edge.values.press import Press, cameras_in

log = logging.getLogger("panic")


class PanicListener:
    """Makes presses of what comes on the button's topic."""

    def __init__(self, drop: Callable[[Press], bool], clock: Clock) -> None:
        """A listener; `drop` leaves a press for the keeper, and tells whether it was taken."""
        self._drop, self._clock = drop, clock

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
