"""The keeper's memory of slots whose own times cannot be, over its restarts, in a file of its own.

Law: it is written before what it says is acted on. If it is lost, footage from the future is found anew, and
so kept longer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

from edge.adapters.durable import replace_lasting
from edge.footage.ages import Age, Ages, aged, ages, stepped
from edge.footage.trusted_time import Step, TrustedTime
from edge.values.moment import Moment
from edge.values.retention import Kept
from edge.values.segment import SlotId


class AgeMemory:
    """Ages of such slots; the keeper looks, everybody else peeks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._remembered()
        self._before: Mapping[SlotId, int] = {}
        self._looked: Moment | None = None

    def look(
        self, kept: Sequence[Kept], trusted: TrustedTime, now: Moment, step: Step | None
    ) -> Sequence[Kept]:
        """All slots, with how far their own times are off; remembered.

        Raises:
            StorageError: it cannot be remembered.
        """
        known = self._known if step is None else stepped(self._known, step.to_ns - step.from_ns)
        found = ages(known, kept, self._before, trusted.utc_ns, self._clocks_ns(now))
        if found != self._known:
            told = {str(slot): astuple(age) for slot, age in found.items()}
            replace_lasting(self._path, json.dumps(told).encode())
            self._known = found
        self._before = {slot.slot: slot.size_bytes for slot in kept}
        self._looked = now
        return aged(kept, found)

    def peek(self, kept: Sequence[Kept]) -> Sequence[Kept]:
        """The same, as the keeper left it."""
        return aged(kept, self._known)

    def _clocks_ns(self, now: Moment) -> list[int]:
        looked = self._looked or now
        return [now.utc_ns, looked.utc_ns + now.mono_ns - looked.mono_ns]

    def _remembered(self) -> Ages:
        """What the file says; nothing where it is lost or damaged."""
        try:
            told = json.loads(self._path.read_bytes())
            return {SlotId.parse(name): Age(*map(int, age)) for name, age in told.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
