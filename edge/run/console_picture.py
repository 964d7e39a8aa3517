"""The picture of an empty street for a console: coarse as the policy wants it, hatched where unseen.

Law: no finer anywhere on the ground than the policy's pixels per metre; what is masked is hatched like what
was never seen free. What travels is made coarser still until it fits into a message.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edge.ground.plane import Ground
from edge.privacy import png
from edge.privacy.allowed_place import MAX_PICTURE_BYTES
from edge.privacy.background import STRIPES, hatched
from edge.scene.polygons import Point
from edge.values.errors import ConfigError
from edge.values.frame import Pixels

AT = np.stack(np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 1, 41)), axis=-1).reshape(-1, 2)
"""Where the fineness of a picture is looked at, unit square."""
COARSER = 0.85
"""Each try to make a picture fit is so much smaller than the one before."""
ENVELOPE_BYTES = 2048
"""What a message holds besides its picture: names, times, signature."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that may be shown.

    Attributes:
        pixels: uint8 H×W×3 RGB.
        hidden: share of it that is hatched.
        px_per_m: finest anywhere on the ground.
    """

    pixels: Pixels
    hidden: float
    px_per_m: float


def console_picture(
    street: Pixels,
    unseen: npt.NDArray[np.bool_],
    masks: Sequence[Sequence[Point]],
    ground: Ground,
    most_px_per_m: float,
    size: float = 1.0,
) -> Shown:
    """The picture.

    Args:
        street: uint8 H×W×3 RGB, without people.
        unseen: bool H×W, what of it may not be shown.
        masks: at which nobody may look, unit square.
        ground: of the camera.
        most_px_per_m: finest that may be shown.
        size: share of the sides that this would leave.

    Raises:
        ConfigError: so coarse that nothing is left.
    """
    hidden = unseen.astype(np.uint8)
    sides = np.array(unseen.shape[::-1])
    for mask in masks:
        cv2.fillPoly(hidden, [np.round(np.array(mask) * sides).astype(np.int32)], (1,))
    scale = size * min(1.0, most_px_per_m / finest_px_per_m(ground, street.shape[0]))
    small = np.floor(sides * scale).astype(int)
    if small.min() < 1:
        raise ConfigError(f"the policy's {most_px_per_m:g} px/m leave nothing of the picture")
    shape = (int(small[0]), int(small[1]))
    coarse = np.asarray(cv2.resize(street, shape, interpolation=cv2.INTER_AREA), np.uint8)
    covered = cv2.resize(hidden.astype(np.float32), shape, interpolation=cv2.INTER_AREA) > 0
    pixels = hatched(coarse, np.asarray(covered, np.bool_))
    return Shown(pixels, float(covered.mean()), finest_px_per_m(ground, shape[1]))


@dataclass(frozen=True, slots=True)
class Packed:
    """A picture that may be shown, and its bytes as they travel."""

    shown: Shown
    png: bytes


def to_send(
    street: Pixels,
    unseen: npt.NDArray[np.bool_],
    masks: Sequence[Sequence[Point]],
    ground: Ground,
    most_px_per_m: float,
    message_bytes: int,
) -> Packed:
    """The same picture, so coarse that it fits into a message of so many bytes.

    Raises:
        ConfigError: nothing is left of it.
    """
    room = room_for(message_bytes)
    size = min(1.0, png.MOST_SIDE / max(unseen.shape))
    while True:
        shown = console_picture(street, unseen, masks, ground, most_px_per_m, size)
        raw = png.encode(shown.pixels, np.array(STRIPES, np.uint8))
        if len(raw) <= room:
            return Packed(shown, raw)
        size *= COARSER


def room_for(message_bytes: int) -> int:
    """How many bytes a picture may have in a message of so many: base64 takes a third more."""
    return min(MAX_PICTURE_BYTES, (message_bytes - ENVELOPE_BYTES) * 3 // 4)


def finest_px_per_m(ground: Ground, height_px: int) -> float:
    """Most pixels per metre of ground anywhere in a picture of that height, on the plane and its doubts."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [each.px_per_m(AT, height_px) for each in ground.each]
    return float(np.nanmax(np.stack(found)))
