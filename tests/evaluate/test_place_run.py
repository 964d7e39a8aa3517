"""What happens at places: drawn scenes with exact truth, through the whole pipeline behind the detector."""

import json
from dataclasses import replace
from functools import cache

import pytest

from edge.evaluate.place_card import PlaceCard
from edge.evaluate.place_rules import RULES, every_place, untold
from edge.evaluate.place_run import PlaceRun, _answers, run
from edge.evaluate.sight import LABELS, Eyes, Real
from edge.samples.places import PlaceScene, all_places
from edge.values.detections import Detections
from edge.values.event import Kind
from tests.fakes.detector import FakeDetector

pytestmark = pytest.mark.xdist_group("places")  # each is watched once

PLACES = every_place()


@cache
def watched(name: str, missed: float = 0.0) -> PlaceRun:
    return run(scene(name), Eyes(0.03 if missed else 0.0, missed), 1)


def scene(name: str) -> PlaceScene:
    (found,) = [each for each in PLACES if each.scene.name == name]
    return found


def test_names_are_unique_and_every_kind_is_due_somewhere() -> None:
    names = [each.scene.name for each in PLACES]
    assert len(set(names)) == len(names)
    assert {due.told_by for each in PLACES for due in each.due} == {rule.id for rule in RULES}
    assert {due.kind for each in all_places() for due in each.due} == {Kind.ABANDONED, Kind.REMOVED}
    assert sum(not each.due for each in all_places()) >= 6, "scenes of which nothing is to be told"


@pytest.mark.parametrize("missed", [0.0, 0.3])
def test_a_bag_is_found_within_ten_seconds_after_its_owner_left_and_forgotten_when_fetched(
    missed: float,
) -> None:
    found = watched("fetched-again", missed)
    ((due, event, delay_s),) = found.right
    assert (found.missed, found.false) == ((), ())
    assert delay_s <= 10.0
    assert event.thing is not None
    assert event.thing.owner is not None
    bodies = [json.loads(message.body)["data"] for message in found.messages]
    assert [(body["phase"], body.get("cause")) for body in bodies if body["phase"] != "update"] == [
        ("start", None),
        ("end", "cleared"),
    ]
    assert "thing" in bodies[0]
    assert bodies[-1]["count"] == 0
    assert due.kind is Kind.ABANDONED


def test_what_somebody_takes_away_is_told() -> None:
    found = watched("parcel-taken-dusk")
    ((_, event, _),) = found.right
    assert (event.kind, found.missed, found.false) == (Kind.REMOVED, (), ())


def test_who_waits_beside_a_bag_is_left_in_peace() -> None:
    found = watched("stands-by", 0.3)
    assert (found.right, found.missed, found.false) == ((), (), ())


def test_the_card_counts_what_was_due_told_and_right() -> None:
    card = PlaceCard.of([watched("fetched-again"), watched("parcel-taken-dusk"), watched("stands-by", 0.3)])
    left, taken = card.kinds["abandoned"], card.kinds["removed"]
    assert (left.due, left.told, left.precision, left.recall) == (1, 1, 1.0, 1.0)
    assert (taken.due, taken.told) == (1, 1)
    assert card.scenes == 3
    wrong = PlaceCard.of(
        [PlaceRun("x", 60.0, (), scene("bag").due, (watched("fetched-again").right[0][1],), ())]
    )
    assert (wrong.kinds["abandoned"].precision, wrong.kinds["abandoned"].recall) == (0.0, 0.0)
    assert json.loads(json.dumps(card.to_json()))["kinds"]["abandoned"]["recall"] == 1.0


@pytest.mark.parametrize(
    ("name", "missed", "told"),
    [
        ("speeds-dusk", 0.0, ["speed"] * 3),
        ("breakdown", 0.25, ["stopped"]),
        ("queue-at-light", 0.0, []),
        ("wrong-way-night", 0.25, ["wrong-way"]),
        ("counts-dusk", 0.0, ["count"] * 9),
        ("platform", 0.25, ["platform-edge", "platform-edge", "track-intrusion"]),
        ("after-hours", 0.0, ["after-hours"]),
        ("two-after-hours", 0.0, []),
        ("patrol", 0.25, ["patrol"] * 2),
        ("perimeter-night", 0.25, ["perimeter"]),
        ("loitering-dusk", 0.25, ["loitering"]),
        ("ward", 0.25, ["ward-left"]),
    ],
)
def test_roads_platforms_and_yards_are_told_as_they_are(name: str, missed: float, told: list[str]) -> None:
    found = watched(name, missed)
    assert (found.missed, found.false) == ((), ())
    assert [event.rule for _, event, _ in found.right] == told


