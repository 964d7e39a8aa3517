"""A made-up thermal picture from above, for the self-test of an infrared detector: nobody real is in it.

White is warm. Bodies are small bright figures, cars are dark roofs with a warm bonnet on warm asphalt. It is
drawn to be recognised, not to teach: the detector is trained on real pictures alone.
"""

import cv2
import numpy as np
import numpy.typing as npt

from edge.values.frame import Pixels

WIDTH, HEIGHT = 640, 512
PEOPLE = (
    (150, 110),
    (171, 118),
    (250, 96),
    (330, 128),
    (430, 88),
    (520, 120),
    (96, 420),
    (300, 440),
    (505, 430),
)
"""Middles of the people, pixels."""
CARS = ((110, 240, 0), (230, 240, 0), (420, 236, 180), (540, 240, 0), (180, 305, 180), (390, 305, 180))
"""Middles of the cars, pixels, and their headings, degrees."""

Grey = npt.NDArray[np.float32]


def thermal_scene(seed: int = 3) -> Pixels:
    """RGB uint8 512×640×3, the same for the same seed."""
    rng = np.random.default_rng(seed)
    picture = _ground(rng)
    for x, y, heading in CARS:
        _car(picture, x, y, heading)
    for x, y in PEOPLE:
        _person(picture, x, y, rng)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8).astype(np.float32)
    picture += rng.normal(0, 2.0, picture.shape).astype(np.float32)
    grey = np.clip(picture, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _ground(rng: np.random.Generator) -> Grey:
    """Grass of uneven warmth, a road across, and a line of trees."""
    coarse = cv2.resize(
        rng.normal(0, 1, (32, 40)).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    fine = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.5)
    picture = (105 + 5 * coarse + 12 * fine).astype(np.float32)
    road = 138 + 2 * coarse[205:340] + 3 * fine[205:340]
    picture[205:340] = road
    picture[203:206] = picture[339:342] = 95
    leaves = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 2.5)
    for x in range(20, WIDTH, 62):
        crown = np.zeros((HEIGHT, WIDTH), np.float32)
        for _ in range(9):
            dx, dy = (int(step) for step in rng.normal(0, 11, 2))
            cv2.circle(crown, (x + dx, 380 + dy), int(rng.integers(7, 13)), 1.0, -1, cv2.LINE_AA)
        picture += crown * (120 * leaves - 12)
    return picture


def _car(picture: Grey, x: int, y: int, heading: int) -> None:
    ahead = 1 if heading == 0 else -1
    cv2.ellipse(picture, (x, y + 8), (29, 9), 0, 0, 360, 112.0, -1, cv2.LINE_AA)  # cool ground beneath
    cv2.ellipse(picture, (x, y), (27, 11), 0, 0, 360, 62.0, -1, cv2.LINE_AA)
    cv2.rectangle(picture, (x - 20, y - 11), (x + 20, y + 11), 62.0, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (x - 3 * ahead, y), (14, 8), 0, 0, 360, 38.0, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (x + 19 * ahead, y), (5, 7), 0, 0, 360, 120.0, -1, cv2.LINE_AA)
    for along in (-15, 15):
        cv2.circle(picture, (x + along, y + 11), 3, 150.0, -1, cv2.LINE_AA)


def _person(picture: Grey, x: int, y: int, rng: np.random.Generator) -> None:
    lean = int(rng.integers(-2, 3))
    cv2.ellipse(picture, (x, y), (4, 6), 8 * lean, 0, 360, 215.0, -1, cv2.LINE_AA)
    cv2.circle(picture, (x + lean // 2, y - 7), 3, 240.0, -1, cv2.LINE_AA)
    cv2.line(picture, (x - 2, y + 5), (x - 3 - lean, y + 10), 190.0, 2, cv2.LINE_AA)
    cv2.line(picture, (x + 2, y + 5), (x + 3 + lean, y + 10), 190.0, 2, cv2.LINE_AA)
