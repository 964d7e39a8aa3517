"""Persons per minute and metre over a line: the number, its interval, its level, and when it is an event."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.flow import Passages
from edge.rules.rules import Rules
from edge.rules.schedule import Schedule, Window
from edge.rules.spec import RuleSpec, Step
from edge.values.crowd import Width
from edge.values.event import Event, Kind, Phase, Severity
from edge.values.fact import Direction, Fact, LineCrossed, LinesWatched, Sighting, Unseen
from edge.values.moment import ClockTrust, Moment

BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)
GATE = Width(2.0, 0.05)
FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD
BUSY = RuleSpec(
    "gate",
    Kind.FLOW,
    ("gate",),
    severity=Severity.MODERATE,
    classes=frozenset({"person"}),
    direction=FORWARD,
    at_least=20.0,
    clear_s=2.0,
    window_s=30.0,
    steps=(Step(40.0, Severity.SEVERE),),
)


def crossing(who: int, moment: Moment, way: Direction = FORWARD, label: str = "person") -> LineCrossed:
    return LineCrossed(moment, "gate", Sighting(who, label, 0.9, (0.1, 0.1, 0.2, 0.5)), way)


def told(every_s: float, for_s: float, then_s: float = 0.0, **crossed: object) -> list[Event]:
    """What the rule says while somebody crosses every so often, and then nobody for a while."""
    rules, events, due, who = Rules((BUSY,), "node", "camera", "run"), [], 0.0, 0
    for k in range(round((for_s + then_s) * 5)):
        moment = BEGAN.plus(k / 5)
        facts: list[Fact] = []
        while k / 5 >= due and k / 5 < for_s:
            facts.append(crossing(who, moment, **crossed))  # type: ignore[arg-type]
            due, who = due + every_s, who + 1
        events += rules.judge((*facts, LinesWatched(moment, {"gate": GATE})), moment)
    return events


@given(st.lists(st.floats(0.0, 100.0), max_size=60), st.floats(5.0, 60.0), st.floats(0.3, 30.0))
def test_a_flow_is_what_was_counted_in_its_window(times: list[float], window_s: float, m: float) -> None:
    passages = Passages(window_s)
    for who, at in enumerate(sorted(times)):
        passages.add(crossing(who, BEGAN).who, BEGAN.plus(at))
    now = BEGAN.plus(100.0)
    wanted = sum((now.mono_ns - BEGAN.plus(at).mono_ns) < round(window_s * 1e9) for at in times)
    flow = passages.flow(now, Width(m, 0.1 * m), 0.2)
    assert flow.per_min_m == pytest.approx(wanted / m / (window_s / 60))
    assert flow.low <= flow.per_min_m <= flow.high


def test_a_busy_gate_starts_rises_and_ends() -> None:
    events = told(every_s=0.6, for_s=40.0, then_s=40.0)  # 50 persons a minute and metre
    words = [(event.phase, event.severity) for event in events if event.phase is not Phase.UPDATE]
    assert words == [(Phase.START, Severity.MODERATE), (Phase.END, Severity.MODERATE)]
    rises = [event for event in events if event.severity is Severity.SEVERE]
    assert rises
    assert max(event.flow.per_min_m for event in events if event.flow) == pytest.approx(50, abs=1.1)
    assert {event.flow.level for event in rises if event.flow} <= {"C", "D"}


@pytest.mark.parametrize("crossed", [{"way": BACKWARD}, {"label": "bicycle"}])
def test_the_other_direction_and_other_classes_are_no_part_of_it(crossed: dict[str, object]) -> None:
    assert told(every_s=0.4, for_s=60.0, **crossed) == []


def test_a_window_that_is_not_full_never_exaggerates() -> None:
    events = told(every_s=1.2, for_s=29.0)  # 25 persons a minute and metre, once the window is full
    assert events[0].moment.seconds_since(BEGAN) > 20.0


def test_a_line_that_nobody_looks_at_is_neither_held_nor_cleared() -> None:
    rules = Rules((BUSY,), "node", "camera", "run")
    passed = [crossing(k, BEGAN) for k in range(30)]
    (start,) = rules.judge((*passed, LinesWatched(BEGAN, {"gate": GATE})), BEGAN)
    assert start.phase is Phase.START
    for k in range(1, 45):
        assert rules.judge((Unseen(BEGAN.plus(k / 5)),), BEGAN.plus(k / 5)) == ()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"at_least": 0.01}, "at_least of 0.1 to 300"),
        ({"at_least": 900.0}, "at_least of 0.1 to 300"),
        ({"window_s": 1.0}, "window_s of 5..3600"),
        ({"kind": Kind.DENSITY, "at_least": 2.0, "window_s": 30.0}, "window_s only if its kind looks back"),
    ],
)
def test_a_flow_rule_that_means_nothing_is_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        RuleSpec(**({"id": "r", "kind": Kind.FLOW, "places": ("gate",)} | settings))  # type: ignore[arg-type]


def test_who_crossed_before_duty_counts_when_it_begins_though_nobody_crosses_then() -> None:
    shift = Schedule((Window(frozenset(range(7)), time(8, 0, 10), time(9)),), ZoneInfo("UTC"))  # it is 8:00
    rules = Rules((replace(BUSY, schedule=shift),), "node", "camera", "run")
    events: list[Event] = []
    for k in range(60):
        moment = BEGAN.plus(k / 5)
        passed = [crossing(k, moment)] if k < 25 else []
        events += rules.judge((*passed, LinesWatched(moment, {"gate": GATE})), moment)
    assert [(event.phase, event.moment) for event in events] == [(Phase.START, BEGAN.plus(10.0))]
