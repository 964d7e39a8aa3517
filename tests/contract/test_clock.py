"""The contract of a clock, on the fake and on the system's."""

import pytest

from edge.adapters.clock import SystemClock, kernel_trust
from edge.ports import Clock
from edge.values.moment import ClockTrust
from tests.fakes.clock import FakeClock


@pytest.mark.parametrize("clock", [FakeClock(), SystemClock()], ids=["fake", "system"])
def test_monotonic_time_never_goes_back(clock: Clock) -> None:
    moments = [clock.now() for _ in range(100)]
    assert [one.mono_ns for one in moments] == sorted(one.mono_ns for one in moments)


def test_the_kernel_is_believed_and_asked_only_now_and_then() -> None:
    asked: list[ClockTrust] = []

    def kernel() -> ClockTrust:
        asked.append(ClockTrust.SYNCED)
        return ClockTrust.SYNCED

    clock = SystemClock(kernel)
    assert {clock.now().trust for _ in range(50)} == {ClockTrust.SYNCED}
    assert len(asked) == 1


def test_a_live_clock_is_never_a_recording() -> None:
    assert kernel_trust() in (ClockTrust.SYNCED, ClockTrust.UNSYNCED)
