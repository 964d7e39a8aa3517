"""Rules that contradict themselves are refused with words that name them."""

import pytest

from edge.rules.spec import MEASURES, RuleSpec, Step
from edge.values.event import Kind, Severity
from edge.values.fact import Direction


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"id": ""}, "an id"),
        ({"places": ()}, "at least one place"),
        ({"places": ("a", "a")}, "each place once"),
        ({"classes": frozenset()}, "at least one class"),
        ({"dwell_s": 3.0}, "dwell_s exactly if"),
        ({"kind": Kind.DWELL}, "dwell_s exactly if its kind is dwell, got nothing"),
        ({"direction": Direction.FORWARD}, "direction only"),
        ({"born_inside": False}, "born_inside only"),
        ({"kind": Kind.ZONE_ENTRY, "lost": False}, "lost only"),
        ({"kind": Kind.ZONE_ENTRY, "at_least": 2}, "only for lasting"),
        ({"kind": Kind.LINE_CROSSING, "for_s": 2.0}, "only for lasting"),
        ({"kind": Kind.ZONE_EXIT, "steps": (Step(5, Severity.SEVERE),)}, "only for lasting"),
        ({"at_least": 0}, "at_least of 1 to 10000 objects, got 0"),
        ({"at_least": 5, "clear_below": 6}, "clear_below of 1 to at_least, which is 5, got 6"),
        ({"at_least": 5, "clear_below": 0}, "clear_below of 1 to at_least, which is 5, got 0"),
        (
            {"at_least": 5, "steps": (Step(20_000, Severity.SEVERE),)},
            "at_least of 1 to 10000 objects, got 20000",
        ),
        ({"at_least": 2.5}, "whole numbers of objects, got 2.5$"),
        (
            {"kind": Kind.COUNTER_FLOW, "at_least": 20},
            "at_least of 0.01 to 1 of the walkers .0.2 is 20 %., got 20",
        ),
        ({"steps": (Step(1, Severity.SEVERE),)}, "ascend"),
        ({"steps": (Step(5, Severity.SEVERE), Step(9, Severity.MODERATE))}, "ascend"),
        ({"cooldown_s": -1.0}, "cooldown_s"),
        ({"clear_s": float("nan")}, "clear_s"),
        ({"blind_s": 1e9}, "blind_s"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        RuleSpec(**({"id": "r", "kind": Kind.OCCUPANCY, "places": ("a",)} | settings))


@pytest.mark.parametrize(
    ("at_least", "clears_below"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 4), (10, 8), (100, 80)]
)
def test_a_threshold_is_cleared_below_eighty_percent(at_least: int, clears_below: int) -> None:
    assert RuleSpec("r", Kind.OCCUPANCY, ("z",), at_least=at_least).clears_below == clears_below
    assert RuleSpec("r", Kind.OCCUPANCY, ("a",), at_least=at_least).clears_below == clears_below


@pytest.mark.parametrize("kind", MEASURES, ids=lambda kind: kind.value)
def test_the_least_that_a_measure_may_be_is_no_mistake_of_a_clear_below_that_nobody_wrote(kind: Kind) -> None:
    least, _ = MEASURES[kind]
    way = {"approach": "b"} if kind is Kind.ROUTE else {}
    rule = RuleSpec("r", kind, ("a",), at_least=least, **way)
    assert rule.clears_below == least
    assert RuleSpec("r", kind, ("a",), at_least=1.25 * least, **way).clears_below == pytest.approx(least)


def test_what_was_said_goes_before_the_default() -> None:
    assert RuleSpec("r", Kind.OCCUPANCY, ("a",), at_least=10, clear_below=3).clears_below == 3
