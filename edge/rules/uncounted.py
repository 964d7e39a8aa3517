"""Which crowds of a camera are too dense to count now: events that go on and say at least so many.

Law: known from the events alone, so it says no more than they do; an event that ended is none.
"""

from collections.abc import Iterable

from edge.values.event import Event, Phase


class Uncounted:
    """Follows the events of one camera."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def saw(self, events: Iterable[Event]) -> None:
        """New revisions, in their order."""
        for event in events:
            dense = event.crowd is not None and event.crowd.at_least is True
            if dense and event.phase is not Phase.END:
                self._places[event.id] = event.place
            else:
                self._places.pop(event.id, None)

    @property
    def places(self) -> tuple[str, ...]:
        """Zones with such a crowd, each once, by name."""
        return tuple(sorted(set(self._places.values())))
