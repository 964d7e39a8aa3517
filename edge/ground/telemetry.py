"""Where a moving camera is, as its own stream tells it, set by set.

Law: what comes after a picture is not waited for: beyond the last set the way goes on as it went between the
last two, for a second at most, and then nobody knows. A set that is wrong is left out and counted. Times that
go back tell that those before were wrong, or that the stream began anew: those are forgotten.
"""

from collections import deque

from edge.ground.flight_log import LONGEST_GAP_S, FlightLog, between
from edge.ground.klv import Sets
from edge.values.fix import Fix

KEPT = 64
"""So many sets are remembered: six seconds at ten a second."""
AHEAD_S = 1.0
BACK_S = 1.0
"""Sets that come out of order are of less than this."""


class Telemetry:
    """The sets of one connection, by the time since its first picture."""

    def __init__(self) -> None:
        self._sets = Sets()
        self._fixes: deque[tuple[float, Fix]] = deque(maxlen=KEPT)
        self.wrong = 0

    def tell(self, time_s: float, data: bytes) -> None:
        """Take a packet of the stream: MISB ST 0601 sets, the first of which is of that time."""
        began_us: int | None = None
        try:
            for now_us, fix in self._sets.read(data):
                began_us = now_us if began_us is None else began_us
                at_s = time_s + (now_us - began_us) / 1e6
                if fix is not None:
                    self._remember(at_s, fix)
        except ValueError:
            self.wrong += 1

    def _remember(self, at_s: float, fix: Fix) -> None:
        if self._fixes and at_s < self._fixes[-1][0] - BACK_S:
            self._fixes.clear()
        if not self._fixes or at_s > self._fixes[-1][0]:
            self._fixes.append((at_s, fix))

    def at(self, time_s: float) -> Fix | None:
        """Where the camera was; None where nobody knows."""
        if len(self._fixes) >= 2:
            (begin_s, one), (end_s, other) = self._fixes[-2], self._fixes[-1]
            if 0.0 < time_s - end_s <= AHEAD_S and end_s - begin_s <= LONGEST_GAP_S:
                try:
                    return between(one, other, (time_s - begin_s) / (end_s - begin_s))
                except ValueError:  # straight on would be beyond what can be, such as straight down
                    return other
        if not self._fixes:
            return None
        times, fixes = zip(*self._fixes, strict=True)
        return FlightLog(times, fixes).at(time_s)
