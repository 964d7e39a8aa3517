"""Pictures of which a part was lost, and thermal ones in which hardly a shade is left to the place."""

import numpy as np
import numpy.typing as npt
import pytest

from edge.samples.mishaps import HARMLESS, Picture, noisy, smeared, torn
from edge.view.signal import is_squeezed, is_torn

NOISE = np.random.default_rng(4)


def wall(height: int = 234) -> Picture:
    """A plain wall that gets brighter downwards, without any noise."""
    shade = np.linspace(60, 140, height)[:, None, None]
    return np.broadcast_to(shade, (height, 416, 3)).astype(np.uint8)


@pytest.mark.parametrize("lost", [torn((128, 128, 128)), torn((0, 135, 0)), smeared])
@pytest.mark.parametrize("rows", [234, 416])
def test_a_picture_whose_lower_part_was_lost_is_torn(lost: object, rows: int) -> None:
    street = noisy(wall(rows), NOISE, 6.0)
    assert not is_torn(street)
    half = lost(street, NOISE)  # type: ignore[operator]
    assert is_torn(half)
    half[-rows // 12 :, 20:200] = 255
    assert is_torn(half), "and something is drawn below"


@pytest.mark.parametrize("change", HARMLESS.values())
def test_weather_and_light_tear_nothing(change: object) -> None:
    assert not is_torn(change(wall(), NOISE))  # type: ignore[operator]


def test_a_plain_wall_the_black_night_and_a_little_loss_are_not_torn() -> None:
    assert not is_torn(wall())
    assert not is_torn(np.zeros((234, 416, 3), np.uint8))
    assert not is_torn(np.full((234, 416, 3), 255, np.uint8))
    little = noisy(wall(), NOISE, 6.0)
    little[200:] = 128
    assert not is_torn(little)


def small(contrast: float, hot: float) -> npt.NDArray[np.float32]:
    picture = (20 + contrast * NOISE.random((58, 104))).astype(np.float32)
    picture[20:30, 40:50] = hot
    return picture


def test_a_fire_may_take_all_shades_and_a_person_does_not() -> None:
    assert is_squeezed(small(5.0, 235.0))
    assert not is_squeezed(small(60.0, 235.0)), "the place has shades of its own"
    assert not is_squeezed(small(5.0, 30.0)), "a fixed gain leaves few to everything"
