"""Retention, for any footage: holds are kept, the expired goes, and time only ever adds to a plan."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.footage import retention
from edge.footage.retention import Disk, expires_ns, plan
from edge.values.moment import NS_PER_S
from edge.values.retention import Kept, Plan, Rule
from edge.values.segment import SLOT_S, FootageClass, SlotId
from tests.fakes.footage import policy

POLICY = policy(routine_s=3_600, event_s=36_000)
ROOMY = Disk(free_bytes=1 << 40, reserve_bytes=0, quota_bytes=1 << 40)


@st.composite
def kepts(draw: st.DrawFn) -> list[Kept]:
    slots = draw(
        st.lists(st.tuples(st.sampled_from(["north", "south"]), st.integers(0, 60)), unique=True, max_size=20)
    )
    return [
        Kept(
            SlotId(camera, index * SLOT_S),
            index * SLOT_S * NS_PER_S,
            (index * SLOT_S + draw(st.integers(1, 660))) * NS_PER_S,
            draw(st.integers(1, 1000)),
            1,
            draw(st.sampled_from(FootageClass)),
            draw(st.sampled_from([(), (), ("0123456789ab",)])),
        )
        for camera, index in slots
    ]


DISKS = st.builds(Disk, st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 8000))
TIMES = st.integers(0, 90_000).map(lambda s: s * NS_PER_S)


def holds_are_kept(made: Plan, kept: list[Kept]) -> None:
    held = {slot.slot for slot in kept if slot.held}
    assert not held & {doom.slot for doom in made.dooms}


@given(kepts(), TIMES, DISKS)
def test_a_held_slot_is_in_no_plan(kept: list[Kept], now_ns: int, disk: Disk) -> None:
    holds_are_kept(plan(kept, POLICY, now_ns, disk), kept)


@given(kepts(), TIMES, DISKS)
def test_every_expired_slot_is_in_the_plan(kept: list[Kept], now_ns: int, disk: Disk) -> None:
    due = {slot.slot for slot in kept if not slot.held and expires_ns(slot, POLICY) <= now_ns}
    made = plan(kept, POLICY, now_ns, disk)
    assert {doom.slot for doom in made.dooms if doom.rule is Rule.EXPIRED} == due


@given(kepts(), TIMES)
def test_with_room_on_the_disk_nothing_else_goes(kept: list[Kept], now_ns: int) -> None:
    made = plan(kept, POLICY, now_ns, ROOMY)
    assert all(doom.rule is Rule.EXPIRED for doom in made.dooms)
    assert made.short_bytes == 0


@given(kepts(), TIMES, TIMES, DISKS)
def test_later_never_means_keeping_more(kept: list[Kept], one: int, other: int, disk: Disk) -> None:
    earlier, later = sorted((one, other))
    room = replace(disk, quota_bytes=1 << 40, reserve_bytes=0)
    before = {doom.slot for doom in plan(kept, POLICY, earlier, room).dooms}
    after = {doom.slot for doom in plan(kept, POLICY, later, room).dooms}
    assert before <= after


@given(kepts(), TIMES, DISKS, st.integers(0, 3000))
def test_a_fuller_disk_never_means_keeping_more(kept: list[Kept], now_ns: int, disk: Disk, less: int) -> None:
    fuller = replace(disk, free_bytes=max(0, disk.free_bytes - less))
    before = {doom.slot for doom in plan(kept, POLICY, now_ns, disk).dooms}
    assert before <= {doom.slot for doom in plan(kept, POLICY, now_ns, fuller).dooms}


@given(kepts(), TIMES, DISKS)
def test_what_is_missing_was_made_room_for_or_is_told(kept: list[Kept], now_ns: int, disk: Disk) -> None:
    made = plan(kept, POLICY, now_ns, disk)
    gone = {doom.slot for doom in made.dooms}
    assert len(gone) == len(made.dooms)
    freed = sum(slot.size_bytes for slot in kept if slot.slot in gone)
    used = sum(slot.size_bytes for slot in kept)
    missing = max(used - disk.quota_bytes, disk.reserve_bytes - disk.free_bytes)
    assert freed + made.short_bytes >= missing


def test_the_oldest_of_the_lowest_class_makes_room_and_never_the_newest_slot() -> None:
    kept = [
        Kept(SlotId("north", SLOT_S * at), 0, SLOT_S * (at + 1) * NS_PER_S, 100, 1, cls)
        for at, cls in enumerate([FootageClass.EVENT, FootageClass.ROUTINE, FootageClass.ROUTINE])
    ]
    one = plan(kept, POLICY, 0, Disk(1 << 40, 0, 200))
    assert [doom.slot.start_s for doom in one.dooms] == [SLOT_S]
    everything = plan(kept, POLICY, 0, Disk(1 << 40, 0, 0))
    assert [doom.slot.start_s for doom in everything.dooms] == [SLOT_S, 0]
    assert everything.short_bytes == 100


def test_mutant_a_planner_that_overlooks_holds_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Callable[..., Plan] = retention.plan

    def careless(kept: list[Kept], *rest: object) -> Plan:
        return made([replace(slot, held=()) for slot in kept], *rest)

    monkeypatch.setattr(retention, "plan", careless)
    held = [Kept(SlotId("north", 0), 0, NS_PER_S, 1, 1, FootageClass.ROUTINE, ("0123456789ab",))]
    with pytest.raises(AssertionError):
        holds_are_kept(retention.plan(held, POLICY, 90_000 * NS_PER_S, ROOMY), held)
