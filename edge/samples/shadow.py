"""Shadows that bodies cast on the ground, soft and all at once."""

import cv2
import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.capsule import Capsules, Floats
from edge.samples.light import Light
from edge.samples.texture import F32
from edge.values.frame import Pixels

_SHRINK = 2
_BITS = 4


class Shadows:
    """Collects the shadows of one frame, then darkens the ground under them; walls stay as they are.

    Two layers: what stands between the ground and the sun, and the soft darkness close under every body.
    """

    def __init__(self, light: Light, camera: Pinhole, ground: F32) -> None:
        self._light, self._camera, self._ground = light, camera, ground
        self._size = (camera.height // _SHRINK, camera.width // _SHRINK)
        self._cast = np.zeros(self._size, np.uint8)
        self._under = np.zeros(self._size, np.uint8)

    def add_body(self, body: Capsules) -> None:
        """The shadow of a body of capsules."""
        if self._light.shadow <= 0:
            return
        starts, ends = self._fallen(body.starts), self._fallen(body.ends)
        pixels, depth = self._camera.project(np.concatenate([starts, ends]))
        if depth.min() < 0.5:
            return
        n = len(starts)
        thick = 2 * body.radii.mean(axis=1) * self._camera.focal_px / depth[:n] / _SHRINK
        points = np.round(pixels / _SHRINK * (1 << _BITS)).astype(np.int32).tolist()
        for i in np.flatnonzero(body.radii.max(axis=1) > 0.5).tolist():
            self._disc(self._cast, starts[i, :2], float(body.radii[i, 0]), 255)
        for i in np.flatnonzero(body.radii.max(axis=1) <= 0.5).tolist():
            cv2.line(
                self._cast, points[i], points[n + i], 255, max(1, round(float(thick[i]))), cv2.LINE_8, _BITS
            )
        self._disc(self._under, body.starts[:, :2].mean(axis=0), 0.32, 150)

    def add_solid(self, quads: Floats) -> None:
        """The shadow of a vehicle of quads n×4×3."""
        corners = quads.reshape(-1, 3)
        self._fill(self._cast, self._fallen(corners[:: max(1, len(corners) // 300)]), 255)
        low = corners[corners[:, 2] < 0.6] * [1, 1, 0]
        self._fill(self._under, low, 255)

    def _fallen(self, points: Floats) -> Floats:
        """Where the light drops points on the ground."""
        sx, sy, sz = self._light.sun
        drop = points[:, 2:] / sz
        return np.column_stack([points[:, :2] - drop * [sx, sy], np.zeros(len(points))])

    def _fill(self, layer: Pixels, points: Floats, value: int) -> None:
        pixels, depth = self._camera.project(points)
        if depth.min() < 0.5:
            return
        hull = cv2.convexHull((pixels / _SHRINK).astype(np.float32))
        cv2.fillConvexPoly(layer, np.round(hull * (1 << _BITS)).astype(np.int32), value, cv2.LINE_8, _BITS)

    def _disc(self, layer: Pixels, place: Floats, radius_m: float, value: int) -> None:
        angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        rim = np.column_stack([np.cos(angles), np.sin(angles)]) * radius_m + place
        self._fill(layer, np.column_stack([rim, np.zeros(16)]), value)

    def fall(self, picture: Pixels, factor: int) -> None:
        """Darken the picture, in place; `factor` is its supersampling."""
        soft = self._light.softness_m * 12
        strength = self._light.shadow
        dark = _blurred(self._cast, 0.5 * factor + soft) * np.float32(strength)
        dark += _blurred(self._under, 2.0 * factor) * np.float32(0.45 if strength < 0.4 else 0.3)
        np.clip(dark, 0, 0.85, out=dark)
        dark *= cv2.resize(self._ground, self._size[::-1], interpolation=cv2.INTER_LINEAR)
        keep = cv2.resize(1 - dark, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
        rows = np.flatnonzero(keep.min(axis=1) < 0.998)
        if len(rows):
            span = np.s_[rows[0] : rows[-1] + 1]
            picture[span] = (picture[span] * keep[span, :, None]).astype(np.uint8)


def _blurred(layer: Pixels, sigma: float) -> F32:
    if not layer.any():
        return np.zeros(layer.shape, np.float32)
    return np.asarray(
        cv2.GaussianBlur(layer.astype(np.float32) / np.float32(255), (0, 0), max(0.3, sigma / _SHRINK))
    )
