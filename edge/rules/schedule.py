"""When a rule is on duty: windows of the week in the site's own time.

Law: a window is wall-clock time, so it keeps its hours over a change to or from summer time: an hour
that happens twice belongs to it twice, an hour that does not happen never. A window over midnight
belongs to the day on which it begins.
"""

from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from itertools import pairwise
from math import inf

from edge.values.moment import NS_PER_S, Moment

_MIDNIGHT = time(0, 0)


@dataclass(frozen=True, slots=True)
class Window:
    """Hours on some days of the week.

    Attributes:
        days: days on which it begins, 0 Monday … 6 Sunday.
        begins: first time of day that belongs to it.
        ends: first time of day that does not; 00:00 is the end of the day; earlier than `begins` means
            the day after.
    """

    days: frozenset[int]
    begins: time = _MIDNIGHT
    ends: time = _MIDNIGHT

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError(f"a window wants days of 0 (Monday) to 6 (Sunday), got {sorted(self.days)}")
        if self.begins == self.ends != _MIDNIGHT:
            raise ValueError(
                f"a window wants an end that differs from its begin, got {self.begins:%H:%M} twice; leave "
                "both out for the whole day"
            )
        if self.begins.tzinfo or self.ends.tzinfo:
            raise ValueError("a window wants times of day without a time zone; the schedule has it")

    def covers(self, weekday: int, clock: time) -> bool:
        """Whether this time of day on this weekday belongs to the window."""
        today = weekday in self.days and self.begins <= clock
        if self.ends == _MIDNIGHT:
            return today
        if self.begins < self.ends:
            return today and clock < self.ends
        return today or ((weekday - 1) % 7 in self.days and clock < self.ends)


@dataclass(frozen=True, slots=True)
class Schedule:
    """On duty in any of the windows, in the time of this zone (a `zoneinfo.ZoneInfo`)."""

    windows: tuple[Window, ...]
    zone: tzinfo

    def __post_init__(self) -> None:
        if not self.windows:
            raise ValueError("a schedule wants at least one window, got none")

    @property
    def longest_s(self) -> float:
        """How long it is on duty at a stretch at most, seconds; infinite where it is never off duty."""
        minutes = [divmod(minute, 1440) for minute in range(7 * 1440)]
        on = [
            any(window.covers(day, time(*divmod(minute, 60))) for window in self.windows)
            for day, minute in minutes
        ]
        if all(on):
            return inf
        off = [minute for minute, covered in enumerate(on) if not covered]
        gaps = (later - earlier - 1 for earlier, later in pairwise([*off, off[0] + len(on)]))
        return 60.0 * max(gaps)

    def covers(self, moment: Moment) -> bool:
        """Whether the moment's UTC reading falls into a window."""
        local = datetime.fromtimestamp(moment.utc_ns // NS_PER_S, self.zone)
        return any(window.covers(local.weekday(), local.time()) for window in self.windows)
