"""Dark and frozen pictures."""

import numpy as np
import numpy.typing as npt
import pytest

from edge.scene.picture import PictureSpec, PictureWatch, thumbnail_of
from edge.values.camera_state import Reason
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
