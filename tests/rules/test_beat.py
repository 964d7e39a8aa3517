"""Crowds are judged on a beat: soon enough at any rate of pictures, never in pictures that show nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.beat import CROWD_S, Beat
from edge.rules.dispersing import STILL_RUNS_MPS, rushed
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.values.event import Event, Kind, Phase
from edge.values.fact import Fact, Moving, Occupancy, Things, Unseen
from edge.values.walks import Walks
from tests.fakes.happenings import at, person
from tests.fakes.walking import strolling, told

SPEC = RuleSpec("r", Kind.DENSITY, ("hall",), at_least=2.0, for_s=2.0, classes=frozenset({"person"}))


def hall(seconds: float) -> tuple[Fact, ...]:
    """Dense from the third second on."""
    return told(seconds, strolling(20), 3.0 if seconds >= 3.0 else 1.0)


def judged(fps: float, every: int = 1) -> list[Event]:
    """What is told of ten seconds, where each picture but every so many shows nothing."""
    rules, events = Rules((SPEC,), "node", "camera", "run"), []
    for k in range(round(10 * fps)):
        seen = hall(k / fps) if k % every == every - 1 else (Unseen(at(k / fps)),)
        events += rules.judge(seen, at(k / fps))
    return events


@pytest.mark.parametrize("fps", [1.0, 2.0, 5.0, 10.0, 30.0])
def test_what_is_told_is_late_by_one_beat_at_most_and_not_at_all_where_pictures_are_rare(fps: float) -> None:
    (start,) = judged(fps)
    assert start.phase is Phase.START
    beat_s = CROWD_S + 1 / fps if 1 / fps < CROWD_S else 0.0
    assert 5.0 <= start.moment.mono_ns / 1e9 <= 5.0 + 2 * beat_s


def test_a_picture_that_shows_nothing_takes_no_beat_from_the_next() -> None:
    (start,) = judged(5.0, every=2)
    assert start.moment.mono_ns / 1e9 == pytest.approx(5.2, abs=0.5)


@pytest.mark.parametrize(
    ("fps", "longest_s"), [(1.0, 1.0), (2.0, 0.5), (5.0, 0.6), (10.0, 0.5), (30.0, 0.45)]
)
def test_a_beat_waits_for_a_picture_in_which_no_things_were_looked_for_unless_it_would_be_late(
    fps: float, longest_s: float
) -> None:
    beat, beats, looked_s = Beat(CROWD_S), [], -1.0
    for k in range(round(20 * fps)):
        busy = k / fps - looked_s > 0.89
        looked_s = k / fps if busy else looked_s
        if beat.is_due(at(k / fps), busy):
            beat.falls(at(k / fps))
            beats.append((k / fps, busy))
    times = [seconds for seconds, _ in beats]
    assert max(np.diff(times)) <= longest_s + 1e-6
    assert not any(busy for _, busy in beats[1:]) or fps < 5.0


def first_dense(mps: float, *, things: bool) -> int:
    """When a crowd that is dense from 0.4 s on is told of, ns, with a look for things at 0.4 s or without."""
    specs = [RuleSpec("r", Kind.DENSITY, ("hall",), at_least=2.0), RuleSpec("run", Kind.DISPERSAL, ("hall",))]
    rules, starts = Rules(specs, "node", "camera", "run"), list[Event]()
    for k in range(5):
        seen = told(k / 5, strolling(20, mps), 3.0 if k >= 2 else 1.0)
        looked = (Things(at(k / 5), "hall", ()),) if things and k == 2 else ()
        starts += rules.judge((*seen, *looked), at(k / 5))
    return starts[0].moment.mono_ns


@pytest.mark.parametrize(("mps", "late_ns"), [(1.3, 200_000_000), (3.0, 0)])
def test_crowds_are_judged_beside_things_only_while_people_run(mps: float, late_ns: int) -> None:
    assert first_dense(mps, things=False) == 400_000_000
    assert first_dense(mps, things=True) == 400_000_000 + late_ns


def test_what_starts_between_two_beats_tells_the_density_of_now_and_not_of_the_last_time() -> None:
    spec = RuleSpec("r", Kind.OCCUPANCY, ("hall",), at_least=2, clear_s=1.0)
    rules, starts = Rules((spec,), "node", "camera", "run"), []
    for k in range(60):
        there = holding(told(k / 5, strolling(20), 3.0 if k < 20 else 1.0)[2], k not in range(10, 41))
        starts += [e for e in rules.judge((there,), at(k / 5)) if e.phase is Phase.START]
    assert [each.crowd and each.crowd.per_m2 for each in starts] == [3.0, 1.0]
    assert starts[1].moment.mono_ns == 8_200_000_000, "between two beats"


def holding(there: Fact, full: bool) -> Fact:
    """The same zone with two people in it, or with nobody."""
    assert isinstance(there, Occupancy)
    return there._replace(who=(person(1), person(2)) if full else (), dwell_s=(1.0, 1.0) if full else ())


@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=9), st.lists(st.booleans(), min_size=9, max_size=9))
def test_where_half_of_the_people_run_is_found_without_their_median(
    paces: list[float], cars: list[bool]
) -> None:
    n, speeds = len(paces), np.column_stack([paces, np.zeros(len(paces))])
    kinds, labels = np.array(cars[:n], np.int64), ("person", "car")
    everyone = Walks(np.arange(n), labels, kinds, np.ones(n), np.zeros((n, 2)), speeds, np.zeros(n))
    moving = Moving(at(0.0), everyone, {"hall": np.arange(n), "empty": np.arange(0)})
    for classes in (None, frozenset({"person"})):
        some = everyone.of(classes)
        runs = len(some) > 0 and some.median_mps >= STILL_RUNS_MPS
        assert not runs or "hall" in rushed(moving, classes, 1)
        assert "empty" not in rushed(moving, classes, 1)
        slow = len(some) > 0 and max(some.pace_mps) < STILL_RUNS_MPS
        assert not slow or not rushed(moving, classes, 1)
        assert "hall" not in rushed(moving, classes, n + 1)
