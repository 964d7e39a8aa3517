"""Presentation times, sampling ticks and moments, without a stream."""

import itertools
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.adapters.av_time import Crawl, LiveTime, Presentation, ReplayTime, Ticks
from edge.values.moment import NS_PER_S, ClockTrust, Moment

MS = 1_000_000
BASE = Fraction(1, 1000)


def times(*stamps: int | None, step_ms: int = 40) -> list[int]:
    """Repaired times in ms for presentation times in ms."""
    presentation = Presentation(BASE, step_ms * MS)
    return [presentation.of(stamp) // MS for stamp in stamps]


def test_times_begin_at_zero_wherever_the_stream_begins() -> None:
    assert times(-80, -40, 0) == [0, 40, 80]
    assert times(3_600_000, 3_600_040) == [0, 40]


def test_missing_times_are_filled_in_with_the_usual_step() -> None:
    assert times(None, None, None) == [0, 40, 80]
    assert times(0, 100, None, 300) == [0, 100, 200, 300]


def test_jumps_in_either_direction_become_one_usual_step() -> None:
    assert times(0, 40, 900_000, 900_040) == [0, 40, 80, 120]
    assert times(5_000, 5_040, 0, 40) == [0, 40, 80, 120]


def crawls(arrive_s: float, passes_s: float, pictures: int, look_s: float = 1.0) -> int | None:
    """After how many pictures times that advance by so much a picture are seen to crawl."""
    crawl = Crawl(round(look_s * NS_PER_S))
    for n in range(pictures):
        if crawl.sees(round(n * passes_s * NS_PER_S), round(n * arrive_s * NS_PER_S)):
            return n
    return None


def test_times_that_hardly_pass_are_noticed_after_six_looks() -> None:
    assert crawls(0.1, 1 / 90_000, 200) == 60  # pictures are counted, where times are wanted
    assert crawls(0.1, 0.1 / 90, 200) == 60  # milliseconds, said to be 1/90,000 s
    assert crawls(0.1, 0.1, 2_000) is None
    assert crawls(0.1, 0.04, 2_000) is None  # a line that carries less than half of the stream


def test_a_stall_and_what_was_kept_back_in_it_are_no_crawl() -> None:
    crawl = Crawl(NS_PER_S)
    for n in range(600):
        late_s = 7.5 - n % 100 * 0.1 if n % 100 < 75 else 0.0  # stands still, then all comes at once
        assert not crawl.sees(n * 100 * MS, round((n * 0.1 + late_s) * NS_PER_S))


def test_a_pause_is_no_jump() -> None:
    assert times(0, 40, 4_040) == [0, 40, 4_040]


def test_a_stream_that_begins_anew_goes_on_after_the_last_picture() -> None:
    presentation = Presentation(BASE, 40 * MS)
    assert [presentation.of(stamp) for stamp in (0, 40)] == [0, 40 * MS]
    presentation.rejoin(Fraction(1, 90_000))
    assert [presentation.of(stamp) // MS for stamp in (0, 3600)] == [80, 120]


@given(st.lists(st.none() | st.integers(-(2**62), 2**62), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_times_always_grow(stamps: list[int | None]) -> None:
    repaired = times(*stamps)
    presentation = Presentation(Fraction(1, 90_000), 40 * MS)
    exact = [presentation.of(stamp) for stamp in stamps]
    assert repaired[0] == 0
    assert all(later > earlier for earlier, later in itertools.pairwise(exact))


def sampled(stamps_ms: list[int], fps: float, step_ms: int) -> list[int]:
    ticks = Ticks(round(NS_PER_S / fps))
    return [stamp for stamp in stamps_ms if ticks.takes(stamp * MS, step_ms * MS)]


def test_sampling_takes_the_picture_nearest_to_each_tick() -> None:
    assert sampled(list(range(0, 1000, 40)), 5, 40) == [0, 200, 400, 600, 800]
    assert sampled(list(range(0, 1000, 80)), 5, 80) == [0, 160, 400, 560, 800, 960]
    assert sampled(list(range(0, 2000, 60)), 1, 60) == [0, 1020, 1980]


def test_a_source_slower_than_the_sampling_is_taken_whole() -> None:
    assert sampled([0, 400, 800, 1900], 5, 400) == [0, 400, 800, 1900]


def test_a_jitter_of_milliseconds_does_not_move_the_choice() -> None:
    assert sampled([0, 66, 133, 199, 267, 333, 401, 466, 533, 599], 5, 66) == [0, 199, 401, 599]


def test_a_camera_that_sends_just_what_is_wanted_may_jitter() -> None:
    stamps = [0, 160, 440, 555, 830, 1000]
    assert sampled(stamps, 5, 200) == stamps


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=200),
    st.sampled_from([1.0, 2.0, 5.0, 12.5, 30.0]),
)
@settings(max_examples=60, deadline=None)
def test_no_tick_that_has_a_picture_is_missed_and_none_is_taken_twice(steps: list[int], fps: float) -> None:
    stamps = [sum(steps[:n]) for n in range(len(steps) + 1)]
    grid = Ticks(round(NS_PER_S / fps))
    taken = [grid.tick_of(stamp * MS, 40 * MS) for stamp in sampled(stamps, fps, 40)]
    assert taken == sorted({grid.tick_of(stamp * MS, 40 * MS) for stamp in stamps})


@given(st.integers(5, 60), st.sampled_from([1.0, 2.0, 5.0, 10.0]), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_with_steady_pictures_only_unsampled_ones_are_declared_needless(
    source_fps: int, fps: float, seconds: int
) -> None:
    step = round(NS_PER_S / source_fps)
    grid = Ticks(round(NS_PER_S / fps))
    for index in range(seconds * source_fps):
        time = index * step
        if not grid.may_take(time, step):
            assert grid.tick_of(time, step) == grid.tick_of(time - step, step)


def at(seconds: float) -> Moment:
    return Moment(100 * NS_PER_S, 1_700_000_000 * NS_PER_S, ClockTrust.SYNCED).plus(seconds)


def test_a_live_moment_is_smoothed_by_the_smallest_delay() -> None:
    live = LiveTime()
    delays = [0.010, 0.150, 0.010, 0.080, 0.012]
    moments = [live.moment(index * 200 * MS, at(index * 0.2 + delay)) for index, delay in enumerate(delays)]
    assert [round(moment.seconds_since(at(0.010)), 3) for moment in moments] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert {moment.trust for moment in moments} == {ClockTrust.SYNCED}
    assert moments[3].utc_ns - at(0).utc_ns == moments[3].mono_ns - at(0).mono_ns


def test_a_live_moment_recovers_after_the_camera_stood_still() -> None:
    live = LiveTime()
    for index in range(10):
        live.moment(index * 200 * MS, at(index * 0.2))
    late = [
        live.moment(index * 200 * MS, at(index * 0.2 + 3.0)).seconds_since(at(index * 0.2 + 3.0))
        for index in range(10, 70)
    ]
    assert late[0] == -3.0
    assert late[-1] == 0.0


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 400)), min_size=1, max_size=80))
@settings(max_examples=60, deadline=None)
def test_live_moments_grow_and_are_never_in_the_future(pictures: list[tuple[int, int]]) -> None:
    live, presented, arrived, last = LiveTime(), 0, at(0), at(-1)
    for step_ms, delay_ms in pictures:
        presented += step_ms * MS
        arrived = max(arrived.plus(1e-6), at(presented / NS_PER_S + delay_ms / 1000))
        moment = live.moment(presented, arrived)
        assert last.mono_ns < moment.mono_ns <= arrived.mono_ns
        last = moment


def test_a_replayed_moment_comes_from_the_clip_alone() -> None:
    assert ReplayTime(1_000).moment(250) == Moment(250, 1_250, ClockTrust.REPLAY)
