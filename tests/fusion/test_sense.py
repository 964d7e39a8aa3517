"""Whether a rule can hold, and can not hold: what is called impossible is."""

import pytest

from edge.fusion.sense import Possible, possible
from edge.fusion.spec import Expression, Not, SensorSource
from tests.fakes.fusing import SOURCES, all_of, any_of, crossings, crowd, loud, pressed, smoke

SENSORS = {each.source: each for each in SOURCES if isinstance(each, SensorSource)}
EITHER, NEVER, ALWAYS = Possible(True, True), Possible(False, True), Possible(True, False)


@pytest.mark.parametrize(
    ("expression", "can"),
    [
        (loud(), EITHER),
        (loud(above=151), NEVER),
        (loud(above=9), ALWAYS),
        (all_of(loud(0), Not((1,), loud(1))), NEVER),
        (any_of(loud(0), Not((1,), loud(1))), ALWAYS),
        (all_of(loud(0, above=90), Not((1,), loud(1, above=80))), NEVER),
        (all_of(loud(0, above=80), Not((1,), loud(1, above=90))), EITHER),
        (all_of(loud(0), Not((1,), loud(1)), within_s=5), EITHER),
        (all_of(crowd(0, wanted=2), Not((1,), crowd(1, wanted=1))), NEVER),
        (all_of(crowd(0, wanted=1), Not((1,), crowd(1, wanted=2))), EITHER),
        (crowd(wanted=3), NEVER),
        (all_of(pressed(0), Not((1,), pressed(1))), NEVER),
        (all_of(crossings(0, times=3, within_s=9), Not((1,), crossings(1, times=3, within_s=9))), NEVER),
        (all_of(*(smoke(n, above=n) for n in range(30))), EITHER),
    ],
)
def test_what_can_become_of_a_rule(expression: Expression, can: Possible) -> None:
    assert possible(expression, SENSORS) == can
