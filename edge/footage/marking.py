"""Which footage a severe event makes worth more than routine: the slots into which it fell.

Law: an event marks from a little before it began until it ends, slot by slot while it lasts, so that a crash
in between loses no mark of the past. A slot is told until somebody took it, and then not again.
"""

from collections.abc import Iterable

from edge.values.event import Event, Phase, Severity
from edge.values.moment import NS_PER_S, Moment
from edge.values.segment import SLOT_S, SlotId

BEFORE_S = 60
"""What led to an event lies before it."""

LEAST = Severity.SEVERE
MOST_SLOTS = 144
"""Of one event, looking back: a day."""


class Marks:
    """The marks of one camera."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._open: set[str] = set()
        self._told: set[SlotId] = set()

    def due(self, events: Iterable[Event], now: Moment) -> list[SlotId]:
        """Slots that are to be marked now, in order; to be called with every frame, also without events."""
        wanted: set[SlotId] = set()
        for event in events:
            if event.severity >= LEAST:
                (self._open.discard if event.phase is Phase.END else self._open.add)(event.id)
                wanted |= self._reached(event.started, now)
            elif event.phase is Phase.END:
                self._open.discard(event.id)
        if self._open:
            wanted.add(SlotId.of(self._camera, now.utc_ns))
        return sorted(wanted - self._told)

    def told(self, slot: SlotId) -> None:
        """Somebody took this one."""
        self._told = {each for each in self._told if slot.start_s - each.start_s <= MOST_SLOTS * SLOT_S}
        self._told.add(slot)

    def _reached(self, started: Moment, now: Moment) -> set[SlotId]:
        """Slots from a little before an event began until now."""
        last = SlotId.of(self._camera, now.utc_ns).start_s
        first = SlotId.of(self._camera, max(0, started.utc_ns - BEFORE_S * NS_PER_S)).start_s
        first = max(first, last - (MOST_SLOTS - 1) * SLOT_S)
        return {SlotId(self._camera, start_s) for start_s in range(first, last + 1, SLOT_S)}
