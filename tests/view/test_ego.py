"""Ego-motion: what is found is right, and what cannot be found is not made up."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edge.ground.flight import Overhead
from edge.samples.overflight import EXACT, Overflight
from edge.values.frame import Pixels
from edge.view.ego import EgoMotion, Shift

F64 = npt.NDArray[np.float64]
SPOTS = np.array([[x, y, 1.0] for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9)])


def street() -> npt.NDArray[np.uint8]:
    rng = np.random.default_rng(5)
    layers = [
        weight
        * cv2.resize(rng.normal(0, 1, (n, n)).astype(np.float32), (1200, 1200), interpolation=cv2.INTER_CUBIC)
        for n, weight in ((15, 22), (60, 16), (240, 10))
    ]
    return np.clip(sum(layers) + 120, 0, 255).astype(np.uint8)


STREET = street()


def seen(where: F64, light: float = 1.0, noise: float = 3.0, seed: int = 1) -> Pixels:
    """The street from a picture whose pixels lie at `where` on it."""
    grey = cv2.warpPerspective(STREET, np.linalg.inv(where), (320, 180)).astype(np.float32) * light
    grey += np.random.default_rng(seed).normal(0, noise, grey.shape)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def at(east: float, south: float, turn_deg: float = 0.0, scale: float = 1.5) -> F64:
    turn = np.radians(turn_deg)
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[c, -s, east], [s, c, south], [0.0, 0.0, 1.0]])


def moved(one: Pixels, other: Pixels) -> Shift | None:
    ego = EgoMotion()
    assert ego.look(one) is None, "of the first picture nothing can be told"
    return ego.look(other)


def off_px(shift: Shift, truth: F64) -> float:
    there, wanted = SPOTS @ shift.warp.T, SPOTS @ truth.T
    return float(
        np.hypot(*((there[:, :2] / there[:, 2:] - wanted[:, :2] / wanted[:, 2:]) * [320, 180]).T).max()
    )


def unit_warp(one: F64, other: F64) -> F64:
    pixels = np.diag([320.0, 180.0, 1.0])
    return np.linalg.inv(pixels) @ np.linalg.inv(other) @ one @ pixels


@pytest.mark.parametrize(
    ("east", "south", "turn", "scale"),
    [(40, -25, 0, 1.5), (0, 0, 4, 1.5), (-30, 20, -3, 1.6), (90, 30, 2, 1.4)],
)
def test_shift_turn_and_climb_are_found_to_a_pixel_of_the_picture(
    east: float, south: float, turn: float, scale: float
) -> None:
    one, other = at(300, 400), at(300 + east, 400 + south, turn, scale)
    shift = moved(seen(one), seen(other, seed=2))
    assert shift is not None
    assert off_px(shift, unit_warp(one, other)) < 1.5


def test_light_that_changes_is_no_motion() -> None:
    shift = moved(seen(at(300, 300)), seen(at(300, 300), light=0.6, seed=2))
    assert shift is not None
    assert off_px(shift, np.eye(3)) < 0.5
    assert shift.likeness > 0.8


def test_what_moves_by_itself_is_outvoted() -> None:
    one, other = seen(at(300, 300)), seen(at(320, 300), seed=2)
    one[60:110, 40:110], other[60:110, 90:160] = 20, 20  # a lorry that overtakes the camera
    shift = moved(one, other)
    assert shift is not None
    assert off_px(shift, unit_warp(at(300, 300), at(320, 300))) < 2.0


def test_of_unlike_pictures_nothing_is_told() -> None:
    assert moved(seen(at(50, 50)), seen(at(650, 700), seed=2)) is None


def test_over_water_and_fog_nothing_is_told() -> None:
    rng = np.random.default_rng(3)
    empty = [np.clip(rng.normal(110, 4, (180, 320, 3)), 0, 255).astype(np.uint8) for _ in range(2)]
    assert moved(*empty) is None


def test_a_picture_of_another_size_begins_anew() -> None:
    ego = EgoMotion()
    ego.look(seen(at(300, 300)))
    assert ego.look(seen(at(300, 300))[:100]) is None
    assert ego.look(seen(at(300, 300))[:100]) is not None


def test_over_a_real_perspective_it_follows_the_ground() -> None:
    flight = Overflight(3)
    ego, last, worst = EgoMotion(), None, 0.0
    for time_s in np.arange(5.0, 6.2, 0.2):
        shot = flight.shot(float(time_s))
        shift = ego.look(shot.pixels)
        now = Overhead(shot.fix, EXACT, flight.size.width / flight.size.height, flight.chart)
        if last is not None:
            assert shift is not None
            worst = max(worst, off_px(shift, now.warp_from(last)))
        last = now
    assert worst < 2.5
