"""Heat maps: what is counted, when it is told, and that no comparison of what is told finds anybody."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.scene.heat import CELLS_EACH, Heat, HeatSpec
from edge.values.fact import Fact, Moving, Unseen
from edge.values.heat import HeatCell, HeatMap, Way
from edge.values.moment import ClockTrust, Moment
from edge.values.walks import Walks

KEY = b"k" * 32
GRID = tuple((x, y) for y in range(4) for x in range(4))
BIN_S = 60.0
EPOCH_NS = 1_800_000_000 * 10**9  # the begin of a bin


def spec(least: int = 5, cell_m: float = 2.0, epsilon: float | None = None) -> HeatSpec:
    return HeatSpec("square", GRID, cell_m, BIN_S, least, frozenset({"person"}), epsilon)


def at(seconds: float, clock_s: float = 0.0) -> Moment:
    """A moment; the wall clock may run ahead or behind by `clock_s`."""
    return Moment(round(seconds * 1e9), EPOCH_NS + round((seconds + clock_s) * 1e9), ClockTrust.SYNCED)


def here(seconds: float, places: dict[int, tuple[float, float]], clock_s: float = 0.0) -> tuple[Fact, ...]:
    """Who (by track) stands where, metres."""
    n = len(places)
    where = np.array(list(places.values()), dtype=np.float64).reshape(-1, 2)
    none, still = np.zeros(n), np.zeros((n, 2))
    ids, whole = np.array(list(places), dtype=np.int64), np.zeros(n, np.int64)
    walks = Walks(ids, ("person",), whole, none, where, still, none)
    return (Moving(at(seconds, clock_s), walks, {"square": np.arange(n)}),)


def told(
    frames: list[tuple[float, dict[int, tuple[float, float]]]], heat: Heat | None = None
) -> list[HeatMap]:
    """The maps that come of these looks."""
    keeper = heat or Heat(spec(), KEY)
    maps = [keeper.take(here(seconds, places), at(seconds)) for seconds, places in frames]
    return [seen for seen in maps if seen is not None]


def people(n: int, x: float = 1.0, y: float = 1.0, first: int = 0) -> dict[int, tuple[float, float]]:
    return dict.fromkeys(range(first, first + n), (x, y))


def minutes(*each: dict[int, tuple[float, float]]) -> list[tuple[float, dict[int, tuple[float, float]]]]:
    """A look a second, the same people for a minute each; one more minute before and after."""
    whole = [{}, *each, {}]
    return [(60.0 * m + s, there) for m, there in enumerate(whole) for s in range(0, 60)]


def test_a_cell_tells_different_people_and_most_at_once_rounded_down() -> None:
    frames = minutes(people(13))
    frames += []
    (first, *_) = told(frames)
    assert first.cells == (HeatCell(0, 0, 10, 10),)
    assert (first.ended_ns - first.began_ns, first.least, first.cell_m) == (60 * 10**9, 5, 2.0)
    assert first.began_ns == EPOCH_NS + 60 * 10**9
    assert first.watched == pytest.approx(1.0)


def test_who_comes_and_goes_counts_once_and_others_add_up() -> None:
    walking = [(60.0 + s, people(3, first=3 * (s % 4))) for s in range(60)]
    (seen,) = told([(0.0, {}), *walking, (120.0, {})])
    assert seen.cells == (HeatCell(0, 0, 10, 0),)  # twelve different ones, three at once


def test_fewer_than_the_least_are_in_no_cell() -> None:
    (seen, *_) = told(minutes(people(4) | people(4, 3.0, 3.0, first=10)))
    assert seen.cells == ()


def test_the_bin_in_which_a_run_begins_is_not_told_and_blind_time_is_said() -> None:
    assert told([(30.0 + s, people(9)) for s in range(29)] + [(60.5, {})]) == []
    keeper = Heat(spec(), KEY)
    for s in range(60):
        keeper.take(here(s, {}), at(s))
    for s in range(60, 120):
        keeper.take(here(s, people(9)) if s < 90 else (Unseen(at(s)),), at(s))
    (seen,) = told([(120.0, {})], keeper)
    assert seen.watched == pytest.approx(0.5, abs=0.05)


def test_no_bin_is_told_twice_when_the_clock_is_set_back() -> None:
    keeper, began = Heat(spec(), KEY), []
    for s in range(600):
        back = -130.0 if s > 250 else 0.0
        seen = keeper.take(here(s, people(9), back), at(s, back))
        began += [seen.began_ns] if seen else []
    assert began == sorted(set(began))
    assert len(began) >= 4


@pytest.mark.parametrize("back_s", [130.0, 1800.0])
def test_who_is_seen_while_a_clock_that_was_set_back_is_waited_for_is_in_no_bin(back_s: float) -> None:
    keeper, found = Heat(spec(), KEY), []
    for s in range(int(250 + back_s + 200)):
        back = -back_s if s > 250 else 0.0
        passing = people(40, first=100) if 250 < s < 250 + back_s - 70 else {}
        seen = keeper.take(here(s, people(9) | passing, back), at(s, back))
        found += [seen] if seen else []
    assert [cell.people for seen in found for cell in seen.cells] == [5] * len(found)
    assert len(found) >= 4


def test_a_clock_that_slips_back_for_a_moment_takes_nobody_out_of_the_bin_that_had_begun() -> None:
    keeper, found = Heat(spec(), KEY), []
    for s in range(300):
        there = people(9) if 120 <= s < 123 else {}
        back = -5.0 if s == 124 else 0.0  # into the bin before, which was told
        seen = keeper.take(here(s, there, back), at(s, back))
        found += [seen] if seen else []
    assert [seen.began_ns for seen in found] == [at(60.0 * minute).utc_ns for minute in (1, 2, 3)]
    assert [sum(cell.people for cell in seen.cells) for seen in found] == [0, 5, 0]


@pytest.mark.parametrize("leap_s", [200.0, 0.5])
def test_a_clock_that_was_an_hour_ahead_for_a_while_silences_no_map_for_an_hour(leap_s: float) -> None:
    """The time that it had leapt over was never told; so it is when it comes, from the next whole bin on."""
    keeper, found = Heat(spec(epsilon=1.0), KEY), []
    for s in range(900):
        ahead = 3_600.0 if leap_s < s < leap_s + 150 else 0.0
        seen = keeper.take(here(s, people(9), ahead), at(s, ahead))
        found += [seen] if seen else []
    began = [seen.began_ns for seen in found]
    assert len(began) == len(set(began))
    after = [each for each in began if at(leap_s + 150).utc_ns <= each < at(900).utc_ns]
    first = int(leap_s + 150) // 60 + 1
    assert after == [at(60.0 * minute).utc_ns for minute in range(first, 14)]


def test_a_clock_that_was_years_ahead_stops_no_maps() -> None:
    keeper, found = Heat(spec(epsilon=1.0), KEY), []
    for s in range(900):
        ahead = 3.0e8 if 200 < s < 400 else 0.0
        seen = keeper.take(here(s, people(9), ahead), at(s, ahead))
        found += [seen] if seen else []
    after = [seen.began_ns for seen in found if at(400).utc_ns <= seen.began_ns < at(900).utc_ns]
    assert after == [at(60.0 * minute).utc_ns for minute in range(7, 14)]


tracks = st.dictionaries(st.integers(0, 40), st.tuples(st.floats(0, 7.9), st.floats(0, 7.9)), max_size=41)


@settings(max_examples=60, deadline=None)
@given(st.lists(tracks, min_size=2, max_size=4), st.integers(2, 12), st.sampled_from([None, 0.5]))
def test_no_sum_or_difference_of_releases_is_a_number_below_the_least(
    bins: list[dict[int, tuple[float, float]]], least: int, epsilon: float | None
) -> None:
    """Two grids over one floor, several bins, one person more or less: all that can be compared."""
    fine, coarse = spec(least, 2.0, epsilon), spec(least, 4.0, epsilon)
    numbers: list[int] = []
    for each in (fine, coarse):
        for gone in (None, 0):
            changed = [{who: at_m for who, at_m in bin_.items() if who != gone} for bin_ in bins]
            frames = [(60.0 * k, there) for k, there in enumerate([{}, *changed, {}])]
            for seen in told(frames, Heat(each, KEY)):
                numbers += [n for cell in seen.cells for n in (cell.people, cell.at_once or 0)]
                numbers.append(sum(cell.people for cell in seen.cells))
    assert all(n == 0 or n >= least for n in numbers)
    assert all(abs(a - b) == 0 or abs(a - b) >= least for a, b in combinations(set(numbers), 2))
    assert all((a + b - c) % least == 0 for a, b, c in combinations(sorted(set(numbers))[:8], 3))


def test_noise_is_as_wide_as_it_says_and_the_same_for_nobody_else() -> None:
    epsilon, many = 2.0, tuple((x, y) for y in range(40) for x in range(25))
    wide = HeatSpec("square", many, 2.0, BIN_S, 1, frozenset({"person"}), epsilon)
    full = {1000 * k + n: (2.0 * x + 1, 2.0 * y + 1) for k, (x, y) in enumerate(many) for n in range(60)}
    frames = [(0.0, {}), (60.0, full), (120.0, {})]
    (one,), (again,), (other,) = (told(frames, Heat(wide, key)) for key in (KEY, KEY, b"o" * 32))
    off = np.array([cell.people - 60 for cell in one.cells])
    alpha = np.exp(-epsilon / CELLS_EACH)
    assert off.mean() == pytest.approx(0.0, abs=0.6)
    assert off.std() == pytest.approx(np.sqrt(2 * alpha) / (1 - alpha), rel=0.12)
    assert one == again != other
    assert all(cell.at_once is None for cell in one.cells)
    assert one.noise is not None


def test_a_time_that_comes_twice_has_other_noise_the_second_time() -> None:
    """Else the difference of both maps would be free of noise."""
    many = tuple((x, y) for y in range(10) for x in range(10))
    wide = HeatSpec("square", many, 2.0, BIN_S, 1, frozenset({"person"}), 1.0)
    full = {100 * k + n: (2.0 * x + 1, 2.0 * y + 1) for k, (x, y) in enumerate(many) for n in range(60)}
    keeper = Heat(wide, KEY)
    minute: list[tuple[float, dict[int, tuple[float, float]]]] = [(6000.0, {}), (6060.0, full), (6120.0, {})]
    (once,), _, (twice,) = told(minute, keeper), told([(12_000.0, {})], keeper), told(minute, keeper)
    assert once.began_ns == twice.began_ns
    assert once.cells != twice.cells


def test_with_noise_somebody_who_walks_everywhere_counts_in_few_cells() -> None:
    keeper = Heat(spec(1, epsilon=10.0), KEY)
    keeper.take(here(0.0, {}), at(0.0))
    for k, (x, y) in enumerate(GRID):
        keeper.take(here(60.0 + k, {7: (2.0 * x + 1, 2.0 * y + 1)}), at(60.0 + k))
    assert keeper._bin is not None
    assert sum(len(who) for who in keeper._bin.visits.values()) == CELLS_EACH


def test_people_outside_the_grid_and_other_classes_do_not_count() -> None:
    (seen, *_) = told(minutes(people(9, -1.0, 1.0) | people(9, 1.0, 9.5, first=20)))
    assert seen.cells == ()
    counted = Counter(cell.people for cell in told(minutes(people(9)))[0].cells)
    assert counted == {5: 1}


def walked(
    seconds: float, places: dict[int, tuple[float, float]], speeds: dict[int, tuple[float, float]]
) -> tuple[Fact, ...]:
    """Who stands where and goes how fast."""
    (moving,) = here(seconds, places)
    assert isinstance(moving, Moving)
    each = np.array([speeds[who] for who in places], dtype=np.float64).reshape(-1, 2)
    return (replace(moving, everyone=replace(moving.everyone, speed_mps=each)),)


def ways(
    places: dict[int, tuple[float, float]], speeds: dict[int, tuple[float, float]], least: int = 5
) -> list[Way | None]:
    """Where each cell that is told of goes, of a minute in which these people stay."""
    keeper = Heat(replace(spec(least), ways=True), KEY)
    for s in range(120):
        keeper.take(walked(float(s), places, speeds), at(float(s)))
    told_of = keeper.take(walked(120.0, {}, {}), at(120.0))
    assert told_of is not None
    return [cell.way for cell in told_of.cells]


def test_a_cell_tells_where_its_people_go_in_coarse_steps() -> None:
    ahead = dict.fromkeys(range(7), (0.05, 1.32))
    assert ways(people(7), ahead) == [Way(90, 1.25)]
    assert ways(people(7), dict.fromkeys(range(7), (-0.9, -0.9))) == [Way(225, 1.25)]
    assert ways(people(7), dict.fromkeys(range(7), (0.05, -0.1))) == [Way(None, 0.0)]


def test_people_who_go_both_ways_have_a_speed_and_no_direction() -> None:
    both = {who: (1.0 if who % 2 else -1.0, 0.0) for who in range(8)}
    assert ways(people(8), both) == [Way(None, 1.0)]


@given(st.integers(1, 12), st.integers(2, 8))
@settings(max_examples=30, deadline=None)
def test_of_fewer_than_the_least_no_direction_is_told(n: int, least: int) -> None:
    told_of = ways(people(n), dict.fromkeys(range(n), (1.0, 0.0)), least)
    assert told_of == ([Way(0, 1.0)] if n >= least else [])


def test_each_counts_once_however_long_they_stay() -> None:
    keeper = Heat(replace(spec(5), ways=True), KEY)
    for s in range(120):
        there = {0: (1.0, 1.0)} | (dict.fromkeys(range(1, 6), (1.0, 1.0)) if s == 70 else {})
        speeds = {who: ((0.0, -1.0) if who == 0 else (1.0, 0.0)) for who in there}
        keeper.take(walked(float(s), there, speeds), at(float(s)))
    told_of = keeper.take(walked(120.0, {}, {}), at(120.0))
    assert told_of is not None
    assert [cell.way for cell in told_of.cells] == [Way(0, 1.0)]  # one who stays does not outweigh five


def test_no_direction_is_told_unless_wanted_and_never_with_noise() -> None:
    (seen, *_) = told(minutes(people(13)))
    assert [cell.way for cell in seen.cells] == [None]
    with pytest.raises(ValueError, match="only without noise"):
        replace(spec(5, epsilon=0.5), ways=True)


def narrowed(each: HeatSpec, inside: int, bin_s: float) -> HeatSpec:
    """The same floor cut to a zone of so many columns, in bins of another length."""
    return replace(each, cells=tuple((x, y) for x, y in each.cells if x < inside), bin_s=bin_s)


def runs(
    each: HeatSpec, minutes_of: list[dict[int, tuple[float, float]]], restart_s: float, back_s: float
) -> list[list[HeatMap]]:
    """What two runs of one program tell, the second from some second on, after its clock was set back."""
    looks = [(60.0 * k + s, there) for k, there in enumerate(minutes_of) for s in (0.0, 20.0, 40.0)]
    keepers, found = (Heat(each, KEY), Heat(each, b"o" * 32)), list[list[HeatMap]]([[], []])
    for seconds, places in looks:
        second = int(seconds >= restart_s)
        back = -back_s if second else 0.0
        seen = keepers[second].take(here(seconds, places, back), at(seconds, back))
        found[second] += [seen] if seen else []
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(tracks, min_size=5, max_size=8),
    st.integers(2, 9),
    st.sampled_from([20.0, 60.0, 150.0, 200.0]),
    st.sampled_from([0.0, 30.0, 90.0]),
    st.integers(1, 4),
)
def test_neither_a_restart_nor_shifted_bins_nor_a_part_of_the_zone_tell_of_fewer_than_the_least(
    bins: list[dict[int, tuple[float, float]]], least: int, restart_s: float, back_s: float, inside: int
) -> None:
    """All that somebody can lay beside each other who reads everything, and can make the box start again."""
    numbers = {0}
    for each in (spec(least), narrowed(spec(least), inside, 120.0), narrowed(spec(least), inside, 30.0)):
        for one_less in (bins, [{who: at_m for who, at_m in there.items() if who} for there in bins]):
            for told_by in runs(each, one_less, restart_s, back_s):
                began = [seen.began_ns for seen in told_by]
                assert began == sorted(set(began)), "a run tells no bin twice"
                cells = [cell for seen in told_by for cell in seen.cells]
                assert all(cell.people >= least for cell in cells), (
                    "a cell below the least is not there at all"
                )
                numbers |= {n for cell in cells for n in (cell.people, cell.at_once or 0)}
                numbers |= {sum(cell.people for cell in seen.cells) for seen in told_by}
    assert all(abs(a - b) >= least for a, b in combinations(numbers, 2))


def test_no_moment_is_in_two_releases_of_runs_that_follow_each_other() -> None:
    before, after = runs(spec(), [people(9)] * 8, 150.0, 0.0)
    ends = [seen.ended_ns for seen in before] + [EPOCH_NS + 150 * 10**9]
    assert before and after
    assert all(seen.began_ns >= max(ends) for seen in after), "a new run waits for a bin that it sees whole"
