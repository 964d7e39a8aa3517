"""Dark and frozen pictures."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from edge.values.camera_state import Reason
from edge.view.picture import PictureSpec, PictureWatch, thumbnail_of
from tests.fakes.frames import frame_of

Picture = npt.NDArray[np.uint8]
SPEC = PictureSpec(dark_after_s=2.0, frozen_after_s=10.0)
NOISE = np.random.default_rng(1)


def street(brightness: float = 1.0, noise: float = 2.0) -> Picture:
    texture = np.random.default_rng(2).integers(40, 200, (90, 160, 3)) * brightness
    picture: Picture = np.clip(texture + NOISE.normal(0, noise, texture.shape), 0, 255).astype(np.uint8)
    return picture


def judged(pictures: list[Picture], spec: PictureSpec = SPEC) -> list[Reason]:
    watch = PictureWatch(spec)
    return [watch.judge(frame_of(picture, seq)) for seq, picture in enumerate(pictures)]


def test_a_living_picture_is_good() -> None:
    assert set(judged([street() for _ in range(100)])) == {Reason.NONE}


def test_a_dark_picture_is_told_after_its_time_and_forgiven_at_once() -> None:
    reasons = judged([street()] * 2 + [street(0.0) for _ in range(12)] + [street()])
    assert reasons == [Reason.NONE] * 12 + [Reason.DARK_PICTURE] * 2 + [Reason.NONE]


def test_a_short_darkness_is_no_fault() -> None:
    assert set(judged(([street(0.0)] * 9 + [street()]) * 3)) == {Reason.NONE}


def test_a_night_with_one_lamp_is_not_dark() -> None:
    night = np.zeros((90, 160, 3), np.uint8)
    night[10:30, 20:40] = 180
    pictures = [np.maximum(night, street(0.02)) for _ in range(40)]
    assert set(judged(pictures)) == {Reason.NONE}


def test_a_frozen_picture_is_told_after_its_time_and_forgiven_at_once() -> None:
    still = street()
    reasons = judged([street(), *[still] * 55, street()])
    assert reasons == [Reason.NONE] * 51 + [Reason.SAME_PICTURE] * 5 + [Reason.NONE]


def test_what_compression_alone_changes_is_still_frozen() -> None:
    still = street().astype(int)
    pictures = [
        np.clip(still + NOISE.integers(-1, 2, still.shape), 0, 255).astype(np.uint8) for _ in range(60)
    ]
    assert judged(pictures)[-1] is Reason.SAME_PICTURE


def test_key_frames_of_a_still_scene_keep_it_alive() -> None:
    pictures = [picture for picture in (street(noise=3.0) for _ in range(6)) for _ in range(20)]
    assert set(judged(pictures)) == {Reason.NONE}


def clock(picture: Picture, second: int, rows: tuple[int, int] = (2, 8)) -> Picture:
    """With a clock in its corner, whose minutes and seconds change."""
    stamped = picture.copy()
    digits = np.random.default_rng(second).integers(0, 2, (rows[1] - rows[0], 24, 1)) * 255
    stamped[rows[0] : rows[1], 4:28] = digits
    return stamped


def test_a_frozen_picture_is_one_though_a_clock_runs_in_its_corner() -> None:
    still = street()
    for rows in ((2, 8), (82, 88)):
        reasons = judged([street()] + [clock(still, second, rows) for second in range(60)])
        assert reasons[-1] is Reason.SAME_PICTURE


def test_what_changes_anywhere_else_is_life() -> None:
    still = street()
    assert set(judged([clock(still, second, (40, 46)) for second in range(80)])) == {Reason.NONE}


def test_a_street_with_a_clock_lives() -> None:
    assert set(judged([clock(street(), second) for second in range(80)])) == {Reason.NONE}


THERMAL = PictureSpec(dark_after_s=2.0, frozen_after_s=10.0, thermal=True)


def test_the_cold_night_of_a_thermal_camera_is_not_dark() -> None:
    cold = street(0.05, 0.0)
    assert set(
        judged(
            [np.clip(cold + NOISE.integers(0, 2, cold.shape), 0, 20).astype(np.uint8) for _ in range(80)],
            THERMAL,
        )
    ) == {Reason.NONE}


def test_one_pixel_that_gets_warmer_is_life_to_a_thermal_camera() -> None:
    pictures = [street(0.3, 0.0)] * 10
    for _ in range(30):
        pictures += [pictures[-1].copy()] * 9
        pictures[-1][40, 70] += 1
        pictures += [pictures[-1]] * 30
    assert set(judged(pictures, THERMAL)) == {Reason.NONE}
    assert set(judged(pictures[:10] * 8, THERMAL)) == {Reason.NONE, Reason.SAME_PICTURE}


def test_the_same_round_of_pictures_again_and_again_is_a_frozen_thermal_camera() -> None:
    """What an encoder makes of one picture: a key frame, and what refines it."""
    key_frame = [street(noise=2.0) for _ in range(20)]
    reasons = judged(key_frame * 5, THERMAL)
    assert reasons[:60] == [Reason.NONE] * 60
    assert reasons[-1] is Reason.SAME_PICTURE


def test_a_long_thermal_clip_that_is_played_again_and_again_lives() -> None:
    clip = [street(noise=2.0) for _ in range(200)]
    assert set(judged(clip * 3, THERMAL)) == {Reason.NONE}


def test_a_short_thermal_file_that_is_looped_lives_as_long_as_its_pictures_differ() -> None:
    clip, looped = [street(noise=2.0) for _ in range(20)], replace(THERMAL, looped=True)
    assert set(judged(clip * 5, looped)) == {Reason.NONE}
    assert judged([clip[0]] * 80, looped)[-1] is Reason.SAME_PICTURE
    assert judged(clip * 5, THERMAL)[-1] is Reason.SAME_PICTURE


def test_a_correction_of_a_thermal_camera_is_no_freeze() -> None:
    pictures = [street() for _ in range(100)]
    for at in (20, 60):
        pictures[at : at + 10] = [pictures[at]] * 10
    assert set(judged(pictures, THERMAL)) == {Reason.NONE}


def test_a_thermal_camera_is_judged_by_what_it_counted() -> None:
    watch, still = PictureWatch(THERMAL), street()
    for seq in range(80):
        counts = np.full((36, 64), 7000 + seq, np.uint16)
        assert watch.judge(replace(frame_of(still, seq), counts=counts)) is Reason.NONE


def test_a_frozen_black_picture_is_dark_first_of_all() -> None:
    assert judged([np.zeros((90, 160, 3), np.uint8)] * 80)[-1] is Reason.DARK_PICTURE


def test_a_new_size_is_a_new_picture() -> None:
    small, large = street()[:80, :100], street()
    assert set(judged([large] * 40 + [small] * 40)) == {Reason.NONE}


@pytest.mark.parametrize("shape", [(234, 416, 3), (416, 416, 3), (1, 1, 3), (64, 64, 3), (65, 30, 3)])
def test_a_thumbnail_is_small(shape: tuple[int, int, int]) -> None:
    thumbnail = thumbnail_of(np.zeros(shape, np.uint8))
    assert 1 <= min(thumbnail.shape) <= max(thumbnail.shape) <= 64


@pytest.mark.parametrize("wrong", [{"dark_after_s": 0}, {"frozen_after_s": -1}, {"same_share": 1.0}])
def test_an_impossible_watch_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a picture watch wants"):
        PictureSpec(**wrong)  # type: ignore[arg-type]
