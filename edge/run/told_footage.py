"""Holds and times of footage in words, for people."""

from datetime import UTC, datetime

from edge.values.hold import Hold
from edge.values.moment import NS_PER_S


def when(utc_ns: int) -> str:
    """A moment in RFC 3339, to the second, UTC."""
    return datetime.fromtimestamp(utc_ns // NS_PER_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def described(hold: Hold) -> str:
    """A hold on one line."""
    said = (
        hold.id,
        f"case {hold.case}",
        hold.authority,
        ", ".join(hold.cameras),
        f"{when(hold.began_ns)} to {when(hold.ended_ns)}",
        f"review by {hold.review}",
        f"placed by {hold.by}",
    )
    end = hold.released
    return " · ".join(said) + (
        f" · released {when(end.moment.utc_ns)} by {end.by}: {end.reason}" if end else ""
    )
