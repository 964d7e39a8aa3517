"""When an urgent sensor's word counts: at its own time if that can be judged, else at the moment it came.

Law: a press is not lost to a clock that is wrong. The words of one sensor come in the order in which it said
them, because one gateway says them on one topic; so a later word never counts before an earlier one.
"""

from collections.abc import Sequence
from dataclasses import replace

from edge.fusion.facts import Reading

AHEAD_NS = 200_000_000
"""A word from further in the future than this counts now: waiting for its time would keep it back."""


def placed(reading: Reading, known: Sequence[Reading], judged_ns: int, now_ns: int) -> Reading:
    """The word at the time at which it counts.

    Args:
        reading: what was said.
        known: what is remembered of the same sensor.
        judged_ns: until when everything is judged; -1 before the first time.
        now_ns: UTC here.
    """
    again = (each for each in known if replace(each, utc_ns=reading.utc_ns) == reading)
    if (there := next(again, None)) is not None:
        return there
    earlier = (each.utc_ns for each in known if each.boot != reading.boot or each.sequence < reading.sequence)
    floor_ns = max(judged_ns, *earlier, -1)
    if floor_ns < reading.utc_ns <= now_ns + AHEAD_NS:
        return reading
    return replace(reading, utc_ns=max(now_ns, floor_ns + 1))
