"""A picture to check a ground plane by: a grid of metres over the street without its people."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from edge.config.spec import CameraSpec
from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.run.overlay import FONT, LINE, MASK, WHITE, WIDTH_PX, ZONE, Colour, write
from edge.values.frame import Pixels

GRID: Colour = (240, 200, 60)
SPOT: Colour = (255, 80, 80)
LEAST_PX_PER_M = 18.0
"""Where the grid ends: farther away, a metre is too small to be looked at."""
MOST_LINES = 40


def ground_picture(
    street: Pixels, camera: CameraSpec, ground: Ground, spots: Sequence[tuple[float, float]]
) -> tuple[Pixels, float]:
    """The street with the grid, the camera's zones, lines and surveyed spots; and the grid's step, metres.

    Args:
        street: uint8 H×W×3 RGB.
        camera: whose zones and lines are drawn.
        ground: of the camera.
        spots: surveyed points, unit square.
    """
    scale = WIDTH_PX / street.shape[1]
    canvas = np.asarray(cv2.resize(street, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    size = np.array(canvas.shape[1::-1])
    step, lines = _grid(ground, canvas.shape[0])
    for mask in camera.masks:
        cv2.fillPoly(canvas, [(np.array(mask) * size).round().astype(np.int32)], MASK)
    for line in lines:
        cv2.polylines(canvas, [(line * size).round().astype(np.int32)], False, GRID, 1, cv2.LINE_AA)
    drawn = [(zone.id, zone.polygon, True, ZONE) for zone in camera.zones]
    drawn += [(line.id, line.points, False, LINE) for line in camera.lines]
    for name, points, closed, colour in drawn:
        corners = (np.array(points) * size).round().astype(np.int32)
        cv2.polylines(canvas, [corners], closed, colour, 2, cv2.LINE_AA)
        write(canvas, name, corners[0], colour)
    for number, spot in enumerate(spots, 1):
        x, y = (np.array(spot) * size).round().astype(int).tolist()
        cv2.circle(canvas, (x, y), 6, SPOT, 2, cv2.LINE_AA)
        cv2.putText(canvas, str(number), (x + 9, y + 5), FONT, 0.6, SPOT, 2, cv2.LINE_AA)
    write(canvas, f"one square is {step:g} x {step:g} m", np.array([0, canvas.shape[0]]), WHITE)
    return canvas, step


def _grid(ground: Ground, height_px: int) -> tuple[float, Iterator[F64]]:
    """The grid's step in metres, and its lines as they are seen, unit square."""
    at = np.stack(np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 1, 41)), axis=-1).reshape(-1, 2)
    with np.errstate(invalid="ignore"):
        near = ground.px_per_m(at, height_px) >= LEAST_PX_PER_M
    floor = ground.metres(at)[near]
    low, high = np.nanmin(floor, axis=0), np.nanmax(floor, axis=0)
    step = next(
        s for s in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 1e6) if ((high - low) / s).max() <= MOST_LINES
    )
    return step, _lines(ground, np.floor(low / step) * step, np.ceil(high / step) * step, step)


def _lines(ground: Ground, low: F64, high: F64, step: float) -> Iterator[F64]:
    for axis in (0, 1):
        along = np.linspace(low[1 - axis], high[1 - axis], 200)
        for fixed in np.arange(low[axis], high[axis] + step / 2, step):
            points = np.empty((len(along), 2))
            points[:, axis], points[:, 1 - axis] = fixed, along
            seen = ground.seen_at(points)
            shown = np.isfinite(seen).all(axis=1) & (np.abs(np.nan_to_num(seen) - 0.5) < 1.0).all(axis=1)
            if shown.sum() > 1:
                yield seen[shown]
