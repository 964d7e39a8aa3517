"""The telemetry of a flight: where the camera was at any time of its clip.

Law: between two lines the way is straight, and the yaw turns the shorter way round. Where the lines are too
far apart, or before the first and after the last, nobody knows where the camera was, and that is the answer.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise

from edge.values.fix import Fix

LONGEST_GAP_S = 2.0
"""Lines further apart than this say nothing of what lies between."""
EDGE_S = 0.25
"""Before the first line, and after the last, the camera is taken to be there for so long."""


@dataclass(frozen=True, slots=True)
class FlightLog:
    """Fixes by the time of the clip.

    Attributes:
        times_s: strictly growing, seconds since the first picture.
        fixes: one for each.
    """

    times_s: tuple[float, ...]
    fixes: tuple[Fix, ...]

    def __post_init__(self) -> None:
        if not self.times_s or len(self.times_s) != len(self.fixes):
            raise ValueError(
                f"a flight wants a fix for each time, got {len(self.times_s)} and {len(self.fixes)}"
            )
        for earlier, later in pairwise(self.times_s):
            if later <= earlier:
                raise ValueError(f"a flight wants times that grow, got {later:g} s after {earlier:g} s")

    @property
    def holes_s(self) -> tuple[float, ...]:
        """Lengths of the stretches between lines of which nobody knows anything, seconds."""
        steps = (later - earlier for earlier, later in pairwise(self.times_s))
        return tuple(step for step in steps if step > LONGEST_GAP_S)

    def at(self, time_s: float) -> Fix | None:
        """Where the camera was; None where nobody knows."""
        after = bisect_right(self.times_s, time_s)
        if after in (0, len(self.times_s)):
            edge = min(after, len(self.times_s) - 1)
            return self.fixes[edge] if abs(time_s - self.times_s[edge]) <= EDGE_S else None
        begin, end = self.times_s[after - 1], self.times_s[after]
        if end - begin > LONGEST_GAP_S:
            return None
        return between(self.fixes[after - 1], self.fixes[after], (time_s - begin) / (end - begin))


def between(one: Fix, other: Fix, share: float) -> Fix:
    """The fix at that share of the straight way from one to the other; beyond it above 1."""
    mixed = [a + share * (b - a) for a, b in zip(one.vector, other.vector, strict=True)]
    turn = (other.yaw_deg - one.yaw_deg + 180.0) % 360.0 - 180.0
    yaw = (one.yaw_deg + share * turn) % 360.0
    return replace(Fix(*mixed), yaw_deg=yaw)
