from dataclasses import replace

import pytest

from edge.evaluate.events import EventScore, event_scores
from edge.evaluate.expected import expected_events, scored_rules
from edge.evaluate.matching import Matching
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction
from tests.fakes.plaza import BEGAN, perfect, truth


def crossing(seconds, name, direction=Direction.FORWARD, place="line"):
    when = BEGAN.plus(seconds)
    return Event(
        name, 0, Phase.END, Kind.LINE_CROSSING, Severity.INFO, "cam", "gate", place, when, when, 1, 1, 0.9,
        (), direction=direction, cause=EndCause.INSTANT,
    )  # fmt: skip


def busy(name, begin, end):
    start = Event(
        name, 0, Phase.START, Kind.OCCUPANCY, Severity.INFO, "cam", "busy", "zone", BEGAN.plus(begin),
        BEGAN.plus(begin), 2, 2, 0.9, (),
    )  # fmt: skip
    over = replace(start, revision=1, phase=Phase.END, moment=BEGAN.plus(end), cause=EndCause.CLEARED)
    return [start, over]


def score(expected, told, kind=Kind.LINE_CROSSING):
    return event_scores(expected, told, BEGAN, Matching())[kind]


def test_the_truth_is_told_by_the_rules_of_the_run():
    known = truth()
    told = expected_events(known, perfect(known))
    crossings = [e for e in told if e.kind is Kind.LINE_CROSSING]
    assert [e.started.seconds_since(BEGAN) for e in crossings] == pytest.approx([4.0, 4.5])
    entries = [e for e in told if e.kind is Kind.ZONE_ENTRY]
    assert [e.evidence[0].label for e in entries] == ["car", "person", "person"]
    crowd = [e for e in told if e.kind is Kind.OCCUPANCY]
    assert [e.phase for e in crowd] == [Phase.START, Phase.END]
    assert crowd[0].started.seconds_since(BEGAN) == pytest.approx(3.5, abs=0.11)


def test_places_that_the_truth_does_not_know_are_left_out():
    known = truth()
    assert {place for rule in scored_rules(known, perfect(known)) for place in rule.places} == {
        "zone",
        "line",
    }


def test_each_expected_event_is_matched_once_within_the_tolerance():
    got = score([crossing(1, "a"), crossing(5, "b")], [crossing(1.9, "x"), crossing(7, "y")])
    assert got == EventScore(expected=2, told=2, matched=1, doubled=0)
    assert (got.precision, got.recall, got.missed) == (0.5, 0.5, 1)


def test_direction_place_and_rule_must_agree():
    expected = [crossing(1, "a")]
    assert score(expected, [crossing(1, "x", Direction.BACKWARD)]).matched == 0
    assert score(expected, [crossing(1, "x", place="other")]).matched == 0
    assert score(expected, [replace(crossing(1, "x"), rule="other")]).matched == 0


def test_one_person_counted_twice_is_doubled():
    got = score([crossing(1, "a")], [crossing(1.0, "x"), crossing(1.4, "y"), crossing(9, "z")])
    assert got == EventScore(expected=1, told=3, matched=1, doubled=1)


def test_as_many_as_possible_are_matched():
    got = score([crossing(1.0, "a"), crossing(1.8, "b")], [crossing(1.7, "x"), crossing(2.7, "y")])
    assert got.matched == 2


def test_lasting_events_match_when_they_overlap():
    assert score(busy("a", 1, 4), busy("x", 3, 9), Kind.OCCUPANCY).matched == 1
    assert score(busy("a", 1, 4), busy("x", 5.5, 9), Kind.OCCUPANCY).matched == 1
    assert score(busy("a", 1, 4), busy("x", 6.5, 9), Kind.OCCUPANCY).matched == 0


def test_an_event_that_flaps_is_told_too_often():
    got = score(busy("a", 1, 9), busy("x", 1, 3) + busy("y", 5, 7), Kind.OCCUPANCY)
    assert (got.expected, got.told, got.matched, got.doubled) == (1, 2, 1, 1)


def test_an_event_still_open_at_the_end_counts():
    assert score(busy("a", 1, 4), busy("x", 2, 9)[:1], Kind.OCCUPANCY).matched == 1


def test_nothing_told_has_recall_and_no_precision():
    got = score([crossing(1, "a")], [])
    assert (got.precision, got.recall) == (None, 0.0)
    assert score([], [crossing(1, "a")]).recall is None
