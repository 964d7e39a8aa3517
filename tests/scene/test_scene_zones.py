"""Zones: who comes in, stays and leaves, also when the picture is poor."""

import pytest

from edge.scene.spec import SceneSpec, ZoneSpec
from edge.values.fact import Occupancy, ZoneLeft
from edge.values.frame import Size
from tests.fakes.stage import LABELS, Actor, Stage, along, walk

SQUARE = ZoneSpec("yard", ((0.4, 0.4), (0.8, 0.4), (0.8, 0.9), (0.4, 0.9)))
SPEC = SceneSpec(LABELS, zones=(SQUARE,))


ENTERS, LEAVES, BORN = "1 enters yard", "1 leaves yard", "1 born in yard"
WALKS = {
    "stays outside": (along(0.2, 0.3), []),
    "walks in": (along(0.2, 0.6), [ENTERS]),
    "walks through": (along(0.2, 0.6, 0.9), [ENTERS, LEAVES]),
    "first seen inside": (along(0.6, 0.61), [BORN]),
    "first seen inside, comes back": (along(0.6, 0.9, 0.6), [BORN, LEAVES, ENTERS]),
    "through between two frames": (along(0.2, 0.95), [ENTERS, LEAVES]),
    "by the corner": ([(0.38, 0.37), (0.42, 0.41)], [ENTERS]),
    "grazes the border between two frames": ([(0.2, 0.405), (0.9, 0.405)], []),
    "jitters on the border, outside": (along(0.39, 0.405, 0.395, 0.404), []),
    "jitters on the border, inside": (along(0.6, 0.405, 0.396, 0.404, 0.397), [BORN]),
}


@pytest.mark.parametrize(("places", "words"), WALKS.values(), ids=WALKS.keys())
def test_a_walk_is_told_as_entries_and_exits(places: list[tuple[float, float]], words: list[str]) -> None:
    assert Stage(SPEC).tells(*walk(1, *places)) == words


def test_occupancy_and_dwell_come_with_every_answered_frame() -> None:
    stage = Stage(SPEC)
    for frame in walk(7, (0.2, 0.6), (0.5, 0.6), (0.55, 0.6), (0.6, 0.6)):
        stage.shows(*frame)
    counts = [len(fact.who) for fact in stage.facts if isinstance(fact, Occupancy)]
    stays = [stay_s for fact in stage.facts if isinstance(fact, Occupancy) for stay_s in fact.dwell_s]
    assert counts == [0, 1, 1, 1]
    assert stays == pytest.approx([0.0, 0.2, 0.4])


def test_a_still_picture_keeps_everybody_and_time_goes_on() -> None:
    stage = Stage(SPEC)
    stage.shows(Actor(1, 0.6, 0.6), Actor(2, 0.2, 0.2))
    assert [word for _ in range(50) for word in stage.holds()] == []
    assert stage.inside("yard") == [1]
    last = [fact for fact in stage.facts if isinstance(fact, Occupancy)][-1]
    assert [who.track for who in last.who] == [1]
    assert last.dwell_s == pytest.approx((10.0,))
    assert stage.shows(Actor(1, 0.9, 0.6)) == ["1 leaves yard"]


@pytest.mark.parametrize("gated", [True, False])
def test_after_a_rest_a_newcomer_near_by_is_nobody_who_was_lost_long_ago(gated: bool) -> None:
    """Who stood while nothing moved was seen until now, so they cannot have walked far since."""
    stage, stander = Stage(SPEC), Actor(1, 0.6, 0.6)
    stage.tells((stander,), (stander,))
    assert [word for _ in range(15) for word in (stage.holds() if gated else stage.shows(stander))] == []
    assert stage.shows(Actor(1, 0.6, 0.6, seen=False), Actor(2, 0.49, 0.6)) == ["2 born in yard"]
    assert stage.inside("yard") == [1, 2]


def test_a_blind_moment_is_told_and_changes_nothing() -> None:
    stage = Stage(SPEC)
    stage.shows(Actor(1, 0.6, 0.6))
    assert [stage.unseen() for _ in range(20)] == [["unseen"]] * 20
    assert stage.shows(Actor(1, 0.6, 0.61)) == []
    assert stage.inside("yard") == [1]


