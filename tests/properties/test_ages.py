"""Ages of footage, whatever the clock does meanwhile: never older than it is, and never from the future."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edge.footage.ages import FIT_NS, Age, aged, ages
from edge.values.moment import NS_PER_S
from edge.values.retention import Kept
from edge.values.segment import FootageClass, SlotId

START_S = 1_700_000_000
PLAN_S = 15
HOUR_S, YEARS_S = 3_600, 315_532_800

OFFSETS = st.sampled_from([0, 0, HOUR_S, -HOUR_S, 300, -7_000, YEARS_S, -YEARS_S])
WALKS = st.lists(st.tuples(OFFSETS, st.integers(1, 80)), max_size=8)
"""So far the clock is ahead, for so many plans."""


class House:
    """One camera that is recorded all the time, and a keeper that looks at every plan."""

    def __init__(self) -> None:
        self.now_ns = START_S * NS_PER_S
        self.kept: dict[SlotId, Kept] = {}
        self.grew_ns: dict[SlotId, int] = {}
        self.known: dict[SlotId, Age] = {}
        self.before: dict[SlotId, int] = {}
        self.off_ns = 0

    def records(self, off_s: int) -> None:
        """Until the next plan, with its look."""
        self.now_ns += PLAN_S * NS_PER_S
        clock_ns = self.now_ns + off_s * NS_PER_S
        slot = SlotId.of("plaza", clock_ns)
        old = self.kept.get(slot, Kept(slot, clock_ns, 0, 0, 0, FootageClass.ROUTINE))
        ended_ns = max(old.ended_ns, clock_ns)
        self.kept[slot] = replace(old, ended_ns=ended_ns, size_bytes=old.size_bytes + 1)
        self.grew_ns[slot] = self.now_ns
        self.known = ages(
            self.known, self.kept.values(), self.before, self.now_ns, (clock_ns, self.now_ns + self.off_ns)
        )
        self.off_ns = clock_ns - self.now_ns
        self.before = {each.slot: each.size_bytes for each in self.kept.values()}


@given(WALKS)
def test_footage_is_as_old_as_trusted_time_says(walk: list[tuple[int, int]]) -> None:
    house = House()
    for off_s, plans in walk:
        for _ in range(plans):
            house.records(off_s)
    for slot in aged(house.kept.values(), house.known):
        grew_ns = house.grew_ns[slot.slot]
        assert grew_ns - FIT_NS <= slot.aged_from_ns <= grew_ns + FIT_NS


@given(st.integers(1, 10**6))
def test_without_a_step_no_age_is_remembered(plans: int) -> None:
    house = House()
    for _ in range(plans % 200):
        house.records(0)
    assert house.known == {}
