"""Which rules are apart, and when an urgent sensor's word counts."""

from dataclasses import replace

import pytest

from edge.fusion.facts import Reading
from edge.fusion.fusion import Fusion
from edge.fusion.lanes import lanes
from edge.fusion.memory import Heard
from edge.fusion.spec import FusionSpec, SensorSource
from edge.values.event import Phase
from edge.values.fused import Distrust, FusedEvent
from tests.fakes.fusing import SOURCES, S, all_of, any_of, at, loud, pressed, reading, rule, smoke, well

URGENT = tuple(
    replace(each, urgent=each.id == "panic-1") if isinstance(each, SensorSource) else each for each in SOURCES
)
ALARM = rule(pressed(), "alarm", clear_s=0)


def ids(spec: FusionSpec) -> tuple[list[str], list[str]]:
    return [each.id for each in spec.rules], [each.source for each in spec.sources]


def test_a_rule_that_asks_urgent_sensors_alone_is_apart_with_them() -> None:
    mixed = rule(any_of(pressed(0), smoke(1)), "mixed")
    calm, urgent = lanes(FusionSpec("f", URGENT, (ALARM, rule(loud(), "loud"), mixed)))
    assert ids(urgent) == (["alarm"], ["sensor/panic-1"])
    assert ids(calm) == (["loud", "mixed"], [each.source for each in URGENT])  # mixed asks the button too
    calm, urgent = lanes(FusionSpec("f", URGENT, (ALARM, rule(loud(), "loud"))))
    assert "sensor/panic-1" not in ids(calm)[1]
    assert "sensor/gate-1" in ids(calm)[1]  # nobody asks it
    calm, urgent = lanes(FusionSpec("f", SOURCES, (ALARM,)))
    assert (ids(calm)[0], ids(urgent)) == (["alarm"], ([], []))


def alarmed() -> Fusion:
    made = Fusion(FusionSpec("f", URGENT, (ALARM,)))
    made.judge(at(0))
    return made


def word(seconds: float, says: str, number: int) -> Reading:
    return reading(seconds, "panic-1", word=says, sequence=number)


def heard(made: Fusion, now_s: float, *words: Reading) -> list[Heard]:
    return [made.hear(made.placed(each, at(now_s)), at(now_s)) for each in words]


@pytest.mark.parametrize(("clock_s", "why"), [(-3600, Distrust.LATE), (3600, Distrust.AHEAD)])
def test_a_press_by_a_clock_that_is_wrong_counts_when_it_came_and_is_named(
    clock_s: float, why: Distrust
) -> None:
    made = alarmed()
    made.judge(at(9.8))
    assert heard(made, 10, word(10 + clock_s, "pressed", 1)) == [Heard.FRESH]
    assert heard(made, 12, word(12 + clock_s, "released", 2)) == [Heard.FRESH]
    assert [(each.phase, each.utc_ns) for each in made.judge(at(13))] == [
        (Phase.START, at(10)),
        (Phase.END, at(12)),
    ]
    assert dict(made.state().distrusted) == {"sensor/panic-1": why}


def test_such_a_press_that_comes_again_is_known_waiting_and_judged() -> None:
    made, press = alarmed(), word(-3600, "pressed", 1)
    assert heard(made, 10, press, press) == [Heard.FRESH, Heard.AGAIN]
    assert len(made.judge(at(11))) == 1
    assert heard(made, 12, press) == [Heard.AGAIN]
    again = Fusion(FusionSpec("f", URGENT, (ALARM,)))
    again.restore(made.saved(), made.facts())
    assert heard(again, 13, press) == [Heard.AGAIN]
    assert again.judge(at(14)) == ()


def test_words_of_one_button_count_in_their_order_also_where_its_clock_is_set_meanwhile() -> None:
    made = alarmed()
    made.judge(at(9.8))
    heard(made, 10, word(10.5, "released", 1), word(9.9, "pressed", 2), word(9.95, "released", 3))
    told: list[FusedEvent] = list(made.judge(at(11)))
    assert [each.phase for each in told] == [Phase.START, Phase.END]
    assert made.state().tally.refused == 0


def test_other_sensors_keep_their_own_time() -> None:
    made = alarmed()
    made.judge(at(9.8))
    for fact in (reading(1, "smoke-1", 9.0), well(1)):
        assert made.placed(fact, at(10)) == fact
        assert made.hear(fact, at(10)) in {Heard.LATE, Heard.STRANGER}


def test_a_fusion_that_is_behind_says_that_it_knows_nothing_of_now() -> None:
    made = Fusion(FusionSpec("f", URGENT, (rule(all_of(smoke(0), loud(1))),)))
    made.judge(at(0))
    made.hear(reading(1, "smoke-1", 9.0), at(2))
    made.judge(at(2))
    assert "sensor/smoke-1" not in made.state(at(2) + 9 * S).silent
    assert made.state(at(2) + 11 * S).silent == tuple(sorted(each.source for each in URGENT))
    assert made.state(at(2) + 11 * S).blind == ("r",)


def test_a_way_that_is_a_little_long_is_told_of_nobody() -> None:
    made = alarmed()
    made.judge(at(9.8))
    assert heard(made, 10.3, word(9.7, "pressed", 1)) == [Heard.FRESH]
    assert [each.utc_ns for each in made.judge(at(11))] == [at(10.3)]
    assert made.state().distrusted == ()
    assert made.state().tally.late == 0
