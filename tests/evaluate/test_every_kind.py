"""Every kind of rule has a scene with exact truth, a line of the one table, and a golden replay."""

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from edge.config.rules import Rule
from edge.evaluate.crowd_card import CrowdCard, KindScore
from edge.evaluate.day_card import DayCard
from edge.evaluate.flights import FlightCard
from edge.evaluate.health_card import HealthCard
from edge.evaluate.health_run import MISHAPS, STATED_S
from edge.evaluate.place_card import PlaceCard
from edge.evaluate.place_rules import COUNT, RULES, every_place, rules_of
from edge.evaluate.sight import LABELS
from edge.evaluate.thermal_card import ThermalCard
from edge.evaluate.thermal_run import DUE_S
from edge.evaluate.thermal_run import rules_of as thermal_rules_of
from edge.evaluate.whole import Besides, Figure, Line, WholeCard
from edge.samples.gatherings import GATHERINGS
from edge.samples.heats import all_heats
from edge.values.camera_state import CameraState, Reason
from edge.values.event import Kind
from edge.view.health import OF_PICTURE

GOLDEN = Path(__file__).parent.parent / "golden"
PLACES = every_place()
KINDS = sorted(get_args(Rule.model_fields["when"].annotation))


NEEDS_A_MOVING_CAMERA = {Reason.MOVING_CAMERA, Reason.NO_TELEMETRY, Reason.MOTION_LOST}
OF_A_PICTURE = sorted(
    reason
    for reason, state in OF_PICTURE.items()
    if state is not CameraState.OK and reason not in {*NEEDS_A_MOVING_CAMERA, Reason.NO_TEMPERATURES}
)


def empty() -> WholeCard:
    return WholeCard(CrowdCard.of([]), PlaceCard.of([]), ThermalCard.of([]), FlightCard())


def test_the_configuration_knows_every_kind() -> None:
    assert set(KINDS) == {kind.value for kind in Kind}


def scenes_of(kind: Kind) -> set[str]:
    """Names of the scenes in which something of a kind is to be told."""
    found = {made.name for make in GATHERINGS for made in [make()] if kind in made.happens}
    found |= {place.scene.name for place in PLACES for due in place.due if due.kind is kind}
    burns = next(scene for scene in all_heats() if scene.name == "car-burns")
    hot = [rule.hot for rule in thermal_rules_of(burns) if rule.kind is kind and rule.hot is not None]
    return found | {burns.name for level in hot if any(burns.due(level, DUE_S[kind]))}


@pytest.mark.parametrize("kind", KINDS)
def test_something_of_every_kind_is_due_in_a_scene(kind: str) -> None:
    assert scenes_of(Kind(kind)), f"no scene in which a rule {kind} has anything to tell"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_line_that_counts_what_was_due_and_told(kind: str) -> None:
    lines = [line for line in empty().lines() if line.kind == kind and line.hours is None]
    counted = [line for line in lines if line.due is not None]
    assert counted, f"a rule {kind} has no line in the table of everything"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_in_a_golden_replay(kind: str) -> None:
    start = f'"type":"safecity.event.{kind}.'
    told = [file for file in GOLDEN.rglob("*.jsonl") if start in file.read_text(encoding="utf-8")]
    assert told, f"no golden replay holds an event of a rule {kind}"


@pytest.mark.parametrize("rule", [rule.id for rule in RULES if rule.id != COUNT])
def test_every_rule_about_a_place_also_watches_somebody_of_whom_nothing_is_due(rule: str) -> None:
    watched = [p for p in PLACES if any(rule == each.id for each in rules_of(p.scene, LABELS))]
    due = sum(each.told_by == rule for place in watched for each in place.due)
    actors = sum(len(place.scene.actors) for place in watched)
    assert 0 < due < actors, "a rule that tells of everybody would pass"


@pytest.mark.parametrize("reason", OF_A_PICTURE)
def test_everything_that_a_picture_can_lack_happens_to_a_camera_and_has_a_line(reason: Reason) -> None:
    assert [name for name, (_, told) in MISHAPS.items() if told is reason], f"nothing makes a camera {reason}"
    line = f"{reason.removesuffix('-picture')}"
    (found,) = [each for each in empty().lines() if each.kind is Besides.HEALTH and each.name == line]
    assert found.targets[Figure.DELAY_S].bound == STATED_S[reason] + 2.0


def test_an_alarm_of_nothing_is_not_as_wanted_and_none_of_it_is() -> None:
    for told, reached in ((0, True), (1, False)):
        day = DayCard(24.0, {Kind.ABANDONED: told})
        health = HealthCard(quiet={"night noise": (3600.0, told)})
        card = replace(empty(), day=day, health=health)
        lines = [line for line in card.lines() if line.hours]
        assert [(line.hours, line.reached) for line in lines] == [(24.0, reached), (1.0, reached)]
        assert json.loads(json.dumps(lines[0].to_json()))["hours"] == 24.0


def test_an_empty_table_claims_nothing() -> None:
    assert all(line.reached is None for line in empty().lines())


def test_a_target_that_is_missed_is_said_beside_its_figure() -> None:
    card = empty()
    card.crowds.kinds["density 2 to 5"].error = 1.0
    card.crowds.kinds["density 2 to 5"].share, card.crowds.kinds["density 2 to 5"].held = 0.21, 0.95
    (line,) = [line for line in card.lines() if line.name == "2 to 5 per m²"]
    assert line.reached is False
    told = json.loads(json.dumps(line.to_json()))
    assert told["wanted"]["error"] == {"at_most": 0.2, "reached": False}
    assert told["wanted"]["held"] == {"at_least": 0.9, "reached": True}
    assert told["error"] == 0.21


def test_a_false_alarm_is_not_as_wanted() -> None:
    card = empty()
    card.crowds.kinds["queue"] = KindScore("persons", expected=2, told=3, matched=2, held=1.0)
    (line,) = [line for line in card.lines() if line.kind is Kind.QUEUE]
    assert (line.reached, line.figures[Figure.RECALL]) == (False, 1.0)


def test_a_thing_found_late_is_not_as_wanted() -> None:
    card = empty()
    found = card.places.kinds["abandoned"]
    found.due = found.told = found.right = 1
    reached = []
    for delay_s in (9.9, 10.1):
        found.delays_s[:] = [delay_s]
        reached.append(_line(card, Kind.ABANDONED).reached)
    assert reached == [True, False]


def _line(card: WholeCard, kind: Kind) -> Line:
    (line,) = [line for line in card.lines() if line.kind is kind and line.hours is None]
    return line
