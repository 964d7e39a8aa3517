"""A moment: when something happened, and how far the clock that says so can be trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

NS_PER_S = 1_000_000_000


class ClockTrust(StrEnum):
    """How the UTC reading of a moment came about."""

    SYNCED = "synced"  # the system clock is disciplined by NTP or PTP
    UNSYNCED = "unsynced"  # the system clock runs free
    REPLAY = "replay"  # a recording's own time line: start of the clip plus presentation time


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One reading of both clocks.

    Attributes:
        mono_ns: monotonic time, ns; differences between moments of one process come from it alone.
        utc_ns: ns since the Unix epoch, UTC.
        trust: what stands behind `utc_ns`.
    """

    mono_ns: int
    utc_ns: int
    trust: ClockTrust = ClockTrust.UNSYNCED

    def __post_init__(self) -> None:
        if self.mono_ns < 0 or self.utc_ns < 0:
            raise ValueError(f"a moment wants times >= 0 ns, got mono {self.mono_ns}, utc {self.utc_ns}")

    def seconds_since(self, earlier: "Moment") -> float:
        """Seconds of monotonic time from `earlier` to this moment; negative if this one is earlier."""
        return (self.mono_ns - earlier.mono_ns) / NS_PER_S

    def plus(self, seconds: float) -> "Moment":
        """The moment `seconds` later on both clocks."""
        step = round(seconds * NS_PER_S)
        return Moment(self.mono_ns + step, self.utc_ns + step, self.trust)


def rfc3339(utc_ns: int) -> str:
    """UTC in RFC 3339, to the second; ns since the Unix epoch."""
    return datetime.fromtimestamp(utc_ns // NS_PER_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
