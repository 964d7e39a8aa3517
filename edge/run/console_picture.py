"""The picture of an empty street for a console: coarse as the policy wants it, hatched where unseen.

Law: no finer anywhere on the ground than the policy's pixels per metre; what is masked is hatched like what
was never seen free.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from edge.ground.plane import Ground
from edge.privacy.background import hatched
from edge.scene.polygons import Point
from edge.values.errors import ConfigError
from edge.values.frame import Pixels

AT = np.stack(np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 1, 41)), axis=-1).reshape(-1, 2)
"""Where the fineness of a picture is looked at, unit square."""


def console_picture(
    street: Pixels,
    unseen: npt.NDArray[np.bool_],
    masks: Sequence[Sequence[Point]],
    ground: Ground,
    most_px_per_m: float,
) -> Pixels:
    """The picture, uint8 H×W×3 RGB.

    Args:
        street: uint8 H×W×3 RGB, without people.
        unseen: bool H×W, what of it may not be shown.
        masks: at which nobody may look, unit square.
        ground: of the camera.
        most_px_per_m: finest that may be shown.

    Raises:
        ConfigError: so coarse that nothing is left.
    """
    hidden = unseen.astype(np.uint8)
    size = np.array(unseen.shape[::-1])
    for mask in masks:
        cv2.fillPoly(hidden, [np.round(np.array(mask) * size).astype(np.int32)], (1,))
    scale = min(1.0, most_px_per_m / finest_px_per_m(ground, street.shape[0]))
    small = np.floor(size * scale).astype(int)
    if small.min() < 1:
        raise ConfigError(f"the policy's {most_px_per_m:g} px/m leave nothing of the picture")
    shape = (int(small[0]), int(small[1]))
    coarse = np.asarray(cv2.resize(street, shape, interpolation=cv2.INTER_AREA), np.uint8)
    covered = cv2.resize(hidden.astype(np.float32), shape, interpolation=cv2.INTER_AREA) > 0
    return hatched(coarse, np.asarray(covered, np.bool_))


def finest_px_per_m(ground: Ground, height_px: int) -> float:
    """Most pixels per metre of ground anywhere in a picture of that height, on the plane and its doubts."""
    planes = (Ground(ground.lens, plane, ground.doubts[:0]) for plane in ground.planes)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [each.px_per_m(AT, height_px) for each in planes]
    return float(np.nanmax(np.stack(found)))
