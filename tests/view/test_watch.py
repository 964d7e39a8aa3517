"""The view: each trouble is told in its time and withdrawn after it; weather, light and people are none."""

import copy
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from edge.samples import mishaps
from edge.samples.mishaps import HARMLESS, TROUBLES, Picture, noisy
from edge.values.camera_state import Reason
from edge.view.landmarks import Landmarks
from edge.view.watch import AFTER_S, ViewSpec, ViewWatch
from tests.fakes.degraded import at_second, pictures_of, played

pytestmark = pytest.mark.xdist_group("views")  # each place is learnt once

CLIPS = Path(__file__).parents[2] / "sample_videos"
NAMES = ("gate", "street", "night")
LEARNING_S = 40
SLACK_S = 3
"""Looks are a second apart, and a trouble that changes its face on the way starts no new one."""


def told(watch: ViewWatch, pictures: Iterable[Picture], first: int = 0) -> list[Reason]:
    """What the watch tells after each picture, one a second."""
    reasons = []
    for second, picture in enumerate(pictures, first):
        watch.look(at_second(picture, second))
        reasons.append(watch.reason)
    return reasons


def watching(name: str) -> tuple[ViewWatch, list[Picture]]:
    """A watch that knows the place of a sample clip, and what it saw."""
    watch, seen = _watching(name)
    return copy.deepcopy(watch), seen


@cache
def _watching(name: str) -> tuple[ViewWatch, list[Picture]]:
    watch, seen = ViewWatch(), played(pictures_of(CLIPS / f"{name}.mp4"), LEARNING_S)
    assert set(told(watch, seen)) == {Reason.NONE}, "a clip of people and cars is no trouble"
    assert watch._landmarks.known
    return watch, seen


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_told_in_its_time_and_withdrawn_after_it(name: str, trouble: str) -> None:
    change, reason = TROUBLES[trouble]
    watch, seen = watching(name)
    dice = np.random.default_rng(3)
    lasting = round(AFTER_S[reason]) + SLACK_S
    reasons = told(watch, (change(picture, dice) for picture in seen[:lasting]), LEARNING_S)
    assert reasons[-1] is reason, f"not told {lasting} s after it began: {reasons}"
    assert set(reasons) <= {Reason.NONE, reason}, "and nothing else is told on the way"
    assert reasons[: round(AFTER_S[reason])].count(Reason.NONE) == round(AFTER_S[reason]), "not at once"
    after = told(watch, seen[lasting : lasting + 9], LEARNING_S + lasting)
    assert after[-1] is Reason.NONE, f"still told 9 s after it was over: {after}"


@pytest.mark.parametrize("name", NAMES)
def test_another_place_is_a_changed_one(name: str) -> None:
    watch, _ = watching(name)
    other = played(pictures_of(CLIPS / ("gate.mp4" if name == "street" else "street.mp4")), 23)
    assert told(watch, other, LEARNING_S)[-1] is Reason.CHANGED_PICTURE


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("weather", HARMLESS)
def test_weather_and_light_are_no_trouble(name: str, weather: str) -> None:
    watch, seen = watching(name)
    dice = np.random.default_rng(4)
    changed = [HARMLESS[weather](picture, dice) for picture in seen]
    assert set(told(watch, [*changed, *seen], LEARNING_S)) == {Reason.NONE}


def test_a_short_trouble_is_none() -> None:
    watch, seen = watching("street")
    dice = np.random.default_rng(5)
    for second in range(0, 60, 15):
        hand = (mishaps.covered(picture, dice) for picture in seen[:6])
        assert set(told(watch, hand, LEARNING_S + second)) == {Reason.NONE}
        assert set(told(watch, seen[6:15], LEARNING_S + second + 6)) == {Reason.NONE}


