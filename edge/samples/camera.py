"""The fixed camera: a pinhole over the ground plane, so that metres and pixels map exactly.

World: x to the right, y forward, z up, metres; the ground is z = 0. Picture: u to the right, v down.
No lens distortion, on purpose: a homography then says everything about the ground.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pinhole:
    """Intrinsics and extrinsics of a camera with square pixels and a central principal point.

    Attributes:
        width: picture width, pixels.
        height: picture height, pixels.
        focal_px: focal length, pixels.
        height_m: height of the lens above the ground.
        tilt_deg: how far it looks below the horizon.
        yaw_deg: where it looks, clockwise from +y seen from above.
        roll_deg: turn about the optical axis, clockwise.
    """

    width: int
    height: int
    focal_px: float
    height_m: float
    tilt_deg: float
    yaw_deg: float = 0.0
    roll_deg: float = 0.0

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.focal_px, self.height_m) <= 0:
            raise ValueError(
                f"a camera wants a size, focal length and height > 0, got {self.width}x{self.height}, "
                f"{self.focal_px} px, {self.height_m} m"
            )

    @cached_property
    def rotation(self) -> Points:
        """3×3, world axes to camera axes (right, down, forward)."""
        tilt, yaw, roll = np.radians([self.tilt_deg, self.yaw_deg, self.roll_deg])
        ahead = np.array([np.sin(yaw), np.cos(yaw), 0.0])
        right = np.array([np.cos(yaw), -np.sin(yaw), 0.0])
        forward = np.cos(tilt) * ahead - np.sin(tilt) * np.array([0.0, 0.0, 1.0])
        down = np.cross(forward, right)
        turned = np.cos(roll) * right - np.sin(roll) * down, np.sin(roll) * right + np.cos(roll) * down
        return np.stack([*turned, forward])

    @cached_property
    def matrix(self) -> Points:
        """3×4 camera matrix K [R | t]: homogeneous world metres to homogeneous pixels."""
        k = np.array([[self.focal_px, 0, self.width / 2], [0, self.focal_px, self.height / 2], [0, 0, 1.0]])
        rotation = self.rotation
        centre = np.array([0.0, 0.0, self.height_m])
        return np.asarray(k @ np.column_stack([rotation, -rotation @ centre]))

    @cached_property
    def homography(self) -> Points:
        """3×3: homogeneous ground metres (x, y, 1) to homogeneous unit-square coordinates."""
        to_unit = np.diag([1 / self.width, 1 / self.height, 1.0])
        ground: Points = to_unit @ self.matrix[:, [0, 1, 3]]
        return np.asarray(ground / ground[2, 2])

    def project(self, points: npt.ArrayLike) -> tuple[Points, Points]:
        """Pixels n×2 and depths n (metres along the optical axis) of world points n×3."""
        homogeneous = np.asarray(points, np.float64) @ self.matrix[:, :3].T + self.matrix[:, 3]
        depth = homogeneous[:, 2]
        pixels: Points = homogeneous[:, :2] / np.where(np.abs(depth) < 1e-6, 1e-6, depth)[:, None]
        return pixels, depth

    def ground_at(self, unit: npt.ArrayLike) -> Points:
        """Ground metres n×2 seen at unit-square points n×2 below the horizon."""
        picture = np.column_stack([np.asarray(unit, np.float64), np.ones(len(np.asarray(unit)))])
        ground = picture @ np.linalg.inv(self.homography).T
        return np.asarray(ground[:, :2] / ground[:, 2:])

    def scaled(self, factor: int) -> "Pinhole":
        """The same camera with `factor` times as many pixels each way."""
        return replace(
            self, width=self.width * factor, height=self.height * factor, focal_px=self.focal_px * factor
        )

    def rays(self) -> npt.NDArray[np.float32]:
        """H×W×3 float32: world direction through every pixel centre, of length 1 along the optical axis."""
        u = (np.arange(self.width, dtype=np.float32) + 0.5 - self.width / 2) / self.focal_px
        v = (np.arange(self.height, dtype=np.float32) + 0.5 - self.height / 2) / self.focal_px
        right, down, forward = self.rotation.astype(np.float32)
        return np.asarray(u[None, :, None] * right + v[:, None, None] * down + forward, np.float32)
