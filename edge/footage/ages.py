"""How old footage is whose own times cannot be: it was recorded while the box's clock was wrong.

Law: footage is as old as trusted time says, not as its pictures do. What grows where the clock stands,
or stood at the look before, is being recorded now, and what ends in the future ended when that was
found; both keep that age. So a clock that was years behind makes nothing old, and one that was years
ahead keeps nothing for years. Where a slot's times fit trusted time they count, and so do those of
footage that is simply old.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from edge.values.moment import NS_PER_S
from edge.values.retention import Kept
from edge.values.segment import SlotId

FIT_NS = 900 * NS_PER_S
"""A slot that is being recorded ends so near to the clock: segments, plans and a restart take their time."""


@dataclass(frozen=True, slots=True)
class Age:
    """When a slot of a size ended, by its own pictures and by trusted time, UTC ns since the Unix epoch."""

    size_bytes: int
    ended_ns: int
    trusted_ns: int

    @property
    def fits(self) -> bool:
        """Whether its own times are right as they are."""
        return abs(self.ended_ns - self.trusted_ns) <= FIT_NS


Ages = Mapping[SlotId, Age]


def ages(
    known: Ages, kept: Iterable[Kept], before: Mapping[SlotId, int], trusted_ns: int, clocks_ns: Sequence[int]
) -> dict[SlotId, Age]:
    """Ages of all slots whose own times do not fit, after one more look.

    Args:
        known: those of the look before.
        kept: every slot, as it is now.
        before: how large each slot was at the look before, bytes.
        trusted_ns: trusted UTC.
        clocks_ns: what the system clock says, and what it would say if nobody had set it since that look.
    """
    found: dict[SlotId, Age] = {}
    for slot in kept:
        age = known.get(slot.slot)
        if age is None or age.size_bytes != slot.size_bytes:
            grew = before.get(slot.slot) != slot.size_bytes
            age = _new(slot, trusted_ns, clocks_ns if grew else ())
        if not age.fits:
            found[slot.slot] = age
    return found


def stepped(known: Ages, step_ns: int) -> dict[SlotId, Age]:
    """The same ages after trusted time made a step."""
    return {slot: replace(age, trusted_ns=age.trusted_ns + step_ns) for slot, age in known.items()}


def aged(kept: Iterable[Kept], known: Ages) -> Sequence[Kept]:
    """Slots with how far their own times are off."""
    return [
        slot if (age := known.get(slot.slot)) is None else replace(slot, off_ns=age.ended_ns - age.trusted_ns)
        for slot in kept
    ]


def _new(slot: Kept, trusted_ns: int, clocks_ns: Sequence[int]) -> Age:
    is_now = any(abs(slot.ended_ns - clock_ns) <= FIT_NS for clock_ns in clocks_ns)
    is_ahead = slot.ended_ns > trusted_ns
    return Age(slot.size_bytes, slot.ended_ns, trusted_ns if is_now or is_ahead else slot.ended_ns)
