"""Lines: who passes over, which way, and exactly once."""

import pytest

from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.values.fact import LineCrossed
from tests.fakes.stage import LABELS, Actor, Stage, along, walk

UP = LineSpec("gate", ((0.5, 0.9), (0.5, 0.3)))  # drawn upwards: its right is the picture's right
SPEC = SceneSpec(LABELS, lines=(UP,))
FORTH, BACK = "1 crosses gate forward", "1 crosses gate backward"


STANDS = along(*(0.504, 0.496) * 20)
WALKS = {
    "walks over": (along(0.3, 0.45, 0.55, 0.7), [FORTH]),
    "walks back": (along(0.7, 0.3), [BACK]),
    "jumps far over": (along(0.05, 0.95), [FORTH]),
    "a frame exactly on the line": (along(0.3, 0.5, 0.7), [FORTH]),
    "passes beyond the line's end": ([(0.3, 0.2), (0.7, 0.2)], []),
    "round the end and back over": ([(0.3, 0.1), (0.7, 0.1), (0.7, 0.6), (0.3, 0.6)], [BACK]),
    "touches and returns": (along(0.3, 0.505, 0.495, 0.504, 0.3), []),
    "stands on the line": ([*along(0.3), *STANDS], []),
    "stands, then goes on": ([*along(0.3), *STANDS, *along(0.6)], [FORTH]),
    "feet flicker over the line": (along(0.3, 0.6, 0.45, 0.6), [FORTH]),
    "turns round": (along(0.3, 0.6, *[0.4] * 6), [FORTH, BACK]),
    "stops before": (along(0.3, 0.49), []),
    "one box reaches over, the next does not": (along(0.3, 0.48, 0.512, 0.48, 0.48), []),
    "is found just over twice": (along(0.3, 0.48, 0.512, 0.512), [FORTH]),
    "along the line, out by its end and back to where it came from": (
        [(0.3, 0.5), (0.499, 0.5), (0.502, 0.4), (0.501, 0.28), (0.498, 0.25), (0.48, 0.2), (0.46, 0.19)],
        [],
    ),
    "along the line, out by its end and on over": (
        [(0.3, 0.5), (0.499, 0.5), (0.502, 0.4), (0.503, 0.28), (0.506, 0.25), (0.52, 0.2), (0.54, 0.2)],
        [FORTH],
    ),
    "along the line and far past its end without leaving it": (
        [(0.3, 0.5), (0.499, 0.5), (0.502, 0.4), (0.502, 0.28), (0.502, 0.15), (0.502, 0.06), (0.502, 0.05)],
        [FORTH],
    ),
}


@pytest.mark.parametrize(("places", "words"), WALKS.values(), ids=WALKS.keys())
def test_a_walk_is_told_as_crossings(places: list[tuple[float, float]], words: list[str]) -> None:
    assert Stage(SPEC).tells(*walk(1, *places)) == words


def test_a_crossing_is_told_with_the_time_at_which_it_happened() -> None:
    stage = Stage(SPEC)
    assert stage.tells(*walk(1, *along(0.3, 0.498, *[0.502] * 10, 0.55))) == [FORTH]
    crossed = next(fact for fact in stage.facts if isinstance(fact, LineCrossed))
    assert crossed.moment.mono_ns == pytest.approx(0.4e9, abs=1e3)
    assert crossed.moment.utc_ns - crossed.moment.mono_ns == 1_750_000_000 * 10**9


def test_who_stands_still_just_over_the_line_has_crossed_it() -> None:
    stage = Stage(SPEC)
    assert stage.tells(*walk(1, *along(0.3, 0.48, 0.512))) == []
    assert stage.holds() == [FORTH]


def test_a_bent_line_is_one_line() -> None:
    bent = LineSpec("gate", ((0.2, 0.9), (0.5, 0.4), (0.8, 0.9)))
    stage = Stage(SceneSpec(LABELS, lines=(bent,), crossing_rest_s=0.0))
    assert stage.tells(*walk(1, (0.5, 0.2), (0.5, 0.7))) == [FORTH]
    assert stage.tells(*walk(2, (0.1, 0.6), (0.9, 0.6))) == []  # over both arms: out again where it came in


def test_a_line_takes_only_its_classes() -> None:
    stage = Stage(SceneSpec(LABELS, lines=(LineSpec("gate", UP.points, frozenset({"car"})),)))
    stage.shows(Actor(1, 0.3, 0.6), Actor(2, 0.3, 0.7, label="car"))
    assert stage.shows(Actor(1, 0.7, 0.6), Actor(2, 0.7, 0.7, label="car")) == ["2 crosses gate forward"]


def test_a_crossing_before_confirmation_counts_when_the_track_is_confirmed() -> None:
    stage = Stage(SPEC)
    assert stage.tells(*walk(1, (0.3, 0.6), (0.7, 0.6), confirmed=False)) == []
    assert stage.shows(Actor(1, 0.9, 0.6)) == [FORTH]


def test_a_fast_crosser_seen_twice_counts() -> None:
    stage = Stage(SPEC)
    stage.shows(Actor(1, 0.1, 0.6, confirmed=False))
    assert stage.shows(Actor(1, 0.9, 0.6)) == [FORTH]


