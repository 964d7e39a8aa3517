"""What a rule over several sources says of facts, case by case."""

import pytest

from edge.fusion.facts import Fact
from edge.fusion.memory import Heard
from edge.fusion.spec import Expression, Measured, Not
from edge.values.event import EndCause, Phase
from edge.values.fused import FusedEvent, Truth
from tests.fakes.fusing import (
    CAMERAS,
    DEAF,
    S,
    all_of,
    any_of,
    at,
    crossings,
    crowd,
    fusion,
    loud,
    pressed,
    reading,
    rule,
    says,
    seen,
    smoke,
    told,
    well,
)

SMOKE = reading(10, "smoke-1", 8.0)
CLEAR = reading(20, "smoke-1", 0.1)
ALL = all_of(smoke(0), crowd(1))


def phases(events: list[FusedEvent]) -> list[tuple[float, Phase, EndCause | None]]:
    return [((event.utc_ns - at(0)) / S, event.phase, event.cause) for event in events]


@pytest.mark.parametrize(
    ("what", "facts", "starts"),
    [
        (ALL, [SMOKE, seen(12)], 12.0),
        (ALL, [SMOKE, seen(21), CLEAR], None),
        (ALL, [SMOKE], None),
        (all_of(smoke(0), crowd(1), within_s=30), [SMOKE, CLEAR, seen(39)], 39.0),
        (all_of(smoke(0), crowd(1), within_s=30), [SMOKE, CLEAR, seen(51)], None),
        (any_of(smoke(0), crowd(1)), [SMOKE], 10.0),
        (any_of(loud(0), crowd(1)), [seen(12)], 12.0),
        (all_of(smoke(0), Not((1,), crowd(1, 0, cameras=CAMERAS[:1]))), [SMOKE, well(5)], 10.0),
        (all_of(smoke(0), Not((1,), crowd(1, 0, cameras=CAMERAS[:1]))), [SMOKE], None),
        (all_of(smoke(0), Not((1,), crowd(1, 0, cameras=CAMERAS[:1]))), [SMOKE, well(5, sees=False)], None),
        (crowd(wanted=2), [seen(3), seen(4, 1, camera=CAMERAS[1])], 4.0),
        (crowd(wanted=2), [seen(3), seen(4, 1)], None),
        (pressed(), [reading(3, "panic-1", word="released"), reading(4, "panic-1", word="pressed")], 4.0),
        (
            crossings(times=3, within_s=10),
            [seen(n * 4, n, lasts=False, instant=True, kind="line-crossing") for n in range(1, 5)],
            12.0,
        ),
        (
            crossings(times=3, within_s=8),
            [seen(n * 4, n, lasts=False, instant=True, kind="line-crossing") for n in range(1, 5)],
            None,
        ),
        (
            says(name="gate-1", test=Measured("entered_per_min", above=60)),
            [reading(0, "gate-1", 100, 0), reading(10, "gate-1", 105, 0), reading(20, "gate-1", 120, 0)],
            20.0,
        ),
    ],
)
def test_a_rule_starts_when_its_condition_holds(
    what: Expression, facts: list[Fact], starts: float | None
) -> None:
    events = told(fusion(rule(what)), facts, 60)
    assert [each for each in phases(events) if each[1] is Phase.START] == (
        [] if starts is None else [(starts, Phase.START, None)]
    )


def test_an_event_starts_changes_and_ends() -> None:
    facts = [SMOKE, seen(12), seen(15, 1), seen(30, 1, 1, lasts=False), seen(31, 0, 1, lasts=False)]
    facts += [reading(n, "smoke-1", 8.0) for n in (20, 30)] + [well(1, CAMERAS[1])]
    events = told(fusion(rule(ALL)), facts, 60)
    assert phases(events) == [
        (12.0, Phase.START, None),
        (17.0, Phase.UPDATE, None),  # the second crowd, five seconds after the start
        (30.0, Phase.UPDATE, None),
        (32.0, Phase.END, EndCause.CLEARED),
    ]
    assert [event.revision for event in events] == [0, 1, 2, 3]
    assert len({event.id for event in events}) == 1


def test_the_reason_names_the_facts_that_fulfilled_each_clause() -> None:
    (start,) = told(fusion(rule(all_of(smoke(0), crowd(1), within_s=30))), [SMOKE, CLEAR, seen(39)], 40)
    whole, smoky, crowded = start.findings
    assert (whole.truth, whole.witnesses) == (Truth.TRUE, ())
    (witness,) = smoky.witnesses
    assert (witness.source, witness.value, witness.utc_ns) == ("sensor/smoke-1", 8.0, at(10))
    assert crowded.witnesses[0].source == f"camera/{CAMERAS[0]}"
    assert crowded.silent == (f"camera/{CAMERAS[1]}",)