def test_an_hour_of_clean_night_noise_is_no_trouble() -> None:
    still = mishaps.night(pictures_of(CLIPS / "night.mp4")[0], np.random.default_rng(6))
    dice = np.random.default_rng(7)
    noise = [dice.normal(0, 4.0, still.shape).astype(np.float32) for _ in range(12)]
    watch = ViewWatch()
    for second in range(3600):
        grain = np.roll(noise[second % 12], int(dice.integers(0, 200)), axis=(second // 12) % 2)
        watch.look(at_second(np.clip(still + grain, 0, 255).astype(np.uint8), second))
        assert watch.reason is Reason.NONE, f"told {watch.reason} after {second} s of nothing but noise"


def test_dusk_falls_over_ten_minutes_without_trouble() -> None:
    watch, seen = watching("street")
    grain = np.random.default_rng(8).normal(0, 1.0, seen[0].shape)
    dusk = (
        np.clip(seen[s % 40] * (1 - 0.85 * s / 600) + np.roll(grain, s, axis=s % 2) * (1.5 + s / 240), 0, 255)
        for s in range(0, 600, 3)
    )
    assert set(told(watch, (picture.astype(np.uint8) for picture in dusk), LEARNING_S)) == {Reason.NONE}


def test_a_place_where_nothing_stands_is_not_judged() -> None:
    dice = np.random.default_rng(9)
    empty = [noisy(np.full((234, 416, 3), 90.0, np.float32), dice, 3.0) for _ in range(60)]
    watch = ViewWatch()
    told(watch, empty)
    assert not watch._landmarks.known
    assert set(told(watch, [mishaps.shifted(0.3, 0)(empty[0], dice)] * 30, 60)) == {Reason.NONE}


def test_a_changed_place_becomes_the_place_when_it_stays_and_a_moved_camera_never() -> None:
    gate, street = (played(pictures_of(CLIPS / f"{name}.mp4"), 40) for name in ("gate", "street"))
    dice = np.random.default_rng(10)
    turned = [mishaps.shifted(0.1, 0.0)(picture, dice) for picture in street]
    for other, at_the_end in ((gate, Reason.NONE), (turned, Reason.MOVED_PICTURE)):
        watch = ViewWatch(ViewSpec(accept_s=60.0))
        told(watch, street)
        reasons = told(watch, (other * 4)[:120], 40)
        assert set(reasons[30:70]) == {reasons[30]} != {Reason.NONE}
        assert reasons[-1] is at_the_end


@pytest.mark.parametrize("anchored", [True, False])
def test_what_was_measured_counts_again_only_where_the_picture_shows_it_as_it_was(anchored: bool) -> None:
    street = played(pictures_of(CLIPS / "street.mp4"), 130)
    watch = ViewWatch(ViewSpec(accept_s=60.0))
    told(watch, street)
    if anchored:
        memory = watch.memory
        assert memory is not None
        watch.remember(memory)
    dice = np.random.default_rng(15)
    askew = [mishaps.rolled(picture, dice) for picture in street]
    assert told(watch, (askew * 2)[:260], 130)[-1] is Reason.NONE, "it is no trouble any more"
    assert not watch.placed, "and still not what was measured"
    assert watch.memory is None, "nor worth keeping as that"
    told(watch, street[:12], 390)
    assert watch.reason is Reason.NONE
    assert watch.placed


def test_a_camera_turned_while_the_box_was_off_is_found_and_one_turned_back_is_trusted() -> None:
    street = played(pictures_of(CLIPS / "street.mp4"), 160)
    before = ViewWatch()
    told(before, street)
    memory = before.memory
    assert memory is not None
    dice = np.random.default_rng(12)
    watch = ViewWatch(anchor=memory)
    told(watch, (mishaps.shifted(0.02, 0.01)(picture, dice) for picture in street[:14]))
    assert watch.reason is Reason.MOVED_PICTURE
    assert not watch.placed
    told(watch, street[:9], 14)
    assert watch.reason is Reason.NONE
    assert watch.placed


def test_a_turn_is_suspected_at_once_and_told_later() -> None:
    watch, seen = watching("street")
    turned = mishaps.shifted(0.1, 0.0)(seen[0], np.random.default_rng(13))
    assert told(watch, [turned, turned], LEARNING_S) == [Reason.NONE, Reason.NONE]
    assert not watch.placed, "nothing is measured from the first doubtful look on"
    told(watch, seen[:2], LEARNING_S + 2)
    assert watch.placed


def test_a_camera_that_sags_so_slowly_that_its_landmarks_follow_is_found() -> None:
    street = played(pictures_of(CLIPS / "street.mp4"), 130)
    watch = ViewWatch()
    told(watch, street)
    memory = watch.memory
    assert memory is not None
    watch.remember(memory)
    watch._landmarks = Landmarks()  # as if they had followed for weeks
    dice = np.random.default_rng(14)
    sagged = [mishaps.shifted(0.0, 0.03)(picture, dice) for picture in street]
    reasons = told(watch, sagged, 130)
    assert reasons[:20] == [Reason.NONE] * 20
    assert reasons[-1] is Reason.MOVED_PICTURE


def test_a_place_is_worth_keeping_when_it_is_known_well() -> None:
    watch, _ = watching("gate")
    assert watch.memory is None, "not after half a minute"


def reshaped(picture: Picture, rows: int, columns: int) -> Picture:
    """The same view in other pixels."""
    height, width = picture.shape[:2]
    down, across = np.arange(rows) * height // rows, np.arange(columns) * width // columns
    return np.ascontiguousarray(picture[down][:, across])


@pytest.mark.parametrize("name", ["street", "night"])
def test_the_same_view_in_another_shape_is_the_same_place(name: str) -> None:
    watch, seen = watching(name)
    squeezed = [reshaped(picture, 300, 400) for picture in seen]
    assert set(told(watch, [*squeezed, *seen], LEARNING_S)) == {Reason.NONE}
    assert watch.placed


@pytest.mark.parametrize("name", ["street", "night"])
def test_another_part_of_the_view_in_another_shape_is_suspected_at_once_and_told(name: str) -> None:
    watch, seen = watching(name)
    cut = [
        np.ascontiguousarray(picture[:, picture.shape[1] // 8 : -picture.shape[1] // 8]) for picture in seen
    ]
    assert told(watch, cut[:1], LEARNING_S) == [Reason.NONE]
    assert not watch.placed, "nothing is measured from the first look on"
    assert told(watch, cut[1:24], LEARNING_S + 1)[-1] in (Reason.CHANGED_PICTURE, Reason.MOVED_PICTURE)
    assert told(watch, seen[:9], LEARNING_S + 24)[-1] is Reason.NONE
    assert watch.placed


def test_time_that_goes_backwards_is_one_look_and_no_trouble() -> None:
    watch, seen = watching("street")
    assert set(told(watch, seen, 0)) == {Reason.NONE}


@pytest.mark.parametrize("shape", [(1, 1, 3), (20, 20, 3), (720, 40, 3), (64, 416, 3)])
def test_pictures_of_any_shape_are_survived(shape: tuple[int, int, int]) -> None:
    dice = np.random.default_rng(11)
    pictures = [dice.integers(0, 255, shape, dtype=np.uint8) for _ in range(40)]
    assert set(told(ViewWatch(), pictures)) <= {Reason.NONE, Reason.CHANGED_PICTURE}


def test_only_what_hides_the_place_makes_blind() -> None:
    watch = ViewWatch()
    assert not watch.blind
    for reason in TROUBLES.values():
        watch.reason = reason[1]
        assert watch.blind is (
            reason[1] in {Reason.COVERED_PICTURE, Reason.BRIGHT_PICTURE, Reason.NO_SIGNAL_PICTURE}
        )
