"""A camera over a street whose truth is known exactly: the sample clips' own pinhole."""

import numpy as np

from edge.ground.lens import F64, Lens
from edge.samples.camera import Pinhole

CAMERA = Pinhole(640, 360, focal_px=686.0, height_m=5.2, tilt_deg=20.0)
LENS = Lens(640 / 360)
VIEW_DEG = float(np.degrees(2 * np.arctan(320 / 686.0)))
ZONE = ((0.51, 0.70), (0.91, 0.70), (0.82, 0.49), (0.507, 0.49))


def horizon(camera: Pinhole) -> float:
    """Where the horizon passes the middle of the picture, picture heights from the top."""
    a, b, c = np.linalg.inv(camera.homography)[2]
    return float(-(a * 0.5 + c) / b)


def true_area(zone: tuple[tuple[float, float], ...], camera: Pinhole = CAMERA) -> float:
    """Square metres of a zone: straight sides stay straight on the ground."""
    x, y = camera.ground_at(zone).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def spots(rng: np.random.Generator, n: int) -> F64:
    """Points of the unit square over the whole depth of the picture."""
    return rng.uniform([0.08, 0.32], [0.92, 0.96], (n, 2))