def test_a_sensor_that_stops_is_unknown_and_ends_what_it_raised() -> None:
    events = told(fusion(rule(smoke(), unknown_s=20)), [SMOKE], 100)
    assert phases(events) == [
        (10.0, Phase.START, None),
        (40.0, Phase.UPDATE, None),
        (60.0, Phase.END, EndCause.UNSEEN),
    ]
    assert [event.doubtful for event in events] == [False, True, False]


def test_a_camera_that_went_blind_knows_nothing_of_its_crowd() -> None:
    events = told(fusion(rule(crowd(cameras=CAMERAS[:1]), unknown_s=20)), [seen(5), well(9, sees=False)], 60)
    assert [each[1:] for each in phases(events)] == [
        (Phase.START, None),
        (Phase.UPDATE, None),
        (Phase.END, EndCause.UNSEEN),
    ]


def test_a_condition_must_hold_for_a_while_where_that_is_asked() -> None:
    short = [reading(10, "noise-1", 90), reading(13, "noise-1", 50), reading(14, "noise-1", 90)]
    events = told(fusion(rule(loud(), for_s=5)), short, 40)
    assert phases(events)[0] == (19.0, Phase.START, None)
    assert events[0].started_ns == at(14)


def test_nothing_begins_within_the_cooldown() -> None:
    noise = [reading(n, "noise-1", 90.0 if n % 10 == 0 else 50.0) for n in range(0, 60, 5)]
    events = told(fusion(rule(loud(), cooldown_s=12)), noise, 60)
    assert [time for time, phase, _ in phases(events) if phase is Phase.START] == [0.0, 20.0, 40.0]


def test_what_cannot_be_measured_is_refused_and_counted() -> None:
    made = fusion(rule(loud()))
    liars = [reading(1, "noise-1", 500.0), reading(3, "gate-1", 5, 5), reading(4, "gate-1", 900, 5)]
    back = [reading(5, "noise-1", 90.0, sequence=50), reading(6, "noise-1", 40.0, sequence=49)]
    events = told(made, [*liars, *back], 10)
    assert [event.phase for event in events] == [Phase.START]  # the second number goes back: it does not end
    assert made.state().tally.refused == 3


def test_late_repeated_strange_and_future_facts_are_told_apart() -> None:
    made = fusion(rule(loud()))
    made.judge(at(0))
    first = reading(5, "noise-1", 90.0)
    assert made.hear(first, at(5)) is Heard.FRESH
    assert made.hear(first, at(5)) is Heard.AGAIN
    made.judge(at(6))
    assert made.hear(first, at(6)) is Heard.AGAIN
    assert made.hear(reading(4, "noise-1", 90.0), at(6)) is Heard.LATE
    assert made.hear(reading(7, "nobody", 90.0), at(7)) is Heard.STRANGER
    assert made.hear(reading(60, "noise-1", 90.0), at(7)) is Heard.REFUSED
    tally = made.state().tally
    assert (tally.facts, tally.again, tally.late, tally.ahead) == (1, 2, 1, 1)


def test_the_state_names_who_is_silent_and_which_rules_are_blind() -> None:
    made = fusion(rule(loud(), "noisy"), rule(smoke(), "smoky"))
    told(made, [reading(1, "noise-1", 50.0)], 2)
    state = made.state()
    assert "sensor/smoke-1" in state.silent
    assert "sensor/noise-1" not in state.silent
    assert state.blind == ("smoky",)


def test_an_event_of_a_rule_that_was_changed_ends_after_the_restart() -> None:
    old = fusion(rule(loud()))
    (start,) = told(old, [reading(5, "noise-1", 90.0)], 6)
    new = fusion(rule(loud(above=88.0), "another"))
    new.restore(old.saved(), old.facts())
    (again, end) = new.judge(at(7))
    assert (end.id, end.revision, end.cause) == (start.id, 1, EndCause.RETIRED)
    assert (again.rule, again.phase) == ("another", Phase.START)
    assert not [event for event in new.judge(at(8)) if event.id == start.id]


def test_an_event_without_any_word_for_a_day_is_over() -> None:
    alive = [well(60 * n) for n in range(26 * 60)]
    made = fusion(rule(crowd(cameras=CAMERAS[:1])))
    events = told(made, [seen(5), *alive], 24 * 3600 - 1, 25 * 3600)
    assert [event.phase for event in events] == [Phase.START, Phase.END]
    assert made.hear(well(1), DEAF) is Heard.LATE
    assert len(made.facts()) < 100  # and what is over is forgotten