def test_blindness_does_not_count_as_being_gone() -> None:
    stage = Stage(SPEC)
    stage.shows(Actor(1, 0.6, 0.6))
    for _ in range(10):
        stage.unseen()
    assert stage.shows(Actor(2, 0.6, 0.6, confirmed=False)) == []
    assert stage.shows(Actor(2, 0.6, 0.6)) == []
    assert stage.inside("yard") == [2]


def test_a_clock_that_goes_back_makes_no_negative_stay() -> None:
    stage = Stage(SPEC, now_s=100.0)
    stage.shows(Actor(1, 0.6, 0.6))
    stage.now_s = 50.0
    assert stage.shows(Actor(1, 0.9, 0.6)) == ["1 leaves yard"]
    assert [fact.stayed_s for fact in stage.facts if isinstance(fact, ZoneLeft)] == [0.0]


def test_a_lost_object_stays_for_the_grace_and_its_stay_ends_when_it_was_last_seen() -> None:
    stage = Stage(SPEC)
    for frame in walk(1, (0.2, 0.6), (0.5, 0.6), (0.6, 0.6)):
        stage.shows(*frame)
    assert [stage.shows() for _ in range(5)] == [[]] * 5
    assert stage.inside("yard") == [1]
    assert stage.shows() == ["1 lost in yard"]
    assert stage.inside("yard") == []
    left = next(fact for fact in stage.facts if isinstance(fact, ZoneLeft))
    assert left.stayed_s == pytest.approx(0.2)


def test_a_guessed_box_moves_nobody_in_or_out() -> None:
    stage = Stage(SPEC)
    stage.shows(Actor(1, 0.6, 0.6), Actor(2, 0.2, 0.6))
    assert stage.shows(Actor(1, 0.9, 0.6, seen=False), Actor(2, 0.6, 0.6, seen=False)) == []
    assert stage.shows(Actor(1, 0.62, 0.6), Actor(2, 0.25, 0.6)) == []


def test_an_unconfirmed_track_is_told_of_only_once_it_is_confirmed() -> None:
    stage = Stage(SPEC)
    assert stage.tells(*walk(1, (0.2, 0.6), (0.5, 0.6), confirmed=False)) == []
    assert stage.inside("yard") == []
    assert stage.shows(Actor(1, 0.6, 0.6)) == ["1 enters yard"]
    stay = [fact for fact in stage.facts if isinstance(fact, Occupancy)][-1]
    assert stay.dwell_s == pytest.approx((0.2,))


def test_a_track_that_passed_through_before_it_was_confirmed_counts() -> None:
    stage = Stage(SPEC)
    stage.tells(*walk(1, (0.2, 0.6), (0.6, 0.6), confirmed=False))
    assert stage.shows(Actor(1, 0.95, 0.6)) == ["1 enters yard", "1 leaves yard"]


def test_a_track_that_is_never_confirmed_is_never_told_of() -> None:
    stage = Stage(SPEC)
    stage.tells(*walk(1, (0.2, 0.6), (0.6, 0.6), (0.9, 0.6), confirmed=False))
    assert stage.empties() == []


def test_a_track_is_believed_from_its_first_good_score_on() -> None:
    stage = Stage(SceneSpec(LABELS, zones=(SQUARE,), min_confidence=0.5))
    assert stage.shows(Actor(1, 0.6, 0.6, score=0.3)) == []
    assert stage.shows(Actor(1, 0.6, 0.6, score=0.6)) == ["1 born in yard"]
    assert stage.shows(Actor(1, 0.6, 0.6, score=0.2)) == []
    assert stage.inside("yard") == [1]


def test_a_zone_takes_only_its_classes() -> None:
    stage = Stage(SceneSpec(LABELS, zones=(ZoneSpec("yard", SQUARE.polygon, frozenset({"car"})),)))
    assert stage.shows(Actor(1, 0.6, 0.6), Actor(2, 0.5, 0.6, label="car")) == ["2 born in yard"]


def test_a_class_that_flips_at_low_score_does_not_change_the_object() -> None:
    stage = Stage(SceneSpec(LABELS, zones=(ZoneSpec("yard", SQUARE.polygon, frozenset({"person"})),)))
    stage.shows(Actor(1, 0.6, 0.6, score=0.8))
    assert stage.shows(Actor(1, 0.6, 0.6, score=0.3, label="car")) == []
    assert stage.inside("yard") == [1]


