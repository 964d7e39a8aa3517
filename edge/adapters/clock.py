"""The system's clocks, and whether anything disciplines them.

Law: trust is what the kernel says, never assumed: without an answer the clock counts as unsynced.
"""

import ctypes
import time
from collections.abc import Callable

from edge.values.moment import ClockTrust, Moment

TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""

ASK_EVERY_NS = 5_000_000_000

_LIBC = ctypes.CDLL(None)
"""Opened once: opening makes new types, and with them garbage, each time."""

TIMEX_BYTES = 512
"""More than `struct timex` has on any architecture; it is only read from, with no mode set."""


def kernel_trust() -> ClockTrust:
    """Whether NTP or PTP disciplines the system clock, by adjtimex(2)."""
    try:
        state = _LIBC.adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))
    except AttributeError:
        return ClockTrust.UNSYNCED
    return ClockTrust.SYNCED if 0 <= state < TIME_ERROR else ClockTrust.UNSYNCED


class SystemClock:
    """The `Clock` port; the kernel is asked for its trust every five seconds."""

    def __init__(self, trust: Callable[[], ClockTrust] = kernel_trust) -> None:
        self._ask = trust
        self._trust = ClockTrust.UNSYNCED
        self._ask_again_ns = 0

    def now(self) -> Moment:
        """Both clocks, read now."""
        mono_ns = time.monotonic_ns()
        if mono_ns >= self._ask_again_ns:
            self._trust = self._ask()
            self._ask_again_ns = mono_ns + ASK_EVERY_NS
        return Moment(mono_ns, time.time_ns(), self._trust)
