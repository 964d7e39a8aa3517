"""Says in the log, once a day, that a certificate wants to be rotated or is over.

Law: it only says so; what was sealed in a connection goes on until that ends. The certificate is read when it
is looked at, so a new one ends the warnings. No file or clock of its own.
"""

import logging
from collections.abc import Callable

from edge.ports import Clock
from edge.values.certificate import DAY_S, Certificate, Standing
from edge.values.errors import ConfigError
from edge.values.moment import NS_PER_S

log = logging.getLogger("publish")

LOOK_S = 3600
"""Seconds between two looks; and after the first warning a day until the next."""

_WORDS = {
    Standing.DUE: "is due: rotate it, it is good for %d more days",
    Standing.EXPIRED: "has expired: brokers refuse it from the next connection on (%d days)",
    Standing.EARLY: "is not good yet: is the clock right? (%d days left)",
}


class ExpiryWatch:
    """Looks at one certificate, by `read`; None where there is none to look at."""

    def __init__(self, read: Callable[[], Certificate] | None, clock: Clock) -> None:
        self._read = read
        self._clock = clock
        self._next_s = 0

    def look(self) -> None:
        """Look, if it is time to; for the loop whose progress is told."""
        now = self._clock.now()
        mono_s = now.mono_ns // NS_PER_S
        if self._read is None or mono_s < self._next_s:
            return
        warned = self._say(self._read, now.utc_ns // NS_PER_S)
        self._next_s = mono_s + (DAY_S if warned else LOOK_S)

    def _say(self, read: Callable[[], Certificate], now_s: int) -> bool:
        try:
            found = read()
        except ConfigError as failure:
            log.warning("%s", failure)
            return True
        standing = found.life.standing(now_s)
        if standing is Standing.GOOD:
            return False
        log.warning("the certificate of %s " + _WORDS[standing], found.name, found.life.days_left(now_s))
        return True
