"""Hours of a simulated street before the watch over things, in which nothing is left and nothing taken.

Law: tracker, watch and rules are those of a box, shown a picture a second. Everything that is told is false.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.samples.day import LABELS, WALL, Day
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.event import Event, Kind, Phase

RULES = (
    RuleSpec("left", Kind.ABANDONED, ("street",), for_s=5.0),
    RuleSpec("taken", Kind.REMOVED, ("street",), for_s=5.0),
)
WHOLE_H = 24.0
MIDDLES_H = (0.0, 6.0, 12.0, 18.0)
"""Hours around which pieces of a day lie: night, dawn, noon, dusk."""


@dataclass(frozen=True, slots=True)
class DayRun:
    """What came of some hours.

    Attributes:
        hours: how many.
        told: every event's begin, seconds, and the event.
    """

    hours: float
    told: tuple[tuple[float, Event], ...]


def pieces(hours: float, seed: int) -> Iterator[Day]:
    """So many hours: days in one piece, or four pieces of one, at night, dawn, noon and dusk."""
    if hours >= WHOLE_H:
        yield Day(seed, hours)
        return
    share = hours / len(MIDDLES_H)
    for number, middle_h in enumerate(MIDDLES_H):
        yield Day(seed + number, share, (middle_h - share / 2) % 24)


def run(day: Day) -> DayRun:
    """Let it be watched from begin to end."""
    tracker, watch = Tracker(TrackerSpec()), ThingWatch(ThingSpec(LABELS, (("street", WALL),)))
    rules = Rules(RULES, "evaluation", "day", "run")
    told: list[tuple[float, Event]] = []
    for frame, found in day.frames():
        tracks = tracker.update(found, frame.moment)
        events = rules.judge(watch.look(frame, tracks), frame.moment)
        at_s = frame.moment.mono_ns / 1e9
        told += [(at_s, event) for event in events if event.phase is Phase.START]
    return DayRun(day.hours, tuple(told))
