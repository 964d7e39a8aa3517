"""What a camera whose place is known by telemetry sees of a chart, and how far off that may be.

Law: a pinhole with square pixels over flat ground. Each number of the telemetry errs by itself; the place of
a point is as doubtful as its shift when one number after the other is off by its standard deviation. A point
at or above the horizon has no place, and says so by NaN.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from edge.ground.chart import Chart
from edge.ground.lens import F64
from edge.ground.pose import focal_of
from edge.values.fix import Fix

HEAD_M = 1.6
"""How high above the ground the top of a person or car is, about."""
LEAST_OVER_M = 0.3


@dataclass(frozen=True, slots=True)
class FixDoubt:
    """How uncertain telemetry is: one standard deviation of each.

    Attributes:
        position_m: of the place, to either side.
        height_m: of the height above the ground.
        angle_deg: of yaw, pitch and roll.
        view_deg: of the field of view.
    """

    position_m: float = 1.5
    height_m: float = 1.0
    angle_deg: float = 0.5
    view_deg: float = 0.5


class Overhead:
    """The ground under one picture."""

    def __init__(self, fix: Fix, doubt: FixDoubt, aspect: float, chart: Chart) -> None:
        """The ground of a picture `aspect` times as wide as high, taken at `fix`."""
        camera = chart.metres(np.array([[fix.lat_deg, fix.lon_deg]]))[0]
        self._position_m = doubt.position_m
        self._planes = np.array([_plane(numbers, camera, aspect) for numbers in _variants(fix, doubt)])
        lowered = max(fix.height_m - HEAD_M, LEAST_OVER_M)
        self._heads = _plane((lowered, *fix.vector[3:]), camera, aspect)

    @property
    def plane(self) -> F64:
        """Unit square to homogeneous ground metres, 3×3; the third is positive below the horizon."""
        return np.asarray(self._planes[0])

    def metres(self, points: F64) -> tuple[F64, F64]:
        """Where on the ground points n×2 of the unit square lie.

        Returns:
            Metres east and north of the chart's middle, n×2, and the standard deviation of that place, n,
            metres; NaN at or above the horizon.
        """
        ahead = np.concatenate([points, np.ones((len(points), 1))], axis=1)
        ground = ahead @ np.swapaxes(self._planes, 1, 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            places = np.where(ground[..., 2:] > 0, ground[..., :2] / ground[..., 2:], np.nan)
        shifts = places[1:] - places[0]
        variance = (shifts**2).sum(axis=(0, 2)) + 2 * self._position_m**2
        return np.asarray(places[0]), np.asarray(np.sqrt(variance))

    def seen_at(self, metres: F64) -> F64:
        """Where in the unit square ground points n×2 are seen; NaN behind the camera."""
        return _seen_on(self._planes[0], metres)

    def warp_from(self, other: "Overhead") -> F64:
        """Homography from the unit square of another picture of the same ground to that of this one, 3×3."""
        return np.asarray(np.linalg.inv(self._planes[0]) @ other._planes[0])

    def feet(self, boxes: F64) -> F64:
        """Where objects with these boxes, n×4 of the unit square, stand in the picture, n×2.

        Seen from the side at the lower border of the box, seen from straight above in its middle: half the
        way from feet to head below the middle, wherever down is there.
        """
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        feet = np.stack([middle[:, 0], boxes[:, 3]], axis=-1)
        for _ in range(2):
            ground = self.metres(feet)[0]
            upright = _seen_on(self._heads, ground) - feet
            better = np.clip(middle - upright / 2, boxes[:, :2], boxes[:, 2:])
            feet = np.where(np.isfinite(better), better, feet)
        return feet


def _seen_on(plane: F64, metres: F64) -> F64:
    """Where in the unit square points n×2 of a plane are seen; NaN behind the camera."""
    ground = np.concatenate([metres, np.ones((len(metres), 1))], axis=1)
    seen = ground @ np.linalg.inv(plane).T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(seen[:, 2:] > 0, seen[:, :2] / seen[:, 2:], np.nan))


def _variants(fix: Fix, doubt: FixDoubt) -> Iterator[tuple[float, ...]]:
    """Height, yaw, pitch, roll and view as they are told, and then each of them off by its doubt."""
    told = fix.vector[2:]
    yield told
    angle = doubt.angle_deg
    for i, off in enumerate((doubt.height_m, angle, angle, angle, doubt.view_deg)):
        yield (*told[:i], told[i] + off, *told[i + 1 :])


def _plane(numbers: tuple[float, ...], camera_m: F64, aspect: float) -> F64:
    """Unit square to homogeneous ground metres, 3×3; the third component is positive below the horizon."""
    height_m, yaw, pitch, roll = numbers[0], *np.radians(numbers[1:4])
    forward = np.array([np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)])
    level = np.array([np.cos(yaw), -np.sin(yaw), 0.0])
    under = np.cross(forward, level)
    right = np.cos(roll) * level + np.sin(roll) * under
    down = np.cos(roll) * under - np.sin(roll) * level
    focal = focal_of(numbers[4], aspect)
    to_rays = np.array([[aspect, 0.0, -aspect / 2], [0.0, 1.0, -0.5], [0.0, 0.0, focal]])
    east, north, up = np.stack([right, down, forward], axis=1) @ to_rays
    return np.array([height_m * east - camera_m[0] * up, height_m * north - camera_m[1] * up, -up])
