"""Speeds of boxes whose true speed is known: the interval holds the truth, and nonsense has no speed."""

from collections.abc import Iterator
from dataclasses import replace
from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edge.ground.plane import Ground, behind
from edge.pace.spec import PaceSpec
from edge.pace.watch import PaceWatch
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.fact import Speeds
from edge.values.pace import Speed
from edge.values.paces import LOW
from tests.fakes.drive import (
    CAR,
    LABELS,
    SIZE,
    WHOLE,
    Body,
    Drive,
    detected,
    followed,
    ground_of_camera,
    moment,
)

FEW = settings(max_examples=12, deadline=None)


def watch(chance: np.random.Generator | None = None, scale: float = 1.0) -> PaceWatch:
    return PaceWatch(PaceSpec(LABELS, timed=(("road", WHOLE),), ground=ground_of_camera(chance, scale)))


def told(facts: tuple[object, ...]) -> Iterator[Speed | None]:
    for fact in facts:
        if isinstance(fact, Speeds):
            yield from (mover.speed for mover in fact.movers)


def tracked(
    drive: Drive, chance: np.random.Generator, jitter: float, missed: float, fps: float = 5.0
) -> list[Speed]:
    """All speeds told of a drive, seen by the tracker, on ground that is off as much as it says."""
    pace, tracker = watch(chance), Tracker(TrackerSpec())
    every = detected(drive, chance, jitter, missed, fps)
    looks = (pace.look(tracker.update(found, now), SIZE, now) for now, found in every)
    return [speed for facts in looks for speed in told(facts) if speed is not None]


def exactly(drive: Drive, scale: float = 1.0, until_s: float = 4.0) -> Speed | None:
    """The last speed told of a drive that is seen exactly, as it must be on ground that is known exactly."""
    return last_of(watch(scale=scale), drive, until_s)


def last_of(pace: PaceWatch, drive: Drive, until_s: float = 4.0) -> Speed | None:
    """The last speed that is told of a drive that is seen exactly."""
    last = None
    for k in range(round(until_s * 5)):
        box = drive.shown(k / 5)
        if box is not None:
            tracks = followed((1, box, drive.body.label))
            last = next(told(pace.look(tracks, SIZE, moment(k / 5))), last)
    return last


@pytest.mark.parametrize(
    ("jitter", "missed", "mps"), [(0.0, 0.0, None), (0.03, 0.1, None), (0.06, 0.15, None), (0.04, 0.1, 0.0)]
)
def test_nine_of_ten_intervals_hold_the_truth(jitter: float, missed: float, mps: float | None) -> None:
    chance, held, off, wide = np.random.default_rng(7), [], [], []
    for _ in range(50):
        drive = Drive.cast(chance, mps)
        for speed in tracked(drive, chance, jitter, missed):
            held.append(speed.low <= drive.mps <= speed.high)
            off.append(abs(speed.mps - drive.mps))
            wide.append(speed.high - speed.low)
    assert len(held) > 200
    assert np.mean(held) >= 0.9
    assert np.mean(off) < 0.4
    assert np.median(wide) < 1.4, "an interval that holds everything says nothing"


@FEW
@given(some.floats(0.5, 20), some.floats(0, 2 * pi), some.floats(12, 26))
def test_who_drives_back_the_same_way_is_as_fast(mps: float, heading: float, away: float) -> None:
    there, back = (exactly(Drive(CAR, (0.0, away), h, mps)) for h in (heading, heading + pi))
    if there is None or back is None:
        return
    slack = (there.high - there.low + back.high - back.low) / 2
    assert abs(there.mps - back.mps) <= slack


@FEW
@given(some.floats(1.0, 15), some.floats(0, 2 * pi), some.floats(0.8, 1.25))
def test_on_ground_measured_in_other_units_every_number_is_another_by_as_much(
    mps: float, heading: float, scale: float
) -> None:
    drive = Drive(CAR, (0.0, 18.0), heading, mps)
    one, other = exactly(drive), exactly(drive, scale)
    assert (one is None) is (other is None)
    if one is not None and other is not None:
        assert [each * scale for each in (one.mps, one.low, one.high)] == pytest.approx(
            [other.mps, other.low, other.high], rel=0.01, abs=0.02
        )


@settings(max_examples=40, deadline=None)
@given(
    some.floats(0, 40),
    some.floats(0, 2 * pi),
    some.floats(8, 60),
    some.floats(0, 0.15),
    some.integers(0, 999),
)
def test_nobody_turns_out_to_be_faster_than_is_said_before_anybody_is_measured(
    mps: float, heading: float, away: float, jitter: float, seed: int
) -> None:
    chance, pace = np.random.default_rng(seed), watch()
    tracker, drive = Tracker(TrackerSpec()), Drive(CAR, (0.0, away), heading, mps)
    for now, found in detected(drive, chance, jitter, 0.15):
        for fact in pace.look(tracker.update(found, now), SIZE, now):
            assert isinstance(fact, Speeds)
            low = np.nan_to_num(fact.everyone.speeds[LOW], nan=0.0)
            assert (low <= fact.everyone.at_most_mps).all()
            limit_mps = chance.uniform(0, 1.5) * mps
            assert fact.everyone.any_beyond(limit_mps, above=True) is (fact.everyone.fastest >= limit_mps)


