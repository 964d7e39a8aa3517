"""Shaded meshes of quads: the bodies of vehicles, painted from far to near into a sprite."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edge.samples.camera import Pinhole
from edge.samples.light import Lit
from edge.samples.sprite import Sprite

F32 = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Quads of an object standing at the origin and looking along +y.

    Attributes:
        quads: float64 n×4×3, corners in metres, counter-clockwise seen from outside.
        colours: float32 n×3, RGB 0..1.
        gloss: float32 n, how much of the sky the surface mirrors.
        glow: float32 n, light of its own added to the albedo.
        rank: int n, quads of a higher rank are painted over all of a lower one (lamps over the body).
    """

    quads: Floats
    colours: F32
    gloss: F32
    glow: F32
    rank: npt.NDArray[np.int64]


def placed(points: Floats, x_m: float, y_m: float, heading: float) -> Floats:
    """Points …×3 turned by the heading (clockwise from +y) and moved to a ground point."""
    sin, cos = np.sin(heading), np.cos(heading)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(points @ turn + np.array([x_m, y_m, 0.0]))


def paint_mesh(mesh: Mesh, quads: Floats, camera: Pinhole, lit: Lit, sky: F32) -> Sprite | None:
    """The sprite of a mesh whose quads have been placed; None if it reaches behind the camera."""
    flat, depth = camera.project(quads.reshape(-1, 3))
    if depth.min() < 0.8:
        return None
    low, high = np.floor(flat.min(axis=0)) - 1, np.ceil(flat.max(axis=0)) + 2
    width, height = (int(v) for v in high - low)
    if width > 3 * camera.width or height > 3 * camera.height:
        return None
    corners = flat.reshape(-1, 4, 2)
    a, b = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
    front = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) < 0
    order = np.flatnonzero(front)
    mean = depth.reshape(-1, 4).mean(axis=1)
    order = order[np.lexsort((-mean[order], mesh.rank[order]))]
    colours = _shaded(mesh, quads, camera, lit, sky)
    points = np.round((corners - low) * (1 << SUBPIXEL_BITS)).astype(np.int32)
    colour = np.zeros((height, width, 3), np.uint8)
    mask = np.zeros((height, width), np.uint8)
    for i in order.tolist():
        cv2.fillConvexPoly(colour, points[i], colours[i].tolist(), cv2.LINE_8, SUBPIXEL_BITS)
        cv2.fillConvexPoly(mask, points[i], 1, cv2.LINE_8, SUBPIXEL_BITS)
    return Sprite(int(low[0]), int(low[1]), colour, mask.view(np.bool_))


def _shaded(mesh: Mesh, quads: Floats, camera: Pinhole, lit: Lit, sky: F32) -> npt.NDArray[np.uint8]:
    normal = np.cross(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    seen = (camera.rotation @ normal.T).astype(np.float32)[:, :, None]
    light = lit.shade(seen)[:, 0]
    up = np.clip(normal[:, 2], 0, 1).astype(np.float32)
    mirror = mesh.gloss * (0.25 + 0.75 * up)
    colour = mesh.colours * light * (1 - 0.6 * mirror)[:, None] + mirror[:, None] * sky
    lamp = mesh.colours * mesh.glow[:, None]
    return np.asarray(np.clip((colour + lamp) * 255.0, 0, 255).astype(np.uint8))