def test_a_guessed_box_crosses_nothing_and_the_way_to_where_it_is_found_again_does() -> None:
    stage = Stage(SPEC)
    stage.tells(*walk(1, (0.3, 0.6), (0.4, 0.6)))
    assert stage.tells(*walk(1, (0.5, 0.6), (0.6, 0.6), (0.8, 0.6), seen=False)) == []
    assert stage.shows(Actor(1, 0.7, 0.6)) == [FORTH]


def test_an_object_last_seen_beyond_the_line_has_crossed_it_when_it_is_lost_in_the_band() -> None:
    stage = Stage(SPEC)
    assert stage.tells(*walk(1, (0.4, 0.6), (0.503, 0.6))) == []
    assert stage.empties() == [FORTH]


def test_an_id_switch_at_the_line_counts_once() -> None:
    stage = Stage(SPEC)
    assert stage.tells(*walk(1, (0.38, 0.6), (0.42, 0.6), (0.46, 0.6))) == []
    assert stage.tells(*walk(2, (0.51, 0.6), (0.55, 0.6), (0.6, 0.6))) == ["2 crosses gate forward"]
    assert stage.empties() == []


def test_an_id_switch_while_the_old_track_is_still_being_guessed_counts_once() -> None:
    stage = Stage(SPEC)
    stage.tells(*walk(1, (0.38, 0.6), (0.42, 0.6), (0.46, 0.6)))
    words = []
    for k, x in enumerate((0.51, 0.55, 0.59, 0.63)):
        old = Actor(1, 0.5 + 0.04 * k, 0.6, seen=False)
        words += stage.shows(old, Actor(2, x, 0.6, confirmed=k > 0))
    assert words == ["2 crosses gate forward"]
    assert stage.empties() == []


def test_an_id_switch_just_after_the_line_counts_once_though_the_new_box_begins_before_it() -> None:
    stage = Stage(SPEC)
    assert stage.tells(*walk(1, (0.44, 0.6), (0.48, 0.6), (0.52, 0.6))) == [FORTH]
    assert stage.tells(*walk(2, (0.49, 0.6), (0.53, 0.6), (0.57, 0.6), (0.61, 0.6))) == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Actor(2, 0.9, 0.6), id="too far"),
        pytest.param(Actor(2, 0.51, 0.6, label="car"), id="another class"),
        pytest.param(Actor(2, 0.51, 0.6, height=0.08), id="another height"),
    ],
)
def test_a_new_object_that_cannot_be_the_old_one_has_not_crossed(other: Actor) -> None:
    stage = Stage(SPEC)
    stage.tells(*walk(1, (0.4, 0.6), (0.43, 0.6), (0.46, 0.6)))
    assert stage.shows(other) == []
    assert stage.shows(other) == []


def test_who_walks_the_other_way_is_somebody_else() -> None:
    stage = Stage(SPEC)
    stage.tells(*walk(1, *along(0.34, 0.38, 0.42, 0.46)))
    assert stage.tells(*walk(2, (0.54, 0.61), confirmed=False), *walk(2, (0.51, 0.61), (0.54, 0.61))) == []


def test_who_walked_out_of_the_picture_is_not_who_walks_in() -> None:
    edge = ZoneSpec("edge", ((0.8, 0.2), (1.0, 0.2), (1.0, 0.9), (0.8, 0.9)))
    stage = Stage(SceneSpec(LABELS, zones=(edge,)))
    assert stage.tells(*walk(1, *along(0.7, 0.78, 0.86, 0.94, 0.98))) == ["1 enters edge"]
    stage.empties(0.6)
    assert stage.tells(*walk(2, *along(0.99, 0.99, 0.99))) == ["2 born in edge", "1 lost in edge"]


def test_two_who_walk_side_by_side_are_not_taken_for_one() -> None:
    stage = Stage(SPEC)
    words = []
    for x in (0.3, 0.4, 0.48, 0.56, 0.64):
        words += stage.shows(Actor(1, x, 0.6), Actor(2, x + 0.01, 0.62))
    assert words == [FORTH, "2 crosses gate forward"] or sorted(words) == sorted(
        [FORTH, "2 crosses gate forward"]
    )


def test_a_stay_goes_on_under_a_new_id() -> None:
    yard = ZoneSpec("yard", ((0.4, 0.4), (0.8, 0.4), (0.8, 0.9), (0.4, 0.9)))
    stage = Stage(SceneSpec(LABELS, zones=(yard,)))
    assert stage.tells(*walk(1, (0.3, 0.6), *[(0.6, 0.6)] * 10)) == ["1 enters yard"]
    assert stage.tells(*walk(2, *[(0.61, 0.6)] * 5)) == []
    assert stage.inside("yard") == [2]
    stays = [fact.dwell_s for fact in stage.facts if hasattr(fact, "dwell_s")]
    assert stays[-1] == pytest.approx((14 * 0.2,))
    assert stage.shows(Actor(2, 0.9, 0.6)) == ["2 leaves yard"]
    assert stage.empties() == []
