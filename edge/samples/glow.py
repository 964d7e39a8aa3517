"""Glow: what driving lamps do to the road ahead and to the lens."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.gait import Stance
from edge.samples.mesh import placed
from edge.samples.sprite import Canvas, Seen
from edge.samples.texture import F32
from edge.values.frame import Pixels

_SHRINK = 4
_WARM = np.array([1.0, 0.93, 0.76], np.float32)
_RED = np.array([0.9, 0.12, 0.08], np.float32)


@dataclass(frozen=True, slots=True)
class Driving:
    """A vehicle with its lamps on: the id of its object, where it is, and its length."""

    id: int
    stance: Stance
    length_m: float


def light_road(picture: Pixels, camera: Pinhole, driving: Sequence[Driving]) -> None:
    """Add the cones of light on the road before every vehicle, in place."""
    if not driving:
        return
    light = np.zeros((picture.shape[0] // _SHRINK, picture.shape[1] // _SHRINK, 3), np.float32)
    for vehicle in driving:
        front, stance = vehicle.length_m / 2, vehicle.stance
        for far, strength in ((3.0, 26.0), (6.0, 20.0), (11.0, 14.0)):
            cone = [
                [-0.8, front + 0.6, 0],
                [0.8, front + 0.6, 0],
                [1.6, front + far, 0],
                [-1.6, front + far, 0],
            ]
            pixels, depth = camera.project(placed(np.array(cone), stance.x_m, stance.y_m, stance.heading))
            if depth.min() > 0.8:
                layer = np.zeros_like(light)
                cv2.fillConvexPoly(
                    layer, np.round(pixels / _SHRINK).astype(np.int32), (_WARM * strength).tolist()
                )
                light += layer
    _add(picture, light)


def lamp_halos(canvas: Canvas, camera: Pinhole, seen: Sequence[Seen], driving: Sequence[Driving]) -> None:
    """Add a halo round every lamp that looks at the camera and that nothing hides, in place."""
    owners = {item.id: owner for owner, item in enumerate(seen) if item.id >= 0}
    light = np.zeros((canvas.ids.shape[0] // _SHRINK, canvas.ids.shape[1] // _SHRINK, 3), np.float32)
    for vehicle in driving:
        halos = [*_halos(camera, vehicle, 1.0), *_halos(camera, vehicle, -1.0)]
        for u, v, radius, colour in halos:
            inside = 0 <= u < canvas.ids.shape[1] and 0 <= v < canvas.ids.shape[0]
            if inside and canvas.ids[int(v), int(u)] == owners.get(vehicle.id):
                cv2.circle(light, (round(u / _SHRINK), round(v / _SHRINK)), radius, colour, -1)
    if light.any():
        _add(canvas.colour, light)


def _halos(camera: Pinhole, vehicle: Driving, end: float) -> list[tuple[float, float, int, list[float]]]:
    """Pixel, radius and colour of the halos in front (end 1) or behind (-1) that look at the camera."""
    stance, y = vehicle.stance, end * vehicle.length_m / 2
    ahead = end * np.array([np.sin(stance.heading), np.cos(stance.heading)])
    spots = placed(np.array([[-0.62, y, 0.62], [0.62, y, 0.62]]), stance.x_m, stance.y_m, stance.heading)
    toward = -float(ahead @ spots[:, :2].mean(axis=0)) / max(1.0, float(np.hypot(*spots[0, :2])))
    pixels, depth = camera.project(spots)
    if depth.min() < 0.8 or toward <= 0.1:
        return []
    colour = (210 * _WARM if end > 0 else 70 * _RED) * np.float32(toward)
    radii = np.maximum(1, np.round(0.16 * camera.focal_px / depth / _SHRINK)).astype(int)
    return [(float(u), float(v), int(r), colour.tolist()) for (u, v), r in zip(pixels, radii, strict=True)]


def _add(picture: Pixels, light: F32) -> None:
    soft = cv2.GaussianBlur(light, (0, 0), 2.2)
    large = cv2.resize(soft, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    cv2.add(picture, np.clip(large, 0, 255).astype(np.uint8), dst=picture)
