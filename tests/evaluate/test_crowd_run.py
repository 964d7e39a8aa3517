"""The crowd analytics on simulated gatherings with known truth: what happens is told, and nothing else."""

from functools import cache

import numpy as np
import pytest

from edge.evaluate.crowd_run import CrowdRun, run
from edge.evaluate.crowds import Eyes
from edge.samples.gatherings import corridor, counterflow, panic, surge
from edge.values.event import Kind, Phase

pytestmark = pytest.mark.xdist_group("gatherings")  # each is watched once

BLURRED = Eyes(jitter=0.03, missed=0.1, tracked=True)


@cache
def watched(name: str, blurred: bool = False) -> CrowdRun:
    made = {"corridor": corridor, "counter-flow": counterflow, "panic": panic, "surge": surge}[name]()
    return run(made, BLURRED if blurred else Eyes(), 1)


def starts(found: CrowdRun) -> dict[Kind, float]:
    """When each kind was first told."""
    told = [event for event in found.events if event.phase is Phase.START]
    return {event.kind: event.moment.mono_ns / 1e9 for event in reversed(told)}


@pytest.mark.parametrize("blurred", [False, True])
def test_of_an_ordinary_corridor_nothing_is_told(blurred: bool) -> None:
    found = watched("corridor", blurred)
    assert found.events == []
    assert found.crossed > 100
    assert abs(found.counted - found.crossed) <= (1 if blurred else 0)


@pytest.mark.parametrize("blurred", [False, True])
def test_a_counter_stream_is_told_soon_and_its_share_is_right(blurred: bool) -> None:
    found = watched("counter-flow", blurred)
    assert starts(found).keys() <= {Kind.COUNTER_FLOW, Kind.SURGE}
    assert 30.0 < starts(found)[Kind.COUNTER_FLOW] < 50.0
    off = [abs(r.measured - r.true) for r in found.readings[Kind.COUNTER_FLOW]]
    assert np.mean(off) < 0.02


def test_a_panic_is_told_within_two_seconds() -> None:
    assert starts(watched("panic"))[Kind.DISPERSAL] == pytest.approx(46.0, abs=1.0)


def test_a_surge_warns_half_a_minute_before_people_touch() -> None:
    found = watched("surge")
    assert found.critical_s is not None
    assert found.critical_s - starts(found)[Kind.SURGE] > 30.0
    readings = found.readings[Kind.DENSITY]
    off = np.array([r.measured - r.true for r in readings])
    true = np.array([r.true for r in readings])
    assert np.abs(off).mean() <= 0.1 * true.mean()
    assert np.mean([r.low <= r.true <= r.high for r in readings]) >= 0.9


def test_the_same_seed_gives_the_same_events() -> None:
    again = run(panic(), Eyes(), 1)
    assert again.events == watched("panic").events
