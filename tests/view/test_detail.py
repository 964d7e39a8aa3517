"""Fine detail: a lens out of focus takes it away; noise, light, a shaking camera and a lorry do not."""

import copy
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.samples.mishaps import Picture, noisy
from edge.view.detail import ENOUGH_LOOKS, Detail, bands_of
from edge.view.watch import ViewSpec
from tests.fakes.degraded import pictures_of, played

pytestmark = pytest.mark.xdist_group("views")  # each clip is read once

CLIPS = Path(__file__).parents[2] / "sample_videos"
NAMES = ("gate", "street", "night")
BEGINS, ENDS = ViewSpec().blurred


@cache
def learnt(name: str) -> tuple[Detail, list[Picture]]:
    """The detail of the place of a sample clip, and the pictures it is of."""
    detail, seen = Detail(), played(pictures_of(CLIPS / f"{name}.mp4"), ENOUGH_LOOKS + 5)
    for picture in seen:
        detail.learn(bands_of(picture))
    return detail, seen


def kept(name: str, picture: Picture) -> float:
    share = learnt(name)[0].kept(bands_of(picture), ENDS)
    assert share is not None
    return share


def out_of_focus(picture: Picture, sigma: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def turned(picture: Picture, degrees: float, right: float = 0.0, down: float = 0.0) -> Picture:
    height, width = picture.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    move[:, 2] += right, down
    return np.asarray(cv2.warpAffine(picture, move, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    gain=st.floats(0.25, 1.0),
    offset=st.floats(0.0, 60.0),
    grain=st.floats(0.0, 4.0),
    seed=st.integers(0, 99),
)
def test_light_fog_and_grain_take_no_detail_away_and_cannot_hide_that_it_is_gone(
    name: str, gain: float, offset: float, grain: float, seed: int
) -> None:
    picture, dice = learnt(name)[1][seed % 30], np.random.default_rng(seed)
    assert kept(name, noisy(picture * gain + offset, dice, grain)) > 0.8
    assert kept(name, noisy(out_of_focus(picture, 3.0) * gain + offset, dice, grain)) < BEGINS


@pytest.mark.parametrize("name", NAMES)
def test_the_less_focus_the_less_is_kept(name: str) -> None:
    picture = learnt(name)[1][0]
    shares = [kept(name, picture), *(kept(name, out_of_focus(picture, s)) for s in (1.0, 1.5, 2.0, 3.0))]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9
    assert shares[3] < BEGINS


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("degrees", "right", "down"), [(0, 6, 0), (0, -3, 5), (1, 0, 0), (-1.5, 2, -2)])
def test_a_camera_that_shakes_or_was_bumped_is_not_out_of_focus(
    name: str, degrees: float, right: float, down: float
) -> None:
    picture = turned(learnt(name)[1][3], degrees, right, down)
    assert kept(name, picture) > BEGINS + 0.05
    assert kept(name, out_of_focus(picture, 3.0)) < BEGINS, "and not in focus because it shakes"


@pytest.mark.parametrize("name", NAMES)
def test_a_part_of_the_place_that_is_hidden_says_nothing_of_the_lens(name: str) -> None:
    picture = learnt(name)[1][5]
    hidden = picture.copy()
    hidden[:, : picture.shape[1] // 2] = 90
    assert kept(name, hidden) > 0.8
    wet = picture.copy()
    wet[:, : picture.shape[1] // 3] = out_of_focus(picture, 3.0)[:, : picture.shape[1] // 3]
    assert kept(name, wet) > 0.8


def test_nothing_is_said_before_the_place_is_known_nor_of_another_size() -> None:
    seen = learnt("street")[1]
    detail = Detail()
    for picture in seen[: ENOUGH_LOOKS - 1]:
        detail.learn(bands_of(picture))
    assert detail.kept(bands_of(seen[0]), ENDS) is None
    detail.learn(bands_of(seen[ENOUGH_LOOKS]))
    assert detail.kept(bands_of(seen[0]), ENDS) is not None
    smaller = np.ascontiguousarray(seen[0][:180, :320])
    assert detail.kept(bands_of(smaller), ENDS) is None
    detail.learn(bands_of(smaller))
    assert detail.kept(bands_of(seen[0]), ENDS) is None, "a new size begins anew"


def test_nothing_is_said_where_nothing_is_to_be_seen() -> None:
    dice = np.random.default_rng(1)
    dark, grey = np.zeros((234, 416, 3)), np.full((234, 416, 3), 90.0)
    assert learnt("street")[0].kept(bands_of(noisy(dark, dice, 2.0)), ENDS) is None, "without light"
    bare = Detail()
    for _ in range(ENOUGH_LOOKS):
        bare.learn(bands_of(noisy(grey, dice, 6.0)))
    assert bare.kept(bands_of(noisy(grey, dice, 6.0)), ENDS) is None, "noise is no detail"


@pytest.mark.parametrize("name", NAMES)
def test_a_place_that_was_always_soft_has_no_focus_to_lose(name: str) -> None:
    dice, soft, detail = np.random.default_rng(3), out_of_focus(learnt(name)[1][0], 8.0), Detail()
    for _ in range(ENOUGH_LOOKS):
        detail.learn(bands_of(noisy(soft, dice, 3.0)))
    share = detail.kept(bands_of(noisy(soft, dice, 3.0)), ENDS)
    assert share is None or share > 0.8


def test_a_place_is_learnt_anew_as_it_changes() -> None:
    detail, seen = copy.deepcopy(learnt("gate")[0]), learnt("street")[1]
    for picture in seen * 20:
        detail.learn(bands_of(picture))
    share = detail.kept(bands_of(seen[0]), ENDS)
    assert share is not None
    assert share > 0.9


@pytest.mark.parametrize("shape", [(8, 8, 3), (20, 20, 3), (720, 40, 3), (64, 416, 3), (8, 416, 3)])
def test_pictures_of_any_shape_are_survived(shape: tuple[int, int, int]) -> None:
    dice = np.random.default_rng(2)
    detail = Detail()
    for _ in range(ENOUGH_LOOKS + 1):
        picture = dice.integers(0, 255, shape, dtype=np.uint8)
        detail.learn(bands_of(picture))
        detail.kept(bands_of(picture), ENDS)
