"""What is known of all sources: facts wait until their time is judged, then enter their source's track.

Law: a fact enters in the order of time, never in the order of arrival; one whose time was judged already is
late and changes nothing. So whoever comes within the allowed lateness, in whatever order, tells the same.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from enum import StrEnum

from edge.fusion.cameras import CameraTrack
from edge.fusion.facts import Fact, Reading, Seen, order
from edge.fusion.sensors import SensorTrack
from edge.fusion.spec import SensorSource, Source
from edge.values.fused import Distrust

MOST_WAITING = 100_000
"""Facts that may wait for their time; more at once is no city, and they are refused."""


class Heard(StrEnum):
    """What became of a fact that was heard."""

    FRESH = "fresh"  # it will be judged
    AGAIN = "again"  # it is known
    LATE = "late"  # its time is over
    REFUSED = "refused"  # it cannot be true, or too many wait
    STRANGER = "stranger"  # its source is none of ours


class Memory:
    """The facts of all sources that may still matter, up to `judged_ns`; -1 before anything was judged."""

    def __init__(self, sources: tuple[Source, ...], judged_ns: int = -1) -> None:
        self._sensors = {each.source: SensorTrack(each) for each in sources if isinstance(each, SensorSource)}
        self._cameras = {
            each.source: CameraTrack(each) for each in sources if not isinstance(each, SensorSource)
        }
        self._waiting: list[Fact] = []
        self.judged_ns = judged_ns

    @property
    def sensors(self) -> Mapping[str, SensorTrack]:
        """By source."""
        return self._sensors

    @property
    def cameras(self) -> Mapping[str, CameraTrack]:
        """By source."""
        return self._cameras

    def knows(self, source: str) -> bool:
        """Whether a source is one of ours."""
        return source in self._sensors or source in self._cameras

    def hear(self, fact: Fact) -> Heard:
        """Take in a fact."""
        if not self.knows(fact.source):
            return Heard.STRANGER
        if fact.utc_ns <= self.judged_ns:
            return Heard.AGAIN if self._has(fact) else Heard.LATE
        if len(self._waiting) >= MOST_WAITING:
            return Heard.REFUSED
        at = bisect_left(self._waiting, order(fact), key=order)
        if at < len(self._waiting) and self._waiting[at] == fact:
            return Heard.AGAIN
        self._waiting.insert(at, fact)
        return Heard.FRESH

    def said_by(self, source: str) -> list[Reading]:
        """What is remembered of a sensor: judged, and waiting."""
        waiting = [each for each in self._waiting if isinstance(each, Reading) and each.source == source]
        return [*self._sensors[source].readings(), *waiting]

    def told_of(self, source: str, event_id: str) -> list[Seen]:
        """What is remembered of a camera's event: judged, and waiting."""
        waiting = [each for each in self._waiting if isinstance(each, Seen) and each.event_id == event_id]
        return [*self._cameras[source].told_of(event_id), *waiting]

    def judge(self, until_ns: int) -> list[tuple[str, Distrust]]:
        """Let the facts up to a moment enter their tracks; the sources of those that are not believed, and
        why."""
        due = [fact for fact in self._waiting if fact.utc_ns <= until_ns]
        del self._waiting[: len(due)]
        refused = [(fact.source, why) for fact in due if (why := self._take(fact)) is not None]
        self.judged_ns = until_ns
        return refused

    def restore(self, facts: list[Fact]) -> None:
        """Take in what was remembered, of before `judged_ns` and after it."""
        for fact in sorted(facts, key=order):
            if not self.knows(fact.source):
                continue
            if fact.utc_ns <= self.judged_ns:
                self._take(fact)
            else:
                self.hear(fact)

    def forget(self, before_ns: int) -> None:
        """Let go of facts that cannot matter after a moment."""
        for sensor in self._sensors.values():
            sensor.forget(before_ns)
        for camera in self._cameras.values():
            camera.forget(before_ns)

    def facts(self) -> Iterator[Fact]:
        """All that are remembered: those judged, and those that wait."""
        for sensor in self._sensors.values():
            yield from sensor.readings()
        for camera in self._cameras.values():
            yield from camera.facts()
        yield from self._waiting

    def silent(self) -> tuple[str, ...]:
        """Sources of which nothing is known now."""
        known = {name: track.fresh(self.judged_ns) for name, track in self._sensors.items()}
        known |= {name: track.fresh(self.judged_ns) for name, track in self._cameras.items()}
        return tuple(sorted(name for name, fresh in known.items() if not fresh))

    def _take(self, fact: Fact) -> Distrust | None:
        if isinstance(fact, Reading):
            return self._sensors[fact.source].take(fact)
        return self._cameras[fact.source].take(fact)

    def _has(self, fact: Fact) -> bool:
        if isinstance(fact, Reading):
            return self._sensors[fact.source].has(fact)
        return self._cameras[fact.source].has(fact)
