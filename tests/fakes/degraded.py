"""What happens to cameras: a clip's pictures with the lens covered, turned or out of focus, and at night."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.clock import SystemClock
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, ClockTrust, Moment

Picture = npt.NDArray[np.uint8]
Change = Callable[[Picture, np.random.Generator], Picture]


@cache
def pictures_of(clip: Path, most: int = 45) -> tuple[Picture, ...]:
    """One picture a second of a clip, as a detector of 416 pixels is shown it."""
    spec = SourceSpec(url=str(clip), detect_fps=1.0, pace=Pace.FAST, clip_start_ns=0)
    source = AvSource(
        spec, "c", "r", lambda size: Size(416, round(416 * size.height / size.width)), SystemClock()
    )
    pictures: list[Picture] = []
    while len(pictures) < most and (frame := source.read()) is not None:
        pictures.append(frame.pixels)
    source.close()
    return tuple(pictures)


def at_second(picture: Picture, second: float) -> Frame:
    """A frame at so many seconds."""
    ns = round(second * NS_PER_S)
    size = Size(picture.shape[1], picture.shape[0])
    return Frame("gate", "run", round(second), Moment(ns, ns, ClockTrust.REPLAY), picture, size)


def played(pictures: Sequence[Picture], seconds: int, seed: int = 0) -> list[Picture]:
    """So many seconds of a place: its clip there and back, each picture with noise of its own."""
    dice = np.random.default_rng(seed)
    loop = [*pictures, *pictures[-2:0:-1]]
    return [noisy(loop[second % len(loop)], dice, 1.5) for second in range(seconds)]


def noisy(picture: npt.NDArray[np.floating] | Picture, dice: np.random.Generator, sd: float) -> Picture:
    """With sensor noise of this standard deviation, grey levels."""
    noise = dice.normal(0, sd, picture.shape).astype(np.float32)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _columns(picture: Picture) -> npt.NDArray[np.float32]:
    return np.arange(picture.shape[1], dtype=np.float32)[None, :, None]


def covered(picture: Picture, dice: np.random.Generator) -> Picture:
    """A cloth before the lens."""
    shade = 70 + 40 * np.cos(_columns(picture) / 120) + 0.0 * picture
    return noisy(shade, dice, 2.0)


def mostly_covered(picture: Picture, dice: np.random.Generator) -> Picture:
    """A cloth before seven tenths of the lens."""
    half = picture.copy()
    edge = round(picture.shape[1] * 0.7)
    half[:, :edge] = covered(picture, dice)[:, :edge]
    return half


def shifted(right: float, down: float) -> Change:
    """The camera turned, so that everything stands elsewhere, in shares of the picture."""

    def change(picture: Picture, dice: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        move = np.array([[1, 0, right * width], [0, 1, down * height]], np.float32)
        return np.asarray(
            cv2.warpAffine(picture, move, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8
        )

    return change


def rolled(picture: Picture, dice: np.random.Generator) -> Picture:
    """The camera hangs askew."""
    height, width = picture.shape[:2]
    roll = cv2.getRotationMatrix2D((width / 2, height / 2), 8.0, 1.0)
    return np.asarray(cv2.warpAffine(picture, roll, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


def blurred(picture: Picture, dice: np.random.Generator) -> Picture:
    """Out of focus, or a wet lens."""
    return noisy(cv2.GaussianBlur(picture, (0, 0), 3.0), dice, 1.0)


def bright(picture: Picture, dice: np.random.Generator) -> Picture:
    """The sun in the lens, or an iris that sticks."""
    return np.clip(picture * 4.0 + 140, 0, 255).astype(np.uint8)


def blue(picture: Picture, dice: np.random.Generator) -> Picture:
    """What a recorder draws when the cable is out, with a word on it."""
    screen = np.full_like(picture, (16, 32, 200))
    cv2.putText(screen, "NO SIGNAL", (20, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (230, 230, 230), 2)
    return screen


def bars(picture: Picture, dice: np.random.Generator) -> Picture:
    """Colour bars."""
    colours = np.array([[c & 4, c & 2, c & 1] for c in range(7, -1, -1)], bool) * np.uint8(191)
    columns = np.arange(picture.shape[1]) * 8 // picture.shape[1]
    return np.ascontiguousarray(np.broadcast_to(colours[columns], picture.shape))


def infrared(picture: Picture, dice: np.random.Generator) -> Picture:
    """The camera switches to night: grey, darker, noisier."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None].repeat(3, axis=2)
    return noisy(grey * 0.35 + 5.0, dice, 5.0)


def night(picture: Picture, dice: np.random.Generator) -> Picture:
    """A fifth of the light."""
    return noisy(picture * 0.2 + 3.0, dice, 4.0)


def headlights(picture: Picture, dice: np.random.Generator) -> Picture:
    """A car shines into the lens, and the exposure gives way."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    at = dice.uniform(0.1, 0.9, 2) * (height, width)
    glare = 230 * np.exp(-(((rows - at[0]) / 40) ** 2) - ((columns - at[1]) / 60) ** 2)
    return noisy(picture * 0.6 + glare[..., None], dice, 2.0)


def rain(picture: Picture, dice: np.random.Generator) -> Picture:
    """Streaks everywhere, and less contrast."""
    drops = (dice.random(picture.shape[:2]) > 0.985).astype(np.float32)
    streaks = cv2.blur(drops, (1, 9)) * 9 > 0
    return noisy(picture * 0.75 + 25.0 + 30.0 * streaks[..., None], dice, 3.0)


def fog(picture: Picture, dice: np.random.Generator) -> Picture:
    """Little contrast."""
    return noisy(picture * 0.4 + 110.0, dice, 2.0)
