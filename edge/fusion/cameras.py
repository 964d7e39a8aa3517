"""What a camera saw, over time: its events, and whether it sees at all.

Law: facts come in the order of their times. Any word of a camera proves that it sees, until it says that it
does not or has been silent for too long; without such proof nothing is known, neither that something is there
nor that nothing is.
"""

from bisect import bisect_right
from collections.abc import Iterator

from edge.fusion.facts import Health, Seen
from edge.fusion.spec import CameraSource, Happening
from edge.fusion.timeline import Timeline, drawn
from edge.values.fused import Distrust, Truth, Witness

INSTANT_NS = 1_000_000
"""An event without duration holds for so long: the least step of a message's time."""

LASTING_NS = 24 * 3600 * 1_000_000_000
"""An event of which no word came for so long is not taken to last: its end was lost."""


class CameraTrack:
    """The facts of one camera that may still matter."""

    def __init__(self, spec: CameraSource) -> None:
        self._spec = spec
        self._sight: list[Health] = []
        self._events: dict[str, list[Seen]] = {}

    def take(self, fact: Seen | Health) -> Distrust | None:
        """The next fact in time; why it is not believed, None if it is: no revision of an event comes after a
        higher one."""
        if isinstance(fact, Health):
            self._look(fact)
            return None
        told = self._events.get(fact.event_id, ())
        if told and (fact.revision <= told[-1].revision or not told[-1].lasts):
            return Distrust.ORDER
        self._events.setdefault(fact.event_id, []).append(fact)
        self._look(Health(fact.utc_ns, fact.camera, not fact.blind))
        return None

    def _look(self, health: Health) -> None:
        """An event proves a health, and proves it again when both are read back from memory."""
        if not self._sight or self._sight[-1] != health:
            self._sight.append(health)

    def has(self, fact: Seen | Health) -> bool:
        """Whether this very fact is here."""
        return fact in (self._sight if isinstance(fact, Health) else self._events.get(fact.event_id, ()))

    def told_of(self, event_id: str) -> list[Seen]:
        """What is remembered of an event."""
        return list(self._events.get(event_id, ()))

    def facts(self) -> list[Seen | Health]:
        """All that are remembered."""
        return [*self._sight, *(told for event in self._events.values() for told in event)]

    def forget(self, before: int) -> None:
        """Let go of what lies before a moment, but for the last word until then."""
        del self._sight[: max(0, bisect_right(self._sight, before, key=_when) - 1)]
        for name, told in list(self._events.items()):
            if told[-1].utc_ns + max(INSTANT_NS, _lasts_ns(told[-1])) < before:
                del self._events[name]
            else:
                del told[
                    1 : max(1, bisect_right(told, before, key=_when) - 1)
                ]  # the first says when it began

    def fresh(self, at: int) -> bool:
        """Whether the camera is known to see at a moment."""
        index = bisect_right(self._sight, at, key=_when) - 1
        if index < 0:
            return False
        last = self._sight[index]
        return last.well and at < last.utc_ns + self._spec.stale_ns

    def timeline(self, test: Happening, low: int, high: int) -> Timeline:
        """Whether the camera sees such an event, over `low..high`."""

        def truth(at: int) -> Truth:
            if not self.fresh(at):
                return Truth.UNKNOWN
            return Truth.TRUE if next(self._there(test, at), None) else Truth.FALSE

        return drawn(truth, self.changes(), low, high)

    def sight(self, low: int, high: int) -> Timeline:
        """Whether it is unknown what happens, over `low..high`: unknown, or false where the camera sees."""
        sees = (at for each in self._sight for at in (each.utc_ns, each.utc_ns + self._spec.stale_ns))
        return drawn(lambda at: Truth.FALSE if self.fresh(at) else Truth.UNKNOWN, sees, low, high)

    def begun(self, test: Happening) -> list[Seen]:
        """How each such event that is remembered began; one whose beginning came late is left out."""
        first = (told[0] for told in self._events.values())
        return [fact for fact in first if fact.revision == 0 and fits(test, fact)]

    def witnesses(self, test: Happening, at: int) -> Iterator[Witness]:
        """The events by which it says so at a moment at which it does."""
        for fact in self._there(test, at):
            yield self.witness(fact)

    def witness(self, fact: Seen) -> Witness:
        """A fact as one that fulfilled a clause."""
        return Witness(self._spec.source, fact.id, fact.utc_ns)

    def _there(self, test: Happening, at: int) -> Iterator[Seen]:
        for told in self._events.values():
            index = bisect_right(told, at, key=_when) - 1
            if index < 0:
                continue
            last = told[index]
            if at < last.utc_ns + _lasts_ns(last) and fits(test, last):
                yield last

    def changes(self) -> Iterator[int]:
        """Every moment at which what it says may change, or who says it."""
        for health in self._sight:
            yield health.utc_ns
            yield health.utc_ns + self._spec.stale_ns
        for told in self._events.values():
            for fact in told:
                yield fact.utc_ns
                yield fact.utc_ns + _lasts_ns(fact)


def fits(test: Happening, fact: Seen) -> bool:
    """Whether a fact is about such an event."""
    return (
        fact.kind == test.kind
        and (not test.places or fact.place in test.places)
        and (not test.rules or fact.rule in test.rules)
        and fact.severity >= test.severity
        and fact.count >= test.count
    )


def _lasts_ns(fact: Seen) -> int:
    """How long what it tells holds, if nothing else is heard of the event."""
    if fact.lasts:
        return LASTING_NS
    return INSTANT_NS if fact.instant else 0


def _when(fact: Seen | Health) -> int:
    return fact.utc_ns
