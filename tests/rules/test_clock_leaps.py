"""How long something must hold, and how long it is quiet afterwards, passes by the steady clock: a wall clock
that is set in the middle, by hours in either direction, changes nothing of what is told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.values.event import Kind
from edge.values.fact import Direction, Fact, LineCrossed, Occupancy
from edge.values.moment import NS_PER_S, Moment
from tests.fakes.happenings import at, crowd, person

BUSY = RuleSpec("busy", Kind.OCCUPANCY, ("a",), at_least=3, for_s=4.0, clear_s=3.0, cooldown_s=6.0)
STAYS = RuleSpec("stays", Kind.DWELL, ("a",), dwell_s=5.0, for_s=2.0, clear_s=2.0, cooldown_s=7.0)
PASSES = RuleSpec("passes", Kind.LINE_CROSSING, ("l",), cooldown_s=5.0)
SEEN = [0, 3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 0]

Told = list[tuple[str, str, float, float]]


def told(spec: RuleSpec, leaps: dict[int, float]) -> Told:
    """Rule, phase, second and length of what is told; the wall clock leaps so many seconds before a look."""
    rules, found, ahead_s = Rules((spec,), "node", "cam", "run"), Told(), 0.0
    for second, n in enumerate(SEEN):
        ahead_s += leaps.get(second, 0.0)
        now = set_by(at(second), ahead_s)
        stays = tuple(float(second) for _ in range(n))
        facts: tuple[Fact, ...] = (Occupancy(now, "a", crowd(n), stays),)
        if n:
            facts = (*facts, LineCrossed(now, "l", person(1), Direction.FORWARD))
        found += [
            (e.rule, e.phase.value, e.moment.seconds_since(at(0)), e.moment.seconds_since(e.started))
            for e in rules.judge(facts, now)
        ]
    return found


def set_by(moment: Moment, seconds: float) -> Moment:
    return replace(moment, utc_ns=moment.utc_ns + round(seconds * NS_PER_S))


@pytest.mark.parametrize("spec", [BUSY, STAYS, PASSES], ids=lambda spec: spec.id)
@given(leaps=st.dictionaries(st.integers(0, len(SEEN) - 1), st.floats(-1e6, 1e6), max_size=4))
def test_a_clock_that_leaps_changes_nothing(spec: RuleSpec, leaps: dict[int, float]) -> None:
    assert told(spec, leaps) == told(spec, {})


def test_what_is_told_without_a_leap() -> None:
    """Else the same could be nothing."""
    assert [(phase, second) for _, phase, second, _ in told(BUSY, {}) if phase != "update"] == [
        ("start", 5.0),
        ("end", 10.0),
        ("start", 16.0),
        ("end", 22.0),
        ("start", 30.0),
    ]
    assert [second for _, phase, second, _ in told(PASSES, {})] == [1.0, 6.0, 11.0, 16.0, 26.0, 31.0]
