"""The crowd scorecard: what counts as told, late, astray, and how numbers are scored."""

from dataclasses import replace

import pytest

from edge.evaluate.crowd_card import CrowdCard
from edge.evaluate.crowd_run import CrowdRun, Reading
from edge.evaluate.crowds import BEGAN
from edge.rules.spec import DYNAMICS
from edge.samples.gathering import Gathering, Span
from edge.values.event import Event, Kind, Phase, Severity


def scene(*spans: Span, may: frozenset[Kind] = frozenset()) -> Gathering:
    happens = {Kind.QUEUE: spans} if spans else {}
    return Gathering(
        "test", 60.0, ((0, 1), (1, 1), (1, 2)), ((0, 1), (1, 1)), (), (), lambda walk, now: None, happens, may
    )


def start(seconds: float, kind: Kind = Kind.QUEUE) -> Event:
    moment = BEGAN.plus(seconds)
    return Event(
        f"e{seconds}", 0, Phase.START, kind, Severity.MINOR, "c", "r", "floor", moment, moment, 0, 0, 0.0, ()
    )


def ran(
    spans: Gathering, *starts: float, begins_s: float = 20.0, critical_s: float | None = None
) -> CrowdRun:
    """Watched, with events that started then; the true queue is long enough from `begins_s` on."""
    true = [(float(s), 12.0 if s >= begins_s else 3.0) for s in range(60)]
    return CrowdRun(
        spans, [start(s) for s in starts], critical_s=critical_s,
        true={Kind.QUEUE: true}, wanted=dict.fromkeys((Kind.DENSITY, *DYNAMICS), (10.0, 3.0)),
    )  # fmt: skip


TRUE = [(float(s), 12.0 if 20 <= s <= 40 else 3.0) for s in range(60)]


def card(*runs: CrowdRun) -> CrowdCard:
    return CrowdCard.of(runs)


def test_in_time_is_a_hit_with_its_delay_and_late_is_a_miss() -> None:
    span = Span(20.0, 50.0, 10.0)
    score = card(ran(scene(span), 24.0), ran(scene(span), 31.0)).kinds["queue"]
    assert (score.expected, score.matched, score.delays_s) == (2, 1, [4.0])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_what_was_missed_or_false_is_told_with_its_scene() -> None:
    late = replace(ran(scene(Span(20.0, 40.0, 10.0)), 31.0, 55.0), seed=12, true={Kind.QUEUE: TRUE})
    assert card(late).wrong == (
        f"{late.gathering.name}, seed 12: missed, queue due at 20.0 s, told 11.0 s later; 10 s are allowed",
        f"{late.gathering.name}, seed 12: false, queue at 55.0 s",
    )


def test_a_thing_has_begun_when_the_exact_places_say_so() -> None:
    late = card(ran(scene(Span(20.0, 50.0, 10.0)), 31.0, begins_s=27.0)).kinds["queue"]
    assert (late.matched, late.delays_s) == (1, [4.0])


def test_what_the_people_of_this_seed_did_not_do_is_neither_wanted_nor_false() -> None:
    span = Span(20.0, 50.0, 10.0)
    for starts in ((), (30.0,)):
        score = card(ran(scene(span), *starts, begins_s=99.0)).kinds["queue"]
        assert (score.expected, score.told, score.unreached) == (0, 0, 1)
    short = ran(scene(span), begins_s=48.5)  # two seconds of it are not enough
    assert card(short).kinds["queue"].unreached == 1


def test_astray_is_false_unless_the_scene_says_it_may_be_told() -> None:
    false = card(ran(scene(), 5.0)).kinds["queue"]
    assert (false.told, false.precision, false.recall) == (1, 0.0, None)
    allowed = card(ran(scene(may=frozenset({Kind.QUEUE})), 5.0)).kinds["queue"]
    assert (allowed.told, allowed.precision) == (0, None)


def test_lead_is_from_the_first_warning_to_the_critical_moment() -> None:
    run = ran(scene(Span(10.0, 60.0, 20.0)), 12.0, 40.0, begins_s=10.0, critical_s=50.0)
    assert card(run).kinds["queue"].leads_s == [38.0]
    late = ran(scene(Span(10.0, 60.0, 50.0)), 55.0, begins_s=10.0, critical_s=50.0)
    assert card(late).kinds["queue"].leads_s == []


def test_numbers_have_an_error_and_an_interval_and_density_two_ranges() -> None:
    readings = [Reading(1.1, 0.9, 1.2, 1.0), Reading(3.0, 3.5, 4.2, 4.0)]
    run = CrowdRun(scene(), readings={Kind.DENSITY: readings}, crossed=7, counted=6)
    found = card(run)
    whole = found.kinds["density"]
    assert (whole.error, whole.share, whole.held) == (pytest.approx(0.55), pytest.approx(0.22), 1.0)
    assert found.kinds["density up to 2"].error == pytest.approx(0.1)
    assert found.kinds["density 2 to 5"].error == pytest.approx(1.0)
    assert found.to_json()["line-count"] == {"crossed": 7, "counted": 6}
