"""What happens to cameras, done to good pictures: covered, turned, out of focus, without signal; and weather.

Law: everything follows from the picture and from the chance that is given; pictures are uint8 H×W×3, RGB, and
are never changed in place. What is a trouble and what is none stands here once, for tests and for the table.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
import numpy.typing as npt

from edge.values.camera_state import Reason

Picture = npt.NDArray[np.uint8]
Change = Callable[[Picture, np.random.Generator], Picture]


def noisy(picture: npt.NDArray[np.floating] | Picture, dice: np.random.Generator, sd: float) -> Picture:
    """With sensor noise of this standard deviation, grey levels."""
    noise = dice.normal(0, sd, picture.shape).astype(np.float32)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


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

    def change(picture: Picture, _: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        move = np.array([[1, 0, right * width], [0, 1, down * height]], np.float32)
        return np.asarray(
            cv2.warpAffine(picture, move, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8
        )

    return change


def rolled(picture: Picture, _: np.random.Generator) -> Picture:
    """The camera hangs askew."""
    height, width = picture.shape[:2]
    roll = cv2.getRotationMatrix2D((width / 2, height / 2), 8.0, 1.0)
    return np.asarray(cv2.warpAffine(picture, roll, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


def blurred(picture: Picture, dice: np.random.Generator) -> Picture:
    """Out of focus, or a wet lens."""
    return noisy(np.asarray(cv2.GaussianBlur(picture, (0, 0), 3.0), np.uint8), dice, 1.0)


def bright(picture: Picture, _: np.random.Generator) -> Picture:
    """The sun in the lens, or an iris that sticks."""
    return np.asarray(np.clip(picture * 4.0 + 140, 0, 255), np.uint8)


def blue(picture: Picture, _: np.random.Generator) -> Picture:
    """What a recorder draws when the cable is out, with a word on it."""
    screen = np.full_like(picture, (16, 32, 200))
    cv2.putText(screen, "NO SIGNAL", (20, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (230, 230, 230), 2)
    return screen


def pure_blue(picture: Picture, _: np.random.Generator) -> Picture:
    """What a capture card gives without a signal."""
    return np.full_like(picture, (0, 0, 255))


def torn(colour: tuple[int, int, int]) -> Change:
    """A recorder decodes on after it lost data: the picture is whole above, and of one colour below."""

    def change(picture: Picture, _: np.random.Generator) -> Picture:
        half = picture.copy()
        half[picture.shape[0] * 2 // 5 :] = colour
        return half

    return change


def smeared(picture: Picture, _: np.random.Generator) -> Picture:
    """The same, where it repeats the last row that it had, and the colours run."""
    half = picture.astype(np.float32)
    first = picture.shape[0] * 2 // 5
    half[first:] = half[first] + np.array([40.0, -30.0, 40.0], np.float32)
    return np.asarray(np.clip(half, 0, 255), np.uint8)


def clocked(picture: Picture, dice: np.random.Generator) -> Picture:
    """With the time in its corner, as recorders draw it."""
    stamped = picture.copy()
    size = picture.shape[0] / 480.0
    time = "2026-11-27 23:{:02d}:{:02d}".format(*dice.integers(0, 60, 2))
    at, thick = (round(8 * size), round(24 * size)), max(1, round(2 * size))
    cv2.putText(stamped, time, at, cv2.FONT_HERSHEY_SIMPLEX, 0.8 * size, (240, 240, 240), thick)
    return stamped


def bars(picture: Picture, _: np.random.Generator) -> Picture:
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


def lightless(picture: Picture, dice: np.random.Generator) -> Picture:
    """No light at all: the lamp is out, or a hand lies on the lens."""
    return noisy(picture * 0.01, dice, 2.0)


TROUBLES: Mapping[str, tuple[Change, Reason]] = {
    "a cloth": (covered, Reason.COVERED_PICTURE),
    "a cloth before most": (mostly_covered, Reason.COVERED_PICTURE),
    "turned a little": (shifted(0.02, 0.0), Reason.MOVED_PICTURE),
    "turned": (shifted(0.1, 0.05), Reason.MOVED_PICTURE),
    "turned far": (shifted(-0.3, 0.1), Reason.MOVED_PICTURE),
    "askew": (rolled, Reason.CHANGED_PICTURE),
    "out of focus": (blurred, Reason.BLURRED_PICTURE),
    "too bright": (bright, Reason.BRIGHT_PICTURE),
    "a blue screen": (blue, Reason.NO_SIGNAL_PICTURE),
    "a pure blue screen": (pure_blue, Reason.NO_SIGNAL_PICTURE),
    "colour bars": (bars, Reason.NO_SIGNAL_PICTURE),
    "torn, grey below": (torn((128, 128, 128)), Reason.COVERED_PICTURE),
    "torn, green below": (torn((0, 135, 0)), Reason.COVERED_PICTURE),
    "smeared downwards": (smeared, Reason.COVERED_PICTURE),
}
"""What makes a picture useless, and as what each is to be told."""
HARMLESS: Mapping[str, Change] = {
    "infrared": infrared,
    "night": night,
    "headlights": headlights,
    "rain": rain,
    "fog": fog,
}
"""What looks bad and is no trouble."""
