"""Round limbs: tapered capsules with smooth normals, painted into a small depth-tested patch.

A capsule is drawn as an impostor: per pixel the nearest point of its axis gives the radius, the normal
and the depth, so that limbs meet without seams and shade like round bodies.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edge.samples.camera import Pinhole
from edge.samples.light import Lit
from edge.samples.sprite import Sprite

F32 = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Capsules:
    """A body as a struct of arrays of equal length n.

    Attributes:
        starts: float64 n×3, one end of each axis, world metres.
        ends: float64 n×3, the other end.
        radii: float64 n×2, radius at start and end, metres.
        materials: int n, row of the palette.
    """

    starts: Floats
    ends: Floats
    radii: Floats
    materials: npt.NDArray[np.int64]


class Patch:
    """The depth buffer, normals and materials of one body, at its place on the canvas."""

    def __init__(self, left: int, top: int, width: int, height: int) -> None:
        self.left, self.top = left, top
        self.x: F32 = np.arange(left, left + width, dtype=np.float32)[None, :] + np.float32(0.5)
        self.y: F32 = np.arange(top, top + height, dtype=np.float32)[:, None] + np.float32(0.5)
        self.depth: F32 = np.full((height, width), np.inf, np.float32)
        self.normal: F32 = np.zeros((3, height, width), np.float32)
        self.material: npt.NDArray[np.uint8] = np.zeros((height, width), np.uint8)

    def stamp(self, a: Floats, b: Floats, radii: Floats, per_px: float, material: int) -> None:
        """Add a capsule between two ends (u px, v px, depth m); radii px, `per_px` metres per pixel."""
        reach = float(radii.max()) + 1.0
        height, width = self.depth.shape
        x1 = max(0, int(min(a[0], b[0]) - reach) - self.left)
        x2 = min(width, int(max(a[0], b[0]) + reach) + 2 - self.left)
        y1 = max(0, int(min(a[1], b[1]) - reach) - self.top)
        y2 = min(height, int(max(a[1], b[1]) + reach) + 2 - self.top)
        if x1 >= x2 or y1 >= y2:
            return
        axis = (b - a)[:2].astype(np.float32)
        dx, dy = self.x[:, x1:x2] - np.float32(a[0]), self.y[y1:y2] - np.float32(a[1])
        along = (dx * axis[0] + dy * axis[1]) / np.float32(max(float(axis @ axis), 1e-6))
        np.clip(along, 0.0, 1.0, out=along)
        radius = np.float32(radii[0]) + along * np.float32(radii[1] - radii[0])
        nx, ny = (dx - along * axis[0]) / radius, (dy - along * axis[1]) / radius
        facing = 1.0 - nx * nx - ny * ny
        inside = facing > 0.0
        nz = np.sqrt(np.maximum(facing, 0.0))
        depth = np.float32(a[2]) + along * np.float32(b[2] - a[2]) - nz * radius * np.float32(per_px)
        here = np.s_[y1:y2, x1:x2]
        inside &= depth < self.depth[here]
        np.copyto(self.depth[here], depth, where=inside)
        for plane, values in zip(self.normal, (nx, ny, -nz), strict=True):
            np.copyto(plane[here], values, where=inside)
        np.copyto(self.material[here], np.uint8(material), where=inside)


def paint_body(body: Capsules, palette: F32, camera: Pinhole, lit: Lit, cloth: F32) -> Sprite | None:
    """The sprite of a body of capsules; None if it is behind the camera.

    Args:
        palette: float32 m×3, RGB 0..1 of each material.
        cloth: float32 square tile around 1: folds and dirt.
    """
    n = len(body.materials)
    pixels, depth = camera.project(np.concatenate([body.starts, body.ends]))
    if depth.min() < 0.5:
        return None
    per_px = depth / camera.focal_px
    radii = np.column_stack([body.radii[:, 0] / per_px[:n], body.radii[:, 1] / per_px[n:]])
    reach = np.concatenate([radii[:, 0], radii[:, 1]])[:, None]
    low, high = np.floor((pixels - reach).min(axis=0)) - 1, np.ceil((pixels + reach).max(axis=0)) + 1
    width, height = (int(v) for v in high - low)
    if width > 2 * camera.width or height > 3 * camera.height:
        return None
    patch = Patch(int(low[0]), int(low[1]), width, height)
    ends = np.column_stack([pixels, depth])
    for i in range(n):
        patch.stamp(ends[i], ends[n + i], radii[i], float(per_px[i]), int(body.materials[i]))
    return _shade(patch, palette, lit, cloth)


def _shade(patch: Patch, palette: F32, lit: Lit, cloth: F32) -> Sprite:
    """Light the patch by its normals."""
    height, width = patch.depth.shape
    fold = _fit(cloth, height, width)
    # limbs that overlap would show creases where cloth hangs smooth
    smooth = [cv2.GaussianBlur(plane, (0, 0), max(0.5, height / 80)) for plane in patch.normal]
    shade = lit.shade(np.asarray(smooth, np.float32))
    albedo = palette[patch.material] * fold[:, :, None]
    colour = np.clip(albedo * shade * 255.0, 0, 255).astype(np.uint8)
    return Sprite(patch.left, patch.top, colour, np.isfinite(patch.depth))


def _fit(tile: F32, height: int, width: int) -> F32:
    """The tile repeated to height×width, zoomed so that folds scale with the body."""
    side = len(tile)
    zoom = side / max(1.0, 1.4 * height)
    rows = (np.arange(height) * zoom).astype(np.intp) % side
    columns = (np.arange(width) * zoom).astype(np.intp) % side
    return tile[rows[:, None], columns[None, :]]
