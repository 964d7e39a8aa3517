"""Timelines: how a truth changes over a stretch of time, and what becomes of several together.

Law: a timeline is a tuple of steps (ns, truth) in ascending time, the first of which begins it; each holds
until the next. Neighbours differ. Pure arithmetic; a timeline knows nothing of what it is about.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from edge.values.fused import Truth

Step = tuple[int, Truth]
Timeline = tuple[Step, ...]


def drawn(truth_at: Callable[[int], Truth], changes: Iterable[int], low: int, high: int) -> Timeline:
    """The timeline over `low..high` of something that changes at most at `changes`."""
    return tidy((at, truth_at(at)) for at in sorted({low, *(at for at in changes if low < at <= high)}))


def tidy(steps: Iterable[Step]) -> Timeline:
    """The steps without those that change nothing."""
    kept: list[Step] = []
    for step in steps:
        if not kept or kept[-1][1] is not step[1]:
            kept.append(step)
    return tuple(kept)


def truth_at(timeline: Timeline, at: int) -> Truth:
    """What holds at a moment; before the timeline's begin, nothing is known."""
    index = bisect_right(timeline, at, key=_begin) - 1
    return timeline[index][1] if index >= 0 else Truth.UNKNOWN


def opposite(timeline: Timeline) -> Timeline:
    """`not`, at every moment."""
    return tuple((at, truth.opposite) for at, truth in timeline)


def at_least(wanted: int, timelines: Sequence[Timeline], low: int, high: int) -> Timeline:
    """Whether at least so many of them hold: known as soon as the unknown ones cannot change it."""

    def judged(at: int) -> Truth:
        truths = [truth_at(each, at) for each in timelines]
        return enough(wanted, truths)

    return drawn(judged, (at for each in timelines for at, _ in each), low, high)


def enough(wanted: int, truths: Sequence[Truth]) -> Truth:
    """Whether at least so many are true; `and` and `or` are the two ends of it."""
    if sum(each is Truth.TRUE for each in truths) >= wanted:
        return Truth.TRUE
    return Truth.UNKNOWN if sum(each is not Truth.FALSE for each in truths) >= wanted else Truth.FALSE


def once(timeline: Timeline, span: int, low: int, high: int) -> Timeline:
    """The greatest truth of the last `span` ns: false only if it was false all the time."""
    if span == 0:
        return tidy((max(at, low), truth) for at, truth in _within(timeline, low, high))
    changes = (moved for at, _ in timeline for moved in (at, at + span))
    return drawn(lambda at: greatest(timeline, at - span, at)[0], changes, low, high)


def greatest(timeline: Timeline, low: int, high: int) -> tuple[Truth, int]:
    """The greatest truth of the moments `low..high`, both of them too, and the latest at which it held."""
    best, when, end = Truth.FALSE, high, high
    index = bisect_right(timeline, high, key=_begin) - 1
    while end >= low:
        begin, truth = timeline[index] if index >= 0 else (low, Truth.UNKNOWN)
        if truth > best:
            best, when = truth, end
        end = begin - 1
        index -= 1
    return best, when


def _within(timeline: Timeline, low: int, high: int) -> Iterable[Step]:
    first = max(0, bisect_right(timeline, low, key=_begin) - 1)
    return (step for step in timeline[first:] if step[0] <= high)


def _begin(step: Step) -> int:
    return step[0]