def test_of_who_walks_it_is_known_beforehand_that_they_do_not_drive() -> None:
    pace, drive = watch(), Drive(CAR, (0.0, 18.0), 0.0, 1.4)
    for k in range(12):
        box = drive.shown(k / 5)
        assert box is not None
        for fact in pace.look(followed((1, box, drive.body.label)), SIZE, moment(k / 5)):
            assert isinstance(fact, Speeds)
            assert (fact.everyone.at_most_mps < 4.0).all()
    assert fact.everyone.fastest > 1.0


@FEW
@given(some.floats(-4, 4), some.floats(9, 30), some.floats(0, 2 * pi), some.integers(0, 99))
def test_who_stands_is_told_to_stand(x: float, y: float, heading: float, seed: int) -> None:
    chance, drive = np.random.default_rng(seed), Drive(CAR, (x, y), heading, 0.0)
    for speed in tracked(drive, chance, 0.02, 0.05):
        assert speed.low < 0.7
        assert speed.mps < 1.5


@FEW
@given(some.floats(0, 15), some.floats(2.0, 25), some.floats(0, 2 * pi), some.integers(6, 14))
def test_an_exchange_of_two_cars_is_no_speed(mps: float, apart: float, way: float, step: int) -> None:
    pace = watch()
    for k in range(20):
        drive = Drive(CAR, (0.0, 18.0), pi / 2, mps)
        if k >= step:  # from here on the track is on another car
            drive = Drive(CAR, (apart * np.sin(way), 18.0 + apart * abs(np.cos(way)) * 0.5), pi / 2, mps)
        box = drive.shown(k / 5)
        if box is None:
            continue
        for speed in told(pace.look(followed((1, box, "car")), SIZE, moment(k / 5))):
            if speed is not None:
                assert speed.low <= mps + 1.5
                assert speed.mps <= mps + 6.0


def test_what_is_new_or_seen_too_rarely_has_no_speed() -> None:
    drive = Drive(CAR, (0.0, 18.0), pi / 2, 5.0)
    assert exactly(drive, until_s=0.7) is None
    pace = watch()
    for k in range(0, 20, 4):  # one and a quarter pictures a second
        box = drive.shown(k / 5)
        assert box is not None
        (speed,) = told(pace.look(followed((1, box, "car")), SIZE, moment(k / 5)))
        assert speed is None


def test_a_box_that_the_border_cuts_or_that_another_covers_says_nothing() -> None:
    pace, drive = watch(), Drive(CAR, (0.0, 18.0), pi / 2, 3.0)
    speeds: list[Speed | None] = []
    for k in range(12):
        box = drive.shown(k / 5)
        assert box is not None
        before = box + np.array([5, 5, 5, 25])
        cut = np.array([0, 200, 60, 260])
        tracks = followed((1, box, "car"), (2, before, "person"), (3, cut, "car"))
        speeds = list(told(pace.look(tracks, SIZE, moment(k / 5)))) or speeds
    assert speeds[0] is None
    assert speeds[1] is not None
    assert speeds[2] is None


@pytest.mark.parametrize("mps", [5.0, 7.0, 9.0, -9.0])
def test_a_bus_that_comes_in_over_the_border_is_not_slow(mps: float) -> None:
    bus = Body(10.5, 2.5, 3.1)
    speeds = tracked(Drive(bus, (0.0, 22.0), pi / 2, mps), np.random.default_rng(1), 0.0, 0.0, 10.0)
    assert len(speeds) >= 3
    assert all(speed.low <= abs(mps) <= speed.high for speed in speeds)
    assert np.mean([speed.mps for speed in speeds]) == pytest.approx(abs(mps), rel=0.07)


def test_it_ends_with_the_zone_and_asks_for_its_classes_alone() -> None:
    left = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
    spec = PaceSpec(LABELS, (("left", left),), classes=frozenset({"car"}), ground=ground_of_camera())
    pace = PaceWatch(spec)
    boxes = [(1, np.array([100, 200, 160, 240]), "car"), (2, np.array([400, 200, 460, 240]), "car")]
    walker = (3, np.array([100, 100, 120, 160]), "person")
    (fact,) = pace.look(followed(*boxes, walker), SIZE, moment(0.0))
    assert isinstance(fact, Speeds)
    assert [mover.who.track for mover in fact.movers] == [1]


def test_without_measured_ground_there_is_no_speed() -> None:
    with pytest.raises(ValueError, match="measured ground"):
        PaceSpec(LABELS, timed=(("road", WHOLE),))


def test_a_lens_that_is_not_quite_known_makes_speeds_less_sure() -> None:
    sure, drive = ground_of_camera(), Drive(CAR, (5.0, 13.0), 0.3, 8.0)
    lens = replace(sure.lens, sd=0.06)
    doubted = behind(Ground(lens, sure.plane, sure.doubts), lambda _: sure.plane)
    known, unsure = (
        last_of(PaceWatch(PaceSpec(LABELS, timed=(("road", WHOLE),), ground=ground)), drive)
        for ground in (sure, doubted)
    )
    assert known is not None
    assert unsure is not None
    assert unsure.mps == pytest.approx(known.mps, rel=0.01)
    assert unsure.high - unsure.low > 1.1 * (known.high - known.low)
