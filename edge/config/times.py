"""Times as people give them to a verb."""

from datetime import datetime

from edge.values.errors import ConfigError
from edge.values.moment import NS_PER_S


def utc_ns(option: str, text: str) -> int:
    """What an option says, in RFC 3339 with a time zone, to the second: ns since the Unix epoch.

    Raises:
        ConfigError: it is no time, or in no zone.
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError as failure:
        raise ConfigError(f"{option} wants a time like 2026-01-31T08:00:00+05:00, got {text!r}") from failure
    if when.tzinfo is None:
        raise ConfigError(f"{option} wants a time with its zone, like {text}Z or {text}+05:00")
    return round(when.timestamp()) * NS_PER_S