def test_an_object_with_its_feet_in_a_mask_is_as_if_not_found() -> None:
    mask = ((0.55, 0.5), (0.7, 0.5), (0.7, 0.7), (0.55, 0.7))
    stage = Stage(SceneSpec(LABELS, zones=(SQUARE,), masks=(mask,)))
    assert stage.tells(*walk(1, *[(0.6, 0.6)] * 10)) == []
    assert stage.tells(*walk(2, (0.5, 0.6))) == ["2 born in yard"]
    assert stage.tells(*walk(2, *[(0.6, 0.6)] * 10)) == ["2 lost in yard"]


def test_feet_cut_off_by_the_picture_are_in_a_zone_that_reaches_its_edge() -> None:
    whole = ZoneSpec("all", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
    strip = ZoneSpec("strip", ((0.2, 0.7), (0.8, 0.7), (0.8, 0.998), (0.2, 0.998)))
    stage = Stage(SceneSpec(LABELS, zones=(whole, strip)))
    assert stage.shows(Actor(1, 0.5, 1.02, height=0.5)) == ["1 born in all", "1 born in strip"]


def test_a_narrow_zone_can_be_entered_by_somebody_tall() -> None:
    slot = ZoneSpec("slot", ((0.5, 0.2), (0.52, 0.2), (0.52, 0.9), (0.5, 0.9)))
    stage = Stage(SceneSpec(LABELS, zones=(slot,), margin=0.2))
    assert stage.tells(*walk(1, (0.3, 0.6), (0.51, 0.6), height=0.6)) == ["1 enters slot"]


def test_places_hold_when_the_picture_changes_its_size() -> None:
    stage = Stage(SPEC)
    stage.shows(Actor(1, 0.6, 0.6))
    stage.size = Size(320, 240)
    assert stage.shows(Actor(1, 0.6, 0.6)) == []
    assert stage.shows(Actor(1, 0.9, 0.6)) == ["1 leaves yard"]


def test_nobody_is_remembered_longer_than_the_grace() -> None:
    stage = Stage(SPEC)
    for track in range(1, 400):
        stage.shows(Actor(track, 0.1 + 0.8 * (track % 7) / 7, 0.6))
    assert len(stage.scene._objects) <= 8
    stage.empties()
    assert len(stage.scene._objects) == 0


TO_THE_EDGE = SceneSpec(LABELS, zones=(ZoneSpec("yard", ((0.0, 0.3), (1.0, 0.3), (1.0, 1.0), (0.0, 1.0))),))
OUT = {"right": (1.01, 0.6), "left": (-0.01, 0.6), "below": (0.5, 1.12)}
STILL_IN = {"right": (0.99, 0.6), "left": (0.01, 0.6), "below": (0.5, 1.08)}


@pytest.mark.parametrize("guess", OUT.values(), ids=OUT)
def test_who_walked_out_of_the_picture_has_left_at_once(guess: tuple[float, float]) -> None:
    stage = Stage(TO_THE_EDGE)
    stage.shows(Actor(1, 0.6, 0.6))
    assert stage.shows(Actor(1, *guess, seen=False)) == ["1 lost in yard"]
    assert stage.shows(Actor(1, *guess, seen=False)) == []
    assert stage.inside("yard") == []


@pytest.mark.parametrize("guess", STILL_IN.values(), ids=STILL_IN)
def test_who_is_lost_near_the_edge_is_waited_for(guess: tuple[float, float]) -> None:
    stage = Stage(TO_THE_EDGE)
    stage.shows(Actor(1, 0.6, 0.6))
    assert [word for _ in range(9) for word in stage.shows(Actor(1, *guess, seen=False))] == []
    assert stage.inside("yard") == [1]


def test_who_is_seen_half_out_of_the_picture_stays() -> None:
    stage = Stage(TO_THE_EDGE)
    assert stage.tells(*walk(1, (0.6, 0.6), (1.01, 0.6), (1.02, 0.6))) == ["1 born in yard"]
    assert stage.inside("yard") == [1]


def test_who_turns_round_beyond_the_edge_comes_in_again() -> None:
    stage = Stage(TO_THE_EDGE)
    stage.tells((Actor(1, 0.9, 0.6),), (Actor(1, 1.01, 0.6, seen=False),))
    assert stage.shows(Actor(1, 0.97, 0.6)) == ["1 born in yard"]
