"""When a word counts that must not be lost to its time: at its own if that can be judged, else when it came.

Law: there are two such words. A press of an urgent sensor is not lost to a clock that is wrong. The end of an
event is not lost to a way that was long, or what is over would be taken to last. What one source says of one
thing comes in the order in which it was said; so a later word never counts before an earlier one.
"""

from collections.abc import Sequence
from dataclasses import replace

from edge.fusion.facts import Reading, Seen

AHEAD_NS = 200_000_000
"""An urgent word from further in the future than this counts now: waiting for its time would keep it back."""
FUTURE_NS = 5_000_000_000
"""A word from further in the future than this is of a clock that is wrong."""
LATE_NS = 1_000_000_000
"""A word that counts when it comes and is older than this is told to be late: a usual way takes no second."""


def placed(reading: Reading, known: Sequence[Reading], judged_ns: int, now_ns: int) -> Reading:
    """The word of an urgent sensor at the time at which it counts.

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


def ended(end: Seen, known: Sequence[Seen], judged_ns: int, now_ns: int) -> Seen:
    """The end of an event at the time at which it counts; as it is where nobody takes the event to last.

    Args:
        end: a word after which the event does not last.
        known: what is remembered of the same event.
        judged_ns: until when everything is judged; -1 before the first time.
        now_ns: UTC here.
    """
    over = (each for each in known if not each.lasts and each.revision == end.revision)
    if (there := next(over, None)) is not None:
        return there
    floor_ns = max(judged_ns, *(each.utc_ns for each in known), -1)
    if not known or floor_ns < end.utc_ns <= now_ns + FUTURE_NS:
        return end
    return replace(end, utc_ns=max(now_ns, floor_ns + 1))
