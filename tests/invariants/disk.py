"""What the disk keeps: nothing that expired, and everything that is held."""

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.adapters import holdings as held_rows
from edge.adapters import key_ring
from edge.adapters.key_ring import KeyRing
from edge.adapters.undertaker import FileUndertaker
from edge.footage import retention
from edge.footage.retention import Disk
from edge.run import keep
from edge.values.errors import StorageError
from edge.values.hold import Hold
from edge.values.retention import Doom, Kept, Plan, Rule
from edge.values.segment import SLOT_S, SlotId
from tests.fakes.footage import DAY_S
from tests.fakes.raw_disk import can_mount, ext4
from tests.fakes.vaults import moment
from tests.invariants.invariant import Invariant, Mutant
from tests.run.test_keep import EXPIRY_S, House


def expired_is_gone(folder: Path) -> None:
    """Footage is recorded, expires and is deleted; then the whole disk is searched for its key.

    The sealed file and all three keyholders' keys are taken to be in the thief's hands: without the box's
    share they open nothing.
    """
    if can_mount():
        house = House(folder)
        _expires(house, lambda: b"".join(f.read_bytes() for f in folder.rglob("*") if f.is_file()))
        return
    with ext4(folder) as (mounted, raw):
        _expires(House(mounted), raw)


def _expires(house: House, whole_disk: Callable[[], bytes]) -> None:
    house.record(0, 20)
    house.record(SLOT_S)
    first, *_, later = house.folder.catalogue.segments()
    shares = [house.folder.ring.find(each.id.slot) for each in (first, later)]
    assert shares[0] is not None and shares[1] is not None
    os.sync()  # what is not yet on the disk cannot be left on it
    house.keeper.keep_house(moment(EXPIRY_S))
    assert house.left() == [SLOT_S]
    house.folder.close()
    disk = whole_disk()
    assert shares[1] in disk, "the search finds keys"
    assert shares[0] not in disk, "the key of what expired is still on the disk"


def held_is_never_deleted(folder: Path) -> None:
    """Time, a full disk, a damaged row and a plan that was made before: none of them beats a hold."""
    house = House(folder / "kept")
    house.record(0, SLOT_S, 2 * SLOT_S)
    (before, *_) = house.folder.holdings.kept()
    house.hold(0, 10)
    full = Disk(0, 1 << 30, 0)
    kept = house.folder.holdings.kept()
    planned = keep.plan(kept, house.folder.policy, moment(EXPIRY_S).utc_ns, full)
    assert before.slot not in {doom.slot for doom in planned.dooms}, "a plan names what is held"
    assert not house.undertaker.doom(Doom(before, Rule.EXPIRED)), "an older plan deletes what is held"
    house.disk = full
    house.keeper.keep_house(moment(40 * DAY_S))
    assert house.left() == [0]
    house.folder.catalogue.store.write(
        lambda db: db.execute("UPDATE holds SET body = replace(body, 'plaza', 'other')")
    )
    with suppress(StorageError):
        house.keeper.keep_house(moment(40 * DAY_S))
    assert house.left() == [0], "a damaged row of a hold lets its footage go"


def _renamed(ring: KeyRing, slots: Collection[SlotId]) -> None:
    """A ring without the keys, written anew beside the old one, as a careful program writes files."""
    content = bytearray(ring._content())
    for slot in slots:
        at = key_ring._find(bytes(content), slot)
        assert at is not None
        content[at : at + key_ring.PLACE_BYTES] = key_ring.EMPTY
    beside = ring._path.with_suffix(".new")
    beside.write_bytes(content)
    beside.rename(ring._path)


def _careless(kept: Sequence[Kept], *rest: Any) -> Plan:
    return retention.plan([replace(slot, held=()) for slot in kept], *rest)


def _dooms(undertaker: FileUndertaker, doom: Doom) -> bool:
    slot = (doom.slot.camera, doom.slot.start_s, doom.rule.value)
    undertaker._holdings._store.write(
        lambda db: db.execute("INSERT OR IGNORE INTO doomed VALUES (?,?,?)", slot)
    )
    return True


def _keeps_a_copy(ring: KeyRing, slot: SlotId) -> bytes:
    share = _share(ring, slot)
    with ring._path.with_suffix(".bak").open("ab") as backup:
        backup.write(share)
    return share


_share = KeyRing.share

EXPIRED_IS_GONE = Invariant(
    "expired footage cannot be recovered from the raw disk",
    expired_is_gone,
    (
        Mutant("keys stay in the ring", KeyRing, "shred", lambda *_: None),
        Mutant("a copy of the ring is kept", KeyRing, "share", _keeps_a_copy),
        Mutant("the ring is replaced, not overwritten", KeyRing, "shred", _renamed, wants_image=True),
    ),
)

HELD_IS_NEVER_DELETED = Invariant(
    "what is held is never deleted",
    held_is_never_deleted,
    (
        Mutant("the plan overlooks holds", keep, "plan", _careless),
        Mutant("a full disk beats a hold", retention, "_may_make_room", lambda _, kept, __: kept),
        Mutant("a mark for deletion asks for no hold", FileUndertaker, "doom", _dooms),
        Mutant("holds cover nothing", Hold, "covers", lambda *_: False),
        Mutant("a damaged row passes", held_rows, "intact", lambda _: True),
    ),
)
