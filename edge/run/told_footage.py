"""Holds and times of footage in words, for people."""

from edge.values.hold import Hold
from edge.values.moment import rfc3339


def described(hold: Hold) -> str:
    """A hold on one line."""
    said = (
        hold.id,
        f"case {hold.case}",
        hold.authority,
        ", ".join(hold.cameras),
        f"{rfc3339(hold.began_ns)} to {rfc3339(hold.ended_ns)}",
        f"review by {hold.review}",
        f"placed by {hold.by}",
    )
    end = hold.released
    return " · ".join(said) + (
        f" · released {rfc3339(end.moment.utc_ns)} by {end.by}: {end.reason}" if end else ""
    )
