"""What a crowd does as a whole: each number by hand, when it is an event, and that it is about nobody."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge.rules.cells import Cells
from edge.rules.digest import Digest
from edge.rules.dynamics import DynamicsJudge
from edge.rules.issuer import Issuer
from edge.rules.queueing import largest_group, length_of
from edge.rules.rules import Rules
from edge.rules.spec import DYNAMICS, RuleSpec, Step
from edge.rules.streams import main_stream, wilson
from edge.values.crowd import Floor
from edge.values.dynamics import Dynamics, Passage, Unit
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Fact, LineCrossed, Occupancy, Unseen, ZoneLeft
from edge.values.walks import Walks
from tests.fakes.happenings import at, person
from tests.fakes.walking import standing, strolling, told, walks

Scene = Callable[[float], tuple[Fact, ...]]


def rule(kind: Kind, at_least: float, **settings: object) -> RuleSpec:
    places, more = ("hall",), {"clear_s": 2.0, "update_s": 1.0} | settings
    if kind is Kind.ROUTE:
        places, more = ("gate",), {"approach": "hall"} | more
    return RuleSpec("r", kind, places, at_least=at_least, classes=frozenset({"person"}), **more)  # type: ignore[arg-type]


def events(spec: RuleSpec, scene: Scene, seconds: float) -> list[Event]:
    rules, found = Rules((spec,), "node", "camera", "run"), []
    for k in range(round(seconds * 5)):
        found += rules.judge(scene(k / 5), at(k / 5))
    return found


def first(spec: RuleSpec, scene: Scene, seconds: float = 40.0) -> Event:
    return next(iter(events(spec, scene, seconds)))


def test_a_share_that_walks_against_the_stream() -> None:
    spec = rule(Kind.COUNTER_FLOW, 0.2)
    event = first(spec, lambda s: told(s, strolling(20, against=5)))
    assert event.dynamics is not None
    assert (event.dynamics.value, event.dynamics.unit, event.count) == (0.25, Unit.SHARE, 20)
    assert 0.1 < event.dynamics.low < 0.25 < event.dynamics.high < 0.5
    assert event.dynamics.speed_mps == pytest.approx(1.3, abs=0.01)
    assert not events(spec, lambda s: told(s, strolling(20, against=3)), 5.0)


def test_a_whole_crowd_can_go_the_wrong_way_where_a_heading_says_so() -> None:
    spec = rule(Kind.COUNTER_FLOW, 0.5, heading=(-3.0, 0.0))
    event = first(spec, lambda s: told(s, strolling(20)))
    assert event.dynamics is not None
    assert event.dynamics.value == 1.0
    assert not events(rule(Kind.COUNTER_FLOW, 0.5), lambda s: told(s, strolling(20)), 5.0)


def test_who_goes_across_or_hardly_moves_is_not_against() -> None:
    across = walks(np.zeros((20, 2)), np.array([[1.2, 0.0]] * 12 + [[0.0, 1.2]] * 6 + [[-0.2, 0.0]] * 2))
    assert not events(rule(Kind.COUNTER_FLOW, 0.02), lambda s: told(s, across), 5.0)


@given(st.integers(0, 200), st.integers(1, 200))
def test_a_share_lies_in_its_interval(hits: int, n: int) -> None:
    low, high = wilson(min(hits, n), n)
    assert 0 <= low <= min(hits, n) / n <= high <= 1


@given(st.floats(-3.1, 3.1), st.integers(6, 40), st.data())
def test_the_main_stream_is_where_most_go(angle: float, n: int, data: st.DataObject) -> None:
    back = data.draw(st.integers(0, (n - 1) // 2))
    heading = np.array([np.cos(angle), np.sin(angle)])
    ways = np.where(np.arange(n) < back, -1.0, 1.0)[:, None] * heading
    assert main_stream(ways) @ heading == pytest.approx(1.0)


@given(st.lists(st.floats(-3.1, 3.1), min_size=1, max_size=40))
def test_the_main_stream_is_the_axis_of_the_text_book_with_the_sign_of_most(angles: list[float]) -> None:
    doubled = sum(np.sin(2 * each) for each in angles), sum(np.cos(2 * each) for each in angles)
    assume(np.hypot(*doubled) > 1e-6)
    axis = np.arctan2(*doubled) / 2
    shares = np.cos(np.array(angles) - axis)
    assume(np.abs(np.abs(shares) - 0.5).min() > 1e-6)
    sign = 1.0 if (shares > 0.5).sum() >= (shares < -0.5).sum() else -1.0
    stream = main_stream(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert stream == pytest.approx((sign * np.cos(axis), sign * np.sin(axis)), abs=1e-6)


def test_a_queue_has_a_length_and_a_waiting_time() -> None:
    def scene(s: float) -> tuple[Fact, ...]:
        left = [ZoneLeft(at(s), "hall", person(1), 9.0, lost=False)] if s % 5 == 0 else []
        return (*left, *told(s, standing(12)))

    event = events(rule(Kind.QUEUE, 10, window_s=20.0, for_s=30.0), scene, 40.0)[-1]
    assert event.dynamics is not None
    assert (event.count, event.dynamics.value, event.dynamics.unit) == (12, 12.0, Unit.PERSONS)
    assert event.dynamics.length_m == pytest.approx(11 * 0.8)
    assert event.dynamics.wait_s == pytest.approx(60.0, rel=0.3)  # one in 5 s, twelve


def test_nobody_served_is_no_waiting_time() -> None:
    event = first(rule(Kind.QUEUE, 10), lambda s: told(s, standing(12)))
    assert event.dynamics is not None
    assert event.dynamics.wait_s is None


def test_people_who_stand_about_are_no_queue() -> None:
    apart = lambda s: told(s, standing(12, spacing_m=3.0))  # noqa: E731
    assert not events(rule(Kind.QUEUE, 6), apart, 20.0)


@given(st.lists(st.tuples(st.floats(-30, 30), st.floats(-30, 30)), min_size=1, max_size=60))
def test_a_group_is_joined_and_its_length_is_that_of_its_ends(points: list[tuple[float, float]]) -> None:
    spots = np.array(points)
    group = largest_group(spots)
    assert 1 <= group.sum() <= len(spots)
    apart = np.hypot(*(spots[group][:, None] - spots[group][None]).T)
    assert 0 <= length_of(spots[group]) <= apart.max() + 1e-6


def test_a_density_that_rises_too_fast_is_a_surge() -> None:
    def filling(s: float) -> tuple[Fact, ...]:
        return told(s, standing(20), per_m2=0.5 + max(0.0, s - 20) * 0.05)  # 3 persons/m²/min from 20 s on

    event = first(rule(Kind.SURGE, 2.0, window_s=20.0), filling, 60.0)
    assert 27 < event.moment.seconds_since(at(0)) < 40
    assert event.dynamics is not None
    assert event.dynamics.unit is Unit.RISE
    last = events(rule(Kind.SURGE, 2.0, window_s=20.0), filling, 60.0)[-1].dynamics
    assert last is not None
    assert last.value == pytest.approx(3.0, rel=0.1)  # less is no news


def test_a_density_that_is_high_and_steady_or_falls_is_none() -> None:
    steady = lambda s: told(s, standing(20), per_m2=5.0)  # noqa: E731
    falling = lambda s: told(s, standing(20), per_m2=max(0.1, 6.0 - 0.1 * s))  # noqa: E731
    assert not events(rule(Kind.SURGE, 0.5, window_s=20.0), steady, 60.0)
    assert not events(rule(Kind.SURGE, 0.5, window_s=20.0), falling, 60.0)


def test_half_of_the_people_running_at_once_is_a_dispersal() -> None:
    spec = rule(Kind.DISPERSAL, 1.0)
    event = first(spec, lambda s: told(s, strolling(20, mps=0.8 if s < 20 else 3.0)))
    assert event.moment.seconds_since(at(0)) == pytest.approx(20.0, abs=0.3)
    assert event.dynamics is not None
    assert event.dynamics.value == pytest.approx(2.2, abs=0.1)


def test_a_run_lasts_where_its_median_jitters_about_the_threshold() -> None:
    def scene(s: float) -> tuple[Fact, ...]:
        return told(s, strolling(20, mps=0.6 if s < 20 else 1.7 if round(s * 5) % 4 < 2 else 1.95))

    (start, *_) = events(rule(Kind.DISPERSAL, 1.0, for_s=0.4), scene, 22.0)
    assert start.moment.seconds_since(at(20.0)) < 2.0
    assert not events(
        rule(Kind.DISPERSAL, 1.0), lambda s: told(s, strolling(20, mps=0.6 if s < 20 else 1.7)), 30.0
    )


@pytest.mark.parametrize("speed", [lambda s: 0.1 if s < 20 else 1.4, lambda s: 3.0, lambda s: 1.0 + s / 20])
def test_a_green_light_a_running_track_and_a_slow_change_are_none(speed: Callable[[float], float]) -> None:
    scene = lambda s: told(s, strolling(20, mps=min(3.0, speed(s))))  # noqa: E731
    assert not events(rule(Kind.DISPERSAL, 1.0, window_s=20.0), scene, 60.0)


def running(mps: Callable[[float], float], seconds: float) -> list[Dynamics]:
    """What is read of twenty who go so fast at each time."""
    judge, found = DynamicsJudge(rule(Kind.DISPERSAL, 1.0), "c", Issuer("n", "c", "r", "r")), []
    for k in range(round(seconds * 5)):
        digest = Digest.of(told(k / 5, strolling(20, mps=mps(k / 5))))
        found += [answer for _, answer in judge.answers(digest, at(k / 5)) if isinstance(answer, Dynamics)]
    return found


def test_while_people_go_faster_and_faster_they_may_be_faster_than_was_measured() -> None:
    read = running(lambda s: min(3.0, 0.8 + max(0.0, s - 20)), 26.0)
    rising = [each for each in read if 0 < each.value < 2.1]
    assert rising and all(each.high >= each.value + 0.65 for each in rising)
    assert all(each.low <= each.value for each in rising)
    steady = read[-1]
    assert steady.value == pytest.approx(2.2, abs=0.05)
    assert steady.high < steady.value + 0.3


def test_who_will_run_in_a_moment_may_run_already_and_who_strolls_does_not() -> None:
    read = running(lambda s: 0.8 if s < 20 else 1.6, 26.0)
    assert all(each.value == each.low == 0.0 for each in read)
    (may,) = [each for each in read if each.high > 0.0]
    assert may.high == pytest.approx(1.6 - 0.8 + 0.7 * 0.8, abs=0.3)


def swaying(s: float, mps: float, n: int = 60) -> Walks:
    """People who are pushed together, one wave after the other."""
    rng = np.random.default_rng(3)
    places = rng.uniform(0, 5 if n > 10 else 1, (n, 2))
    beat = mps * np.sin(1.3 * s + 0.6 * places[:, 1])
    return walks(places, np.column_stack([beat, rng.normal(0, 0.02, n)]))


def dense(s: float, seen: Walks, per_m2: float = 4.0) -> tuple[Fact, ...]:
    """All of them, so densely."""
    return told(s, seen, floor=Floor(len(seen) / per_m2, 0.5))


def test_a_dense_crowd_that_sways_has_pressure_and_a_still_one_none() -> None:
    spec = rule(Kind.PRESSURE, 0.02)
    event = events(spec, lambda s: dense(s, swaying(s, 0.3)), 30.0)[-1]
    assert event.dynamics is not None
    assert event.dynamics.value == pytest.approx(4.0 * 0.3**2 / 2, rel=0.3)
    assert not events(spec, lambda s: dense(s, swaying(s, 0.05)), 30.0)


def test_pressure_means_nothing_in_a_thin_crowd() -> None:
    spec = rule(Kind.PRESSURE, 0.02)
    assert not events(spec, lambda s: dense(s, swaying(s, 0.3), 1.0), 30.0)


def test_what_each_does_alone_makes_no_pressure_and_what_neighbours_do_is_found_beneath_it() -> None:
    rng, places = np.random.default_rng(5), np.random.default_rng(3).uniform(0, 5, (60, 2))

    def jitters(s: float, mps: float = 0.0) -> tuple[Fact, ...]:
        together = np.column_stack([mps * np.sin(1.3 * s + 0.6 * places[:, 1]), np.zeros(60)])
        return dense(s, walks(places, together + rng.normal(0, 0.3, (60, 2))))

    spec = rule(Kind.PRESSURE, 0.02, for_s=3.0)
    means = Cells.of(walks(places, rng.normal(0, 0.3, (60, 2)))).mean_mps
    assert 4.0 * means.var(axis=0).sum() > 0.05, "the means of squares alone would be pressure"
    assert not events(spec, jitters, 60.0)
    swayed = events(spec, lambda s: jitters(s, 0.3), 40.0)[-1].dynamics
    assert swayed is not None
    assert swayed.value == pytest.approx(4.0 * 0.3**2 / 2, rel=0.4)


def test_the_more_tracks_are_confused_the_further_up_a_pressure_may_be() -> None:
    def high(noise: float) -> float:
        spec = rule(Kind.PRESSURE, 0.02)
        seen = lambda s: dense(s, replace(swaying(s, 0.3), noise_mps=np.full(60, noise)))  # noqa: E731
        dynamics = events(spec, seen, 30.0)[-1].dynamics
        assert dynamics is not None
        return dynamics.high / dynamics.value

    assert high(0.0) < high(0.05) < high(0.1)


def waves(s: float, every_s: float, per_m2: float = 1.5, jitter: float = 0.0) -> tuple[Fact, ...]:
    """Walkers, half of whom come to a stop for two seconds every so often."""
    rng = np.random.default_rng(round(s * 5))
    place = np.random.default_rng(1).uniform(0, 7, (60, 2))
    halts = (place[:, 0] < 2 * 1.77) & (s % every_s < 2)
    speed = np.where(halts[:, None], [0.05, 0.0], [1.0, 0.0]) + rng.normal(0, jitter, (60, 2))
    return told(s, walks(place, speed), per_m2)


@pytest.mark.parametrize("jitter", [0.0, 0.15])
def test_who_stops_again_and_again_has_no_room(jitter: float) -> None:
    spec = rule(Kind.STOP_AND_GO, 1.5)
    dynamics = events(spec, lambda s: waves(s, 10.0, jitter=jitter), 60.0)[-1].dynamics
    assert dynamics is not None
    assert dynamics.value == pytest.approx(2.5, rel=0.25)  # half of them, five times in a minute
    assert dynamics.low < 2.5 < dynamics.high
    assert not events(spec, lambda s: waves(s, 30.0, jitter=jitter), 60.0)
    assert not events(spec, lambda s: waves(s, 10.0, per_m2=0.3, jitter=jitter), 60.0)


def test_one_who_stops_among_many_who_walk_is_no_wave() -> None:
    place = np.random.default_rng(1).uniform(0, 7, (60, 2))

    def scene(s: float) -> tuple[Fact, ...]:
        speed = np.tile([1.0, 0.0], (60, 1))
        speed[int(s) % 60] = 0.0
        return told(s, walks(place, speed), per_m2=1.5)

    assert not events(rule(Kind.STOP_AND_GO, 0.1), scene, 60.0)


def test_where_people_are_taken_for_each_other_there_is_no_share_against_the_stream() -> None:
    def scene(s: float, noise: float) -> tuple[Fact, ...]:
        return told(s, replace(strolling(40, against=12), noise_mps=np.full(40, noise)))

    spec = rule(Kind.COUNTER_FLOW, 0.2)
    assert events(spec, lambda s: scene(s, 0.05), 5.0)
    assert not events(spec, lambda s: scene(s, 0.3), 5.0)
    unsure = events(spec, lambda s: scene(s, 0.05 if s < 5 else 0.3), 30.0)
    assert [event.phase for event in unsure] == [Phase.START, Phase.END]
    assert unsure[-1].cause is EndCause.UNSEEN
    assert unsure[-1].moment.seconds_since(at(5.0)) == pytest.approx(10.0, abs=1.2)


def test_a_queue_is_as_long_as_it_is_where_boxes_jitter_and_some_are_not_followed_yet() -> None:
    rng = np.random.default_rng(8)

    def scene(s: float) -> tuple[Fact, ...]:
        place = np.column_stack([np.arange(24) % 12 * 0.7, np.arange(24) // 12 * 0.7])
        seen = walks(place, rng.normal(0, 0.25, (24, 2)), noise=0.25)
        return told(s, seen, per_m2=30 / 50)  # thirty heads

    found = events(rule(Kind.QUEUE, 10, window_s=20.0), scene, 30.0)
    values = [event.dynamics.value for event in found[3:] if event.dynamics]
    assert all(value == pytest.approx(30, abs=4) for value in values)
    assert len(found) <= 4, "a queue that stands is no news"


def leaving(every_s: float, seen: Walks) -> Scene:
    """Somebody passes the gate every so often."""

    def scene(s: float) -> tuple[Fact, ...]:
        k, step = round(s * 5), max(1, round(every_s * 5))
        passed = [LineCrossed(at(s), "gate", person(k), Direction.FORWARD)] if k % step == 0 else []
        return (*passed, *told(s, seen))

    return scene


def test_a_way_out_says_how_long_it_takes_and_how_it_is() -> None:
    slow = events(rule(Kind.ROUTE, 30.0), leaving(1.0, standing(40)), 60.0)[-1]
    assert slow.dynamics is not None
    assert slow.dynamics.value == pytest.approx(40.0, rel=0.1)
    assert slow.dynamics.per_min == pytest.approx(60.0, rel=0.05)
    assert slow.dynamics.capacity_per_min == pytest.approx(164.0)
    assert slow.dynamics.state is Passage.FREE
    assert slow.place == "gate"
    shut = events(rule(Kind.ROUTE, 30.0), lambda s: told(s, standing(40)), 60.0)[-1]
    assert shut.dynamics is not None
    assert (shut.dynamics.state, shut.dynamics.value) == (Passage.BLOCKED, 3600.0)


def test_people_who_walk_up_to_a_free_way_out_are_not_stuck() -> None:
    assert not events(rule(Kind.ROUTE, 30.0), lambda s: told(s, strolling(40)), 30.0)


def test_more_come_than_can_pass() -> None:
    crowd = lambda s: standing(round(20 + 3 * s))  # noqa: E731
    scene = lambda s: (*leaving(0.4, crowd(s))(s),)  # noqa: E731
    last = events(rule(Kind.ROUTE, 30.0), scene, 60.0)[-1].dynamics
    assert last is not None
    assert last.state is Passage.OVER


EACH: dict[Kind, tuple[float, Callable[[float], tuple[Fact, ...]]]] = {
    Kind.COUNTER_FLOW: (0.2, lambda s: told(s, strolling(4, against=2))),
    Kind.QUEUE: (2, lambda s: told(s, standing(4))),
    Kind.SURGE: (0.5, lambda s: told(s, standing(4), per_m2=0.1 * s)),
    Kind.DISPERSAL: (1.0, lambda s: told(s, strolling(4, mps=0.8 if s < 20 else 3.0))),
    Kind.PRESSURE: (0.002, lambda s: dense(s, swaying(s, 0.3, 4))),
    Kind.STOP_AND_GO: (0.1, lambda s: told(s, walks(np.zeros((4, 2)), np.full((4, 2), s % 2)), per_m2=4.0)),
    Kind.ROUTE: (2.0, lambda s: told(s, standing(4))),
}


@pytest.mark.parametrize("kind", sorted(DYNAMICS))
def test_fewer_than_the_least_say_nothing(kind: Kind) -> None:
    at_least, scene = EACH[kind]
    assert not events(rule(kind, at_least, min_people=5), scene, 40.0)


def test_an_event_is_about_nobody_and_has_a_life() -> None:
    def scene(s: float) -> tuple[Fact, ...]:
        return told(s, standing(30 if 10 < s < 20 else 12 if s < 30 else 3))

    spec = rule(Kind.QUEUE, 10, for_s=1.0, steps=(Step(25, Severity.SEVERE),), severity=Severity.MODERATE)
    life = events(spec, scene, 40.0)
    assert [event.phase for event in life][:1] == [Phase.START]
    assert life[-1].cause is EndCause.CLEARED
    assert {event.severity for event in life} == {Severity.MODERATE, Severity.SEVERE}
    assert all(event.evidence == () for event in life)
    assert max(event.peak for event in life) == 30
    assert life[-1].count == 0, "three are too few to be told of"


def test_what_is_not_looked_at_neither_holds_nor_clears() -> None:
    rules = Rules((rule(Kind.QUEUE, 10),), "node", "camera", "run")
    (start,) = rules.judge(told(0.0, standing(12)), at(0.0))
    assert start.phase is Phase.START
    assert [e for k in range(1, 40) for e in rules.judge((Unseen(at(k / 5)),), at(k / 5))] == []
    (end,) = [e for k in range(40, 60) for e in rules.judge((Unseen(at(k / 5)),), at(k / 5))]
    assert end.cause is EndCause.UNSEEN


def test_without_measured_ground_nothing_is_claimed() -> None:
    there = lambda s: (Occupancy(at(s), "hall", tuple(map(person, range(30))), (0.0,) * 30),)  # noqa: E731
    assert not events(rule(Kind.QUEUE, 2), there, 20.0)


def bad() -> Iterator[tuple[dict[str, object], str]]:
    yield {"kind": Kind.ROUTE}, "approach exactly if its kind is route"
    yield {"kind": Kind.QUEUE, "approach": "hall"}, "approach exactly if its kind is route"
    yield {"kind": Kind.QUEUE, "capacity": 66.0}, "a capacity only if its kind is route"
    yield {"kind": Kind.QUEUE, "heading": (1.0, 0.0)}, "a heading only if its kind is counter-flow"
    yield {"kind": Kind.OCCUPANCY, "min_people": 7}, "min_people only for crowd dynamics"
    yield {"kind": Kind.QUEUE, "min_people": 1}, "min_people of 2..1000"
    yield {"kind": Kind.PRESSURE, "window_s": 30.0}, "window_s only if its kind looks back"
    yield {"kind": Kind.COUNTER_FLOW, "at_least": 1.5}, "at_least of 0.01 to 1 of the walkers"


@pytest.mark.parametrize(("settings", "words"), list(bad()))
def test_a_rule_that_means_nothing_is_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        RuleSpec(**({"id": "r", "places": ("hall",)} | settings))  # type: ignore[arg-type]
