"""Until when a policy holds: the same rule at start and while the box runs.

Law: it is over from the first moment of the day `expires`, UTC. What was over once comes back only by a clock
that is known to be right: one that runs free may have been set back. No clock of its own.
"""

from datetime import UTC, date, datetime

from edge.values.moment import NS_PER_S, ClockTrust

SOON_DAYS = 30
"""So long before its end there are warnings."""


def is_over(expires: date, utc_ns: int, trust: ClockTrust, was_over: bool) -> bool:
    """Whether a policy holds no more.

    Args:
        expires: first day on which it does not hold.
        utc_ns: trusted UTC, ns since the Unix epoch.
        trust: what stands behind the clock now.
        was_over: whether this box found it over before.
    """
    if utc_ns >= _begins_ns(expires):
        return True
    return was_over and trust is not ClockTrust.SYNCED


def days_left(expires: date, utc_ns: int) -> int:
    """Days on which it still holds, today among them; 0 where it is over."""
    today = datetime.fromtimestamp(utc_ns // NS_PER_S, UTC).date()
    return max(0, (expires - today).days)


def _begins_ns(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * NS_PER_S
