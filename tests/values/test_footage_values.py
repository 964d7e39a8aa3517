"""Names of slots and segments, keyholders, holds and what a footage policy must say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.values.hold import Hold, HoldOrigin, Release
from edge.values.keyholders import KeyHolder, KeyHolders, Role
from edge.values.moment import NS_PER_S, Moment
from edge.values.retention import FootagePolicy, Keep
from edge.values.segment import SLOT_S, FootageClass, SegmentId, SlotId

KEYS = [f"age1{letter * 58}" for letter in "qpz"]
HOLDERS = (
    KeyHolder("state", Role.STATE_OFFICER, "Department of the Interior", KEYS[0]),
    KeyHolder("privacy", Role.DATA_PROTECTION_OFFICER, "Data protection authority", KEYS[1]),
    KeyHolder("audit", Role.AUDITOR, "Court of audit", KEYS[2]),
)
CAMERAS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", fullmatch=True)


@given(CAMERAS, st.integers(0, 4_000_000_000 * NS_PER_S), st.integers(0, 9999))
def test_a_name_leads_back_to_its_segment(camera: str, utc_ns: int, sequence: int) -> None:
    segment = SegmentId(SlotId.of(camera, utc_ns), sequence)
    assert SegmentId.parse(str(segment)) == segment
    assert segment.slot.start_s * NS_PER_S <= utc_ns < segment.slot.end_ns


def test_names_sort_as_time_goes() -> None:
    slots = [SlotId("plaza", SLOT_S * step) for step in (0, 9, 10, 2_000_000)]
    names = [str(SegmentId(slot, sequence)) for slot in slots for sequence in (0, 9, 10, 9999)]
    assert names == sorted(names)


@pytest.mark.parametrize(
    "name", ["", "plaza", "plaza.20260131T080000Z", "plaza.20260131T080000Z.7", "a.20260131T080001Z.0007"]
)
def test_what_is_no_segment_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"wants|called like"):
        SegmentId.parse(name)


def test_every_pair_of_keyholders_opens() -> None:
    pairs = KeyHolders(HOLDERS).pairs()
    assert {frozenset((a.id, b.id)) for a, b in pairs} == {
        frozenset(("state", "privacy")),
        frozenset(("state", "audit")),
        frozenset(("privacy", "audit")),
    }


@pytest.mark.parametrize("what", ["id", "role", "office", "seal_recipient"])
def test_two_keyholders_never_share_anything(what: str) -> None:
    twin = replace(HOLDERS[1], **{what: getattr(HOLDERS[0], what)})
    with pytest.raises(ValueError, match=what):
        KeyHolders((HOLDERS[0], twin, HOLDERS[2]))


def test_two_keyholders_are_too_few_and_one_key_never_enough() -> None:
    with pytest.raises(ValueError, match="2 of 3"):
        KeyHolders(HOLDERS[:2])
    with pytest.raises(ValueError, match="2 of 3"):
        KeyHolders(HOLDERS, threshold=1)


def test_a_private_key_is_no_recipient() -> None:
    with pytest.raises(ValueError, match="age public key"):
        replace(HOLDERS[0], seal_recipient="AGE-SECRET-KEY-1QQ")


def test_a_hold_keeps_the_whole_slot_until_it_is_released() -> None:
    slot = SlotId("plaza", 6000)
    hold = Hold(
        "0123456789ab", HoldOrigin.AUTHORITY, "A-17", "Court", "2026-03-01", ("plaza",),
        6_100 * NS_PER_S, 6_110 * NS_PER_S, Moment(0, 0), "officer",
    )  # fmt: skip
    assert hold.covers(slot, 6_000 * NS_PER_S, 6_600 * NS_PER_S)
    assert not hold.covers(slot, 6_110 * NS_PER_S, 6_600 * NS_PER_S)
    assert not hold.covers(SlotId("gate", 6000), 6_000 * NS_PER_S, 6_600 * NS_PER_S)
    released = replace(hold, released=Release(Moment(1, 1), "officer", "case closed"))
    assert not released.covers(slot, 6_000 * NS_PER_S, 6_600 * NS_PER_S)


def test_a_policy_without_a_time_for_every_class_is_refused() -> None:
    with pytest.raises(ValueError, match="each of routine, event"):
        FootagePolicy("0" * 64, KeyHolders(HOLDERS), (Keep(FootageClass.ROUTINE, 3600, "law"),))
