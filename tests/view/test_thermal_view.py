"""The health of thermal cameras before drawn places: what is told of cold, heat, corrections and faults."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edge.values.camera_state import Reason
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.view.health import told_of
from edge.view.picture import PictureSpec, PictureWatch
from edge.view.watch import ViewSpec, ViewWatch

WIDE, HIGH = 320, 240
Plane = npt.NDArray[np.float64]
Grey = npt.NDArray[np.uint8]
Gain = Callable[[Plane], Plane]
TURNS_S, LASTS_S = 45, 70


def place(celsius: float = 15.0, contrast_k: float = 1.2) -> Plane:
    blocks = np.random.default_rng(3).normal(0, contrast_k, (HIGH // 20, WIDE // 20))
    return celsius + np.kron(blocks, np.ones((20, 20))) + np.linspace(-2, 2, HIGH)[:, None]


def automatic(celsius: Plane) -> Plane:
    """A gain that follows what there is, over at least 12 K."""
    low, middle, high = np.percentile(celsius, (1, 50, 99.5))
    return np.asarray((celsius - low) / max(high - low, middle + 6 - low) * 235)


def fixed(low: float, high: float) -> Gain:
    return lambda celsius: (celsius - low) / (high - low) * 255


def with_hot(celsius: Plane, hot_c: float, side: int) -> Plane:
    scene = celsius.copy()
    scene[60 : 60 + side, 100 : 100 + side] = hot_c
    return scene


class Camera:
    """A grey thermal camera, a picture a second, and those who judge it."""

    def __init__(self, thermal: bool = True) -> None:
        self.view, self.picture = (
            ViewWatch(ViewSpec(thermal=thermal)),
            PictureWatch(PictureSpec(thermal=thermal)),
        )
        self.second, self._chance = 0, np.random.default_rng(7)

    def shown(self, celsius: Plane, gain: Gain) -> Grey:
        noisy = celsius + self._chance.normal(0, 0.06, celsius.shape)
        return np.asarray(np.clip(gain(noisy), 0, 255).astype(np.uint8))

    def look(self, grey: Grey) -> Reason:
        moment = Moment(self.second * NS_PER_S, self.second * NS_PER_S, ClockTrust.REPLAY)
        pixels, counts = np.repeat(grey[..., None], 3, axis=2), grey.astype(np.uint16)
        frame = Frame("yard", "run", self.second, moment, pixels, Size(WIDE, HIGH), counts=counts)
        self.second += 1
        self.picture.judge(frame)
        self.view.look(frame)
        return told_of(self.picture.reason, self.view.reason)


QUIET: dict[str, tuple[Callable[[int], Plane], Gain]] = {
    "a cold night, gain of -40 to 150 °C": (lambda _: place(-30.0), fixed(-40, 150)),
    "a night too cold for the gain": (lambda _: place(-19.0, 0.4), fixed(-20, 60)),
    "a warm day, half of it too hot for the gain": (lambda _: place(40.0), fixed(-20, 39)),
    "snow of two shades": (lambda _: place(0.0, 0.1), fixed(-40, 150)),
    "somebody comes near": (lambda s: with_hot(place(), 33.0, 80 if s > TURNS_S else 1), automatic),
    **{
        f"something of {hot_c} °C, {side} px wide": (
            lambda s, hot_c=hot_c, side=side: with_hot(place(), hot_c, side) if s > TURNS_S else place(),
            automatic,
        )
        for hot_c, side in ((60.0, 40), (120.0, 120), (200.0, 12), (500.0, 80), (500.0, 20))
    },
    "the shutter, two seconds a minute": (
        lambda s: np.full((HIGH, WIDE), 25.0) if s % 60 > 57 else place(), automatic,
    ),
    "a correction by 2 K a minute": (lambda s: place() + 2 * (s // 60), automatic),
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_nothing_is_told_of_heat_cold_and_corrections(name: str) -> None:
    celsius, gain = QUIET[name]
    camera = Camera()
    told = {camera.look(camera.shown(celsius(second), gain)) for second in range(2 * LASTS_S)}
    assert told == {Reason.NONE}


def test_a_camera_that_shows_its_last_picture_while_it_corrects_itself_is_not_frozen() -> None:
    camera, told, last = Camera(), set(), np.zeros((HIGH, WIDE), np.uint8)
    for second in range(400):
        last = last if second % 120 in (100, 101) else camera.shown(place(), automatic)
        told.add(camera.look(last))
    assert told == {Reason.NONE}


FAULTS: dict[str, tuple[Callable[[Grey], Grey], Reason, int]] = {
    "frozen": (lambda before: before, Reason.SAME_PICTURE, 60),
    "a dead sensor, grey": (lambda before: np.full_like(before, 128), Reason.SAME_PICTURE, 60),
    "a dead sensor, black": (np.zeros_like, Reason.SAME_PICTURE, 60),
    "turned": (lambda before: np.roll(before, 30, axis=1), Reason.MOVED_PICTURE, 10),
    "out of focus": (
        lambda before: np.asarray(cv2.GaussianBlur(before, (0, 0), 4), np.uint8), Reason.BLURRED_PICTURE, 20,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_a_fault_is_found_in_its_time(name: str) -> None:
    fault, reason, after_s = FAULTS[name]
    camera = Camera()
    for _ in range(TURNS_S):
        before = camera.shown(place(), automatic)
        assert camera.look(before) is Reason.NONE
    alive = reason is not Reason.SAME_PICTURE
    told = [
        camera.look(fault(camera.shown(place(), automatic) if alive else before)) for _ in range(after_s + 3)
    ]
    assert reason in told
    assert after_s - 1 <= told.index(reason) <= after_s + 2


def test_a_lid_and_a_stuck_shutter_cover_it() -> None:
    camera = Camera()
    for _ in range(TURNS_S):
        camera.look(camera.shown(place(), automatic))
    lid = 22 + np.linspace(0, 1.5, WIDE)[None, :] + np.zeros((HIGH, 1))
    assert Reason.COVERED_PICTURE in {camera.look(camera.shown(lid, automatic)) for _ in range(12)}


def test_judged_by_light_the_same_would_be_faults() -> None:
    """What was told before thermal cameras were judged by what they are."""
    told = set()
    for name in list(QUIET)[:4]:
        celsius, gain = QUIET[name]
        camera = Camera(thermal=False)
        told |= {camera.look(camera.shown(celsius(second), gain)) for second in range(LASTS_S)}
    assert told >= {Reason.NO_SIGNAL_PICTURE, Reason.DARK_PICTURE, Reason.BRIGHT_PICTURE, Reason.SAME_PICTURE}
