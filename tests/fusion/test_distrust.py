"""What becomes of words that cannot be true, and of a clock that went back."""

from dataclasses import replace

import pytest

from edge.fusion.facts import Reading
from edge.fusion.fusion import DISTRUSTED_NS, Fusion
from edge.fusion.sensors import FLOOD_NS, MOST_WORDS
from edge.fusion.spec import FusionSpec, Measured
from edge.values.event import EndCause, Phase
from edge.values.fused import Distrust
from edge.values.sensor import SensorKind
from tests.fakes.fusing import DEAF, S, at, fusion, loud, pressed, reading, rule, says, seen, sensor

RUSH = says(name="gate-1", test=Measured("entered_per_min", above=100))


def gate(seconds: float, entered: float, left: float = 0) -> Reading:
    return reading(seconds, "gate-1", entered, left)


def why(judge: Fusion) -> dict[str, Distrust]:
    return dict(judge.state().distrusted)


@pytest.mark.parametrize(
    ("lie", "name"),
    [
        (gate(20, 5), Distrust.RANGE),  # runs backwards
        (gate(20, 1e12), Distrust.RANGE),
        (reading(20, "gate-1", 20, 0, sequence=1), Distrust.ORDER),
        (reading(-5, "gate-1", 20, 0), Distrust.LATE),
        (reading(9_000, "gate-1", 20, 0), Distrust.AHEAD),
    ],
)
def test_a_lie_changes_nothing_and_is_told_by_the_name_of_who_told_it(lie: Reading, name: Distrust) -> None:
    judge = fusion(rule(RUSH))
    judge.judge(at(0))
    for fact in (gate(8, 10), gate(10, 11), lie):
        judge.hear(fact, at(25))
    assert judge.judge(at(25)) == ()
    assert why(judge) == {"sensor/gate-1": name}
    assert judge.state().silent == tuple(
        name for name in judge.state().silent if name != "sensor/gate-1"
    )  # what it said before still stands


def test_a_distrust_is_over_after_a_while() -> None:
    judge = fusion(rule(RUSH))
    judge.judge(at(0))
    judge.refuse("sensor/gate-1")
    assert why(judge) == {"sensor/gate-1": Distrust.FORM}
    judge.judge(at(0) + DISTRUSTED_NS)
    assert why(judge) == {}


def test_who_is_none_of_ours_is_not_named() -> None:
    judge = fusion(rule(RUSH))
    judge.refuse("sensor/of-somebody-else")
    judge.refuse()
    assert (why(judge), judge.state().tally.refused) == ({}, 2)


def test_a_sensor_that_floods_is_heard_so_far_and_the_others_as_ever() -> None:
    judge = fusion(rule(loud()), rule(pressed(), "help"))
    judge.judge(at(0))
    for n in range(5 * MOST_WORDS):
        judge.hear(reading(1 + n / 1000, "noise-1", 50.0, sequence=n), DEAF)
    judge.hear(reading(1.5, "panic-1", word="pressed"), DEAF)
    assert [(event.rule, event.phase) for event in judge.judge(at(9))] == [("help", Phase.START)]
    assert why(judge) == {"sensor/noise-1": Distrust.FLOOD}
    assert sum(isinstance(fact, Reading) for fact in judge.facts()) <= MOST_WORDS + 1
    judge.hear(Reading(at(2) + FLOOD_NS, "noise-1", "b1", 10**6, (90.0,)), DEAF)
    assert [event.rule for event in judge.judge(at(13))] == ["r"]


def test_a_clock_that_went_back_ends_what_lasts_and_hears_anew() -> None:
    judge = fusion(rule(pressed()))
    judge.judge(at(0))
    judge.hear(reading(3600, "panic-1", word="pressed"), DEAF)  # all clocks were an hour ahead
    (start,) = judge.judge(at(3601))
    (end,) = judge.rewind(at(5))
    assert (end.id, end.phase, end.cause) == (start.id, Phase.END, EndCause.UNSEEN)
    assert judge.judged_ns == at(5)
    assert judge.state().tally.stepped == 1
    assert "sensor/panic-1" in judge.state().silent
    judge.hear(reading(7, "panic-1", word="pressed"), at(8))
    assert [event.phase for event in judge.judge(at(8))] == [Phase.START]


def test_what_waited_for_a_future_that_did_not_come_is_forgotten() -> None:
    judge = fusion(rule(pressed()))
    judge.judge(at(3600))
    judge.hear(reading(3601, "panic-1", word="pressed"), DEAF)
    judge.rewind(at(5))
    assert judge.judge(at(4000)) == ()
    assert judge.state().blind == ("r",)


@pytest.mark.parametrize("asks_s", [1.0, 7.0, 45.0])
def test_a_number_that_never_changes_is_of_a_broken_sensor(asks_s: float) -> None:
    """However often it is judged: what is forgotten meanwhile does not begin the time anew."""
    spec = FusionSpec(
        "fusion-01", (replace(sensor("noise-1", SensorKind.NOISE), stuck_ns=60 * S),), (rule(loud()),)
    )
    judge = Fusion(spec)
    judge.judge(at(0))
    told, asked_s = [], asks_s
    for second in range(5, 200, 5):
        value = 70.0 if second >= 150 else 95.0
        judge.hear(reading(second, "noise-1", value), DEAF)
        if second >= asked_s:
            told += [(event.phase, event.cause) for event in judge.judge(at(second + 1))]
            asked_s = second + asks_s
    told += [(event.phase, event.cause) for event in judge.judge(at(200))]
    assert told == [
        (Phase.START, None),
        (Phase.UPDATE, None),  # doubtful, from 60 + 30 s on
        (Phase.END, EndCause.UNSEEN),
    ]
    assert judge.state().silent == ()


def test_a_camera_that_repeats_itself_is_named() -> None:
    judge = fusion(rule(pressed()))
    judge.judge(at(0))
    for fact in (seen(2, revision=3), seen(4, revision=1)):
        judge.hear(fact, DEAF)
    judge.judge(at(5))
    assert why(judge) == {"camera/registan-01/plaza": Distrust.ORDER}


def test_a_gate_that_was_set_back_counts_again_after_one_reading_and_one_wrong_total_costs_one() -> None:
    judge = fusion(rule(RUSH, clear_s=0))
    judge.judge(at(0))
    totals = [(1, 1000), (2, 1001), (3, 0), (4, 5), (5, 6), (6, 900_000), (7, 6)]
    for second, total in totals:
        judge.hear(gate(second, total), DEAF)
    told = judge.judge(at(7.5))
    assert [(event.phase, event.utc_ns) for event in told] == [(Phase.START, at(4)), (Phase.END, at(5))]
    assert judge.state().tally.refused == 2
    again = fusion(rule(RUSH, clear_s=0))
    again.restore(judge.saved(), judge.facts())
    for made in (judge, again):
        made.hear(gate(8, 11), DEAF)
        assert [event.phase for event in made.judge(at(9))] == [Phase.START]
