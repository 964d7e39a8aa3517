"""When crowds are counted by a density map: by the time of the pictures alone, gate or not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.pipeline import MapTimes
from edge.run.look import look
from edge.values.detections import NotAnswered, Still, Unanswered
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from tests.fakes.counters import FakeCounter, map_of
from tests.fakes.detector import FakeDetector
from tests.fakes.frames import grey_frame
from tests.fakes.lanes import pipeline


def at(seconds: float) -> Moment:
    ns = round(seconds * NS_PER_S)
    return Moment(ns, ns, ClockTrust.REPLAY)


def test_the_first_picture_is_counted_and_then_one_in_every_period() -> None:
    times = MapTimes(10 * NS_PER_S)
    counted = [k / 5 for k in range(200) if times.due(at(k / 5))]
    assert counted == [0.0, 10.0, 20.0, 30.0]


@given(st.integers(1, 60), st.integers(0, 10**12), st.lists(st.floats(0.01, 20.0), max_size=60))
def test_never_more_than_one_in_a_period_and_never_none_in_two(every_s, offset, steps) -> None:
    times, now, counted = MapTimes(every_s * NS_PER_S, offset), 0.0, list[float]()
    if times.due(at(0.0)):
        counted.append(0.0)
    for step in steps:
        now += step
        if times.due(at(now)):
            counted.append(now)
        assert now - counted[-1] <= every_s + 1e-6 or counted[-1] == now
    turns = [(round(t * NS_PER_S) + offset) // (every_s * NS_PER_S) for t in counted]
    assert len(set(turns)) == len(turns)


def test_a_crowd_that_cannot_move_is_counted_though_the_gate_rests() -> None:
    analysis = pipeline("gate", gate=True)
    analysis.maps = MapTimes(2 * NS_PER_S)
    counter, detector, still = FakeCounter([map_of(np.array([[0.5, 0.5]]))]), FakeDetector(), 0
    for seq in range(30):
        frame = grey_frame(seq=seq)
        seen = look(replace(frame, wide=frame.pixels), detector, analysis, counter)
        still += isinstance(seen.answer, Still)
    assert still > 10
    assert counter.seen == [0, 10, 20]


@pytest.mark.parametrize("failed", [NotAnswered(Unanswered.FAILED), NotAnswered(Unanswered.NOT_FINITE)])
def test_a_map_that_fails_stops_nothing(failed: NotAnswered) -> None:
    analysis = pipeline("gate")
    analysis.maps = MapTimes(NS_PER_S)
    frame = grey_frame()
    seen = look(replace(frame, wide=frame.pixels), FakeDetector(), analysis, FakeCounter([failed]))
    assert seen.step.refused == ()
