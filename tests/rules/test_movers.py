"""Rules about single objects: a limit counts when the whole interval is beyond it, a stop when it lasts."""

from dataclasses import replace

import numpy as np
import pytest

from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec, Step
from edge.values.event import EndCause, Event, Kind, Phase
from edge.values.fact import Fact, Sighting, Speeds, Standing
from edge.values.moment import ClockTrust, Moment
from edge.values.pace import KMH
from edge.values.paces import Paces
from edge.values.stands import Stands

BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.SYNCED)
CARS = frozenset({"car"})
FAST = RuleSpec("fast", Kind.SPEED, ("road",), classes=CARS, over_kmh=50.0)
SLOW = RuleSpec("slow", Kind.SPEED, ("road",), classes=CARS, under_kmh=20.0)
PARKED = RuleSpec("parked", Kind.STOPPED, ("bay",), classes=CARS, stood_s=30.0)
Pace = tuple[int, float, float] | tuple[int, None, None]
"""Track, and the interval in km/h; None for one that nobody can say."""


def car(track: int, label: str = "car") -> Sighting:
    return Sighting(track, label, 0.8, (0.1, 0.2, 0.3, 0.4))


def speeds(*who: Pace, label: str = "car") -> list[Fact]:
    n, cars = len(who), [car(track, label) for track, _, _ in who]
    told = np.full((4, n), np.nan)
    for k, (_, low, high) in enumerate(who):
        if low is not None and high is not None:
            told[:, k] = (low + high) / 2 / KMH, low / KMH, high / KMH, 1.6
    ids, boxes = np.array([each.track for each in cars], np.int64), np.array([each.box for each in cars])
    scores, classes = np.array([each.score for each in cars]), np.zeros(n, np.int64)
    everyone = Paces(
        ids, (label,), classes, scores, boxes.reshape(n, 4), lambda which: told[:, which], np.full(n, np.inf)
    )
    return [Speeds(BEGAN, "road", everyone, np.arange(n))]


def standing(*who: tuple[int, float], label: str = "car") -> list[Fact]:
    n, since = len(who), np.full(len(who), BEGAN, np.object_)
    cars = [car(10 + number, label) for number, _ in who]
    ids, tracks = np.array([number for number, _ in who]), np.array([each.track for each in cars])
    scores, boxes = np.array([each.score for each in cars]), np.array([each.box for each in cars])
    stood_s, seen, kinds = np.array([s for _, s in who]), np.zeros(n, np.bool_), np.zeros(n, np.int64)
    columns = (kinds, scores, boxes.reshape(n, 4), since, stood_s, seen)
    return [Standing(BEGAN, "bay", Stands(ids, tracks, (label,), *columns, surveyed=True), np.arange(n))]


def told(spec: RuleSpec, *steps: list[Fact], step_s: float = 0.4) -> list[Event]:
    rules = Rules([spec], "node", "camera", "run")
    events: list[Event] = []
    for k, facts in enumerate(steps):
        now = BEGAN.plus(k * step_s)
        events += rules.judge(facts, now)
    return events


def phases(events: list[Event]) -> list[str]:
    return [f"{event.phase} {event.evidence[0].track}" if event.evidence else event.phase for event in events]


def test_a_limit_is_broken_when_the_whole_interval_lies_beyond_it() -> None:
    assert not told(FAST, *[speeds((1, 45, 70))] * 5)
    (start,) = told(FAST, speeds((1, 45, 70)), speeds((1, 52, 66)), speeds((1, 48, 60)))
    assert start.phase is Phase.START
    assert start.speed is not None
    assert (start.speed.limit_mps, start.speed.above) == (50 / KMH, True)
    (start,) = told(SLOW, speeds((1, 15, 25)), speeds((1, 10, 18)))
    assert start.speed is not None
    assert not start.speed.above


def test_it_tells_the_surest_speed_and_ends_when_the_whole_interval_is_within() -> None:
    events = told(
        FAST, speeds((1, 52, 66)), speeds((1, 61, 70)), *[speeds((1, 46, 58))] * 9, *[speeds((1, 30, 40))] * 4
    )
    assert phases(events) == ["start 1", "update", "end"]
    assert events[-1].cause is EndCause.CLEARED
    assert events[-1].speed is not None
    assert events[-1].speed.speed.low == pytest.approx(61 / KMH)


