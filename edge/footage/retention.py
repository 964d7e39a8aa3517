"""What is to be deleted now: what expired, and then the oldest of the lowest class while the disk is short.

Law: a held slot is in no plan. An expired one that is not held is in every plan. The newest slot of a camera
is not deleted to make room, because it is still being written. Time is the box's trusted time.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from edge.values.moment import NS_PER_S
from edge.values.retention import Doom, FootagePolicy, Kept, Plan, Rule
from edge.values.segment import FootageClass, SlotId

RANK = {FootageClass.ROUTINE: 0, FootageClass.EVENT: 1}
"""Order in which footage makes room, lowest first."""


@dataclass(frozen=True, slots=True)
class Disk:
    """How much room there is.

    Attributes:
        free_bytes: free on the file system now.
        reserve_bytes: what must stay free on it, for the outbox and the system.
        quota_bytes: most that footage may take.
    """

    free_bytes: int
    reserve_bytes: int
    quota_bytes: int


def plan(kept: Sequence[Kept], policy: FootagePolicy, now_ns: int, disk: Disk) -> Plan:
    """What to delete, expired slots first, oldest first.

    Args:
        kept: everything on the disk, each slot once.
        policy: says how long each class is kept.
        now_ns: trusted UTC, ns since the Unix epoch.
        disk: how much room there is.
    """
    free = [slot for slot in kept if not slot.held]
    expired = sorted((slot for slot in free if expires_ns(slot, policy) <= now_ns), key=_age)
    gone = {slot.slot for slot in expired}
    missing = _missing(kept, disk) - sum(slot.size_bytes for slot in expired)
    crowded: list[Kept] = []
    for slot in sorted(_may_make_room(free, kept, gone), key=lambda slot: (_rank(slot), _age(slot))):
        if missing <= 0:
            break
        crowded.append(slot)
        missing -= slot.size_bytes
    dooms = [Doom(slot, Rule.EXPIRED) for slot in expired]
    return Plan((*dooms, *(Doom(slot, Rule.DISK) for slot in crowded)), max(0, missing))


def expires_ns(slot: Kept, policy: FootagePolicy) -> int:
    """When a slot expires if nobody holds it, UTC ns since the Unix epoch."""
    return slot.aged_from_ns + policy.keep(slot.footage_class).keep_s * NS_PER_S


def _missing(kept: Iterable[Kept], disk: Disk) -> int:
    """Bytes that have to go; not positive where there is room."""
    used = sum(slot.size_bytes for slot in kept)
    return max(used - disk.quota_bytes, disk.reserve_bytes - disk.free_bytes)


def _may_make_room(free: Iterable[Kept], kept: Sequence[Kept], gone: Collection[SlotId]) -> list[Kept]:
    newest: dict[str, Kept] = {}
    for slot in kept:
        newest[slot.slot.camera] = max(slot, newest.get(slot.slot.camera, slot), key=_began_ns)
    return [slot for slot in free if slot.slot not in gone and newest[slot.slot.camera].slot != slot.slot]


def _began_ns(slot: Kept) -> int:
    return slot.slot.start_s * NS_PER_S - slot.off_ns


def _rank(slot: Kept) -> int:
    return RANK[slot.footage_class]


def _age(slot: Kept) -> tuple[int, SlotId]:
    return slot.aged_from_ns, slot.slot
