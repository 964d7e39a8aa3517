"""Gaps: what was committed on the box and will never arrive, so that no hole in a sequence is unexplained."""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.moment import Moment


class GapCause(StrEnum):
    """Why a committed message does not arrive."""

    SHED = "shed"  # the outbox was full
    SUPERSEDED = "superseded"  # a newer state of the same topic took its place before it was sent
    OVERSIZE = "oversize"  # larger than a message may be
    REFUSED = "refused"  # the broker will never take it
    DAMAGED = "damaged"  # its row was altered on the disk


@dataclass(frozen=True, slots=True)
class GapRange:
    """Sequence numbers of one boot that do not arrive.

    Attributes:
        boot: boot id under which they were committed.
        first: lowest sequence number lost.
        last: highest sequence number lost.
        count: how many in `first`..`last` are lost; fewer than all of them where ranges were folded.
        cause: why.
        from_utc_ns: when the earliest of them was committed, ns; None where the disk does not tell.
        until_utc_ns: when the latest of them was, ns; None likewise.
    """

    boot: str
    first: int
    last: int
    count: int
    cause: GapCause
    from_utc_ns: int | None = None
    until_utc_ns: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last or not 1 <= self.count <= self.last - self.first + 1:
            raise ValueError(
                f"a gap wants 0 <= first <= last and 1 <= count <= their number, got {self.first}.."
                f"{self.last} and {self.count}"
            )
        if (self.from_utc_ns is None) is not (self.until_utc_ns is None):
            raise ValueError("a gap wants both its times or neither, got one")
        if self.from_utc_ns is not None and not 0 <= self.from_utc_ns <= (self.until_utc_ns or 0):
            raise ValueError(
                f"a gap wants 0 <= from_utc_ns <= until_utc_ns, got {self.from_utc_ns} and "
                f"{self.until_utc_ns}"
            )


@dataclass(frozen=True, slots=True)
class GapReport:
    """What was lost since the last report.

    Attributes:
        moment: when the report was made.
        ranges: the losses, by boot and first sequence number.
        unknown: True when an unreadable outbox was set aside: everything that was not delivered until
            then may be lost, and nobody can say how much that was.
    """

    moment: Moment
    ranges: tuple[GapRange, ...]
    unknown: bool = False

    def __post_init__(self) -> None:
        if not self.ranges and not self.unknown:
            raise ValueError("a gap report wants a range or an unknown loss, got neither")