def test_who_is_gone_is_over_and_who_is_unsure_is_neither() -> None:
    unsure: list[Pace] = [(1, None, None)]
    events = told(FAST, speeds((1, 60, 66)), *[speeds(*unsure)] * 10, *[speeds()] * 4)
    assert phases(events) == ["start 1", "update", "end"]
    assert events[-1].moment.seconds_since(BEGAN) == pytest.approx(11 * 0.4 + 1.2)
    assert not told(FAST, *[speeds(*unsure)] * 5)


def test_a_moment_without_a_measurement_says_nothing() -> None:
    events = told(FAST, speeds((1, 60, 66)), *[[]] * 5, speeds((1, 60, 66)), *[[]] * 30)
    assert phases(events) == ["start 1", "end 1"]
    assert events[-1].cause is EndCause.UNSEEN


def test_every_object_has_an_event_of_its_own_and_others_are_left_in_peace() -> None:
    events = told(FAST, speeds((1, 60, 66), (2, 70, 80), (3, 20, 30)), speeds((2, 70, 80)))
    assert phases(events) == ["start 1", "start 2"]
    assert not told(FAST, speeds((1, 60, 66), label="bicycle"))


def test_a_stop_counts_once_it_lasts_and_is_over_when_it_left() -> None:
    steps = [standing((7, 28.0 + k)) for k in range(6)]
    events = told(PARKED, *steps, *[standing()] * 4, step_s=1.0)
    assert phases(events) == ["start 17", "end"]
    assert events[0].halt is not None
    assert events[0].halt.stood_s == 30.0
    assert events[-1].halt is None


def test_a_stop_starts_while_it_is_seen_and_goes_on_while_it_is_hidden() -> None:
    (fact,) = standing((7, 40.0))
    assert isinstance(fact, Standing)
    unseen = replace(fact.everyone, hidden=~fact.everyone.hidden)
    hidden: list[Fact] = [replace(fact, everyone=unseen)]
    assert not told(PARKED, hidden, hidden)
    assert phases(told(PARKED, hidden, [fact], *[hidden] * 4)) == ["start 17"]


def test_what_a_detector_calls_otherwise_now_still_stands() -> None:
    events = told(PARKED, standing((7, 40.0)), standing((7, 41.0), label="truck"), step_s=1.0)
    assert phases(events) == ["start 17"]
    assert not told(PARKED, standing((7, 40.0), label="truck"))


def test_a_queue_at_a_light_starts_nothing_and_who_stayed_behind_does() -> None:
    queue = RuleSpec("parked", Kind.STOPPED, ("bay",), classes=CARS, stood_s=30.0, queue_of=3)
    waits = [standing((1, 31.0 + k), (2, 30.0 + k), (3, 29.0 + k)) for k in range(20)]
    assert not told(queue, *waits, step_s=1.0)
    stays = [standing((2, 50.0 + k)) for k in range(40)]
    events = told(queue, *waits, *stays[:28], step_s=1.0)
    assert not events, "who is the last to drive off has not waited by himself"
    (start,) = told(queue, *waits, *stays, step_s=1.0)
    assert start.moment.seconds_since(BEGAN) == 19 + 30


@pytest.mark.parametrize(
    ("kind", "keys", "said"),
    [
        (Kind.SPEED, {}, "over_kmh or under_kmh"),
        (Kind.SPEED, {"over_kmh": 50.0, "under_kmh": 20.0}, "one of them"),
        (Kind.SPEED, {"over_kmh": 900.0}, "250 km/h"),
        (Kind.SPEED, {"over_kmh": 50.0, "at_least": 2}, "each object is one event"),
        (
            Kind.STOPPED,
            {"steps": (Step(2, RuleSpec("x", Kind.DWELL, ("p",), dwell_s=1).severity),)},
            "one event",
        ),
        (Kind.STOPPED, {"over_kmh": 50.0}, "its kind is speed"),
        (Kind.DWELL, {"dwell_s": 5.0, "queue_of": 3}, "its kind is stopped"),
        (Kind.SPEED, {"over_kmh": 50.0, "stood_s": 9.0}, "stood_s only for"),
        (Kind.STOPPED, {"size_m": (0.1, 2.0)}, "size_m only for"),
    ],
)
def test_a_key_that_would_do_nothing_is_refused(kind: Kind, keys: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RuleSpec("rule", kind, ("road",), **keys)  # type: ignore[arg-type]