def test_a_patrol_is_told_for_as_long_as_it_is_there() -> None:
    found = watched("patrol", 0.25)
    bodies = [json.loads(message.body)["data"] for message in found.messages]
    stays_s = [body["duration_s"] for body in bodies if body["phase"] == "end"]
    true_s = [due.until_s - due.from_s for due in scene("patrol").due]
    clears_s = next(rule.clear_s for rule in RULES if rule.id == "patrol")
    assert stays_s == pytest.approx([stay_s + clears_s for stay_s in true_s], abs=1.5)


def test_of_a_class_that_the_model_does_not_know_nothing_is_due() -> None:
    model = Real(FakeDetector([Detections.of([], [], [])] * 1000, ("person", "car")))
    found = run(
        replace(scene("patrol"), scene=replace(scene("patrol").scene, seconds=8.0)), Eyes(), 1, True, model
    )
    assert (found.right, found.missed, found.false) == ((), (), ())
    assert [rule.id for rule in untold(model.labels)] == ["patrol"]
    assert untold(LABELS) == ()


def test_counts_are_told_by_class_and_a_bus_that_is_called_a_car_is_missed_and_false() -> None:
    found = watched("counts-dusk")
    card = PlaceCard.of([found])
    assert {label: (score.due, score.told, score.right) for label, score in card.counted.items()} == {
        "bicycle": (1, 1, 1), "bus": (2, 2, 2), "car": (4, 4, 4), "truck": (2, 2, 2),
    }  # fmt: skip
    (bus, told, _), *rest = sorted(found.right, key=lambda each: each[0].label != "bus")
    as_car = replace(told, evidence=(replace(told.evidence[0], label="car"),))
    confused = PlaceCard.of([replace(found, right=tuple(rest), missed=(bus,), false=(as_car,))])
    assert (confused.counted["bus"].recall, confused.counted["car"].precision) == (0.5, 0.8)
    assert (confused.kinds["count"].due, confused.kinds["count"].told) == (9, 9)
    short, more = replace(found, right=tuple(rest), missed=(bus,)), replace(found, false=(as_car,))
    assert [PlaceCard.of(runs).miscounted for runs in ([found], [replace(found)] * 2)] == [0, 0]
    assert PlaceCard.of([short, more]).miscounted == 2, "one too few and one too many are not right together"
    assert json.loads(json.dumps(confused.to_json()))["counted"]["bus"]["told"] == 1


def test_speeds_lie_within_their_intervals_and_the_card_says_how_often() -> None:
    card = PlaceCard.of([watched("speeds-dusk")])
    assert len(card.speeds) > 40
    assert card.speed_held is not None
    assert card.speed_held >= 0.9
    assert card.speed_off is not None
    assert card.speed_off < 0.6
    assert card.to_json()["speeds"]["measured"] == len(card.speeds)


def test_an_event_of_another_class_or_at_another_time_is_no_answer() -> None:
    found = watched("counts-dusk")
    due, event, _ = found.right[0]
    later = PlaceScene(
        scene("counts-dusk").scene, (replace(due, from_s=due.from_s + 5, until_s=due.until_s + 5),)
    )
    other = PlaceScene(scene("counts-dusk").scene, (replace(due, label="bus"),))
    for place in (later, other):
        assert not _answers((due.from_s, event), place.due[0], place)


@pytest.mark.soak
@pytest.mark.parametrize("name", [each.scene.name for each in PLACES])
@pytest.mark.parametrize("missed", [0.0, 0.35])
def test_every_scene_is_told_as_it_is(name: str, missed: float) -> None:
    found = watched(name, missed)
    fleeting = [due for due in found.missed if due.kind is Kind.SPEED and due.until_s - due.from_s < 2.0]
    assert found.false == ()
    assert found.missed == (tuple(fleeting) if missed else ()), "of who is gone in two seconds, no speed"
