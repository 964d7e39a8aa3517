"""What several messages may hold: who speaks, when by which clock, and the shapes of names and numbers.

Law: shapes alone; which messages there are, and that nothing else leaves, is in `allowed`.
"""

from edge.privacy.shapes import OneOf, Real, Shape, Text, Whole
from edge.privacy.spec import NAME
from edge.values.moment import ClockTrust

SCHEMA = "1.0"
"""Version of the message schema: the first number changes when a field changes its meaning or goes."""

EVENT_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TRACK = r"[a-z2-7]{8}"
ALARM_ID = r"[0-9a-f]{12}"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
UTC = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
SEQUENCE = r"[0-9]{20}"
HEX64 = r"[0-9a-f]{64}"
HEX128 = r"[0-9a-f]{128}"
NONCE = r"[0-9a-f]{32}"
BOOT = r"[0-9a-z][0-9a-z-]{0,63}"
MAX_CAMERAS = 64
MAX_SAFE_INT = 2**53 - 1

COUNT = Whole(0, 100_000)
TALLY = Whole(0, MAX_SAFE_INT)
UNIT = Real(0.0, 1.0)
SECONDS = Real(0.0, 1e9)


def words(*allowed: str) -> OneOf:
    """One of these words."""
    return OneOf(allowed)


WHO: dict[str, Shape] = {"schema": words(SCHEMA), "region": Text(NAME), "node": Text(NAME)}

CLOCK: dict[str, Shape] = {
    "utc": Text(UTC),
    "mono_us": Whole(0, MAX_SAFE_INT),
    "clock": words(*(trust.value for trust in ClockTrust)),
}
