"""A picture to check a ground plane by: what was marked, and a grid of metres over the empty street, with
figures as high as people.

Law: what does not fit is told by its form and not by its colour alone: broken lines, and crosses for spots.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from edge.config.spec import CameraSpec
from edge.ground.above import seen_above
from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.ground.stature import STATURE_M
from edge.run.calibrate_marks import Doubt, Mark, What
from edge.run.overlay import LINE, MASK, WHITE, WIDTH_PX, ZONE, Colour, write
from edge.scene.polygons import Point
from edge.values.frame import Pixels

GRID: Colour = (240, 200, 60)
MARKS: dict[What, Colour] = {
    What.SPOT: (120, 220, 255),
    What.ALONG: (120, 220, 255),
    What.ACROSS: (255, 150, 240),
    What.LENGTH: (255, 255, 255),
    What.EDGE: (150, 255, 150),
}
DOUBTED: Colour = (255, 70, 60)
DASH_PX = 9
LEAST_PX_PER_M = 18.0
"""Where the grid ends: farther away, a metre is too small to be looked at."""
MOST_LINES = 40
FEET = np.array([(0.35, 0.4), (0.65, 0.4), (0.5, 0.65), (0.2, 0.9), (0.8, 0.9)])
"""Where figures stand."""
LISTED = 6


def ground_picture(
    street: Pixels, camera: CameraSpec, ground: Ground | None, marks: Sequence[Mark]
) -> tuple[Pixels, float | None]:
    """The street with the grid, the camera's zones and lines, and marks; and the grid's step, metres.

    Args:
        street: uint8 H×W×3 RGB.
        camera: whose zones and lines are drawn.
        ground: of the camera; None where what was marked gives none, and no grid is drawn.
        marks: by which the ground was measured.
    """
    scale = WIDTH_PX / street.shape[1]
    canvas = np.asarray(cv2.resize(street, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    step = None
    for mask in camera.masks:
        cv2.fillPoly(canvas, [_pixels(canvas, mask)], MASK)
    if ground is not None:
        step, lines = _grid(ground, canvas.shape[0])
        for line in lines:
            cv2.polylines(canvas, [_pixels(canvas, line)], False, GRID, 1, cv2.LINE_AA)
        for figure in _figures(ground, canvas.shape[0]):
            _stand(canvas, figure)
    drawn = [(zone.id, zone.polygon, True, ZONE) for zone in camera.zones]
    drawn += [(line.id, line.points, False, LINE) for line in camera.lines]
    for name, points, closed, colour in drawn:
        corners = _pixels(canvas, points)
        cv2.polylines(canvas, [corners], closed, colour, 2, cv2.LINE_AA)
        write(canvas, name, corners[0], colour)
    for mark in sorted(marks, key=lambda mark: (bool(mark.doubt), mark.what is not What.LENGTH)):
        _draw(canvas, mark)  # a length often lies on a line, and hides what is drawn before it
    _legend(canvas, marks, step)
    return canvas, step


def _pixels(canvas: Pixels, unit: Sequence[Point] | F64) -> npt.NDArray[np.int32]:
    return (np.array(unit) * canvas.shape[1::-1]).round().astype(np.int32)


def _draw(canvas: Pixels, mark: Mark) -> None:
    colour = DOUBTED if mark.doubt else MARKS[mark.what]
    pixels = _pixels(canvas, mark.points)
    if len(pixels) == 1:
        at = (int(pixels[0, 0]), int(pixels[0, 1]))
        shape = cv2.MARKER_TILTED_CROSS if mark.doubt else cv2.MARKER_DIAMOND
        cv2.drawMarker(canvas, at, colour, shape, 18 if mark.doubt else 12, 2, cv2.LINE_AA)
    for start, end in pairwise(pixels.astype(np.float64)):
        for piece in _dashes(start, end) if mark.doubt else [np.stack([start, end])]:
            cv2.polylines(canvas, [piece.round().astype(np.int32)], False, colour, 2, cv2.LINE_AA)
    name = str(mark.number) if mark.what is What.SPOT else f"{mark.what} {mark.number}"
    write(canvas, name, (pixels[0] + pixels[-1]) // 2 + np.array([9, 0]), colour)


def _dashes(start: F64, end: F64) -> Iterator[F64]:
    """Pieces 2×2 of a broken line, pixels."""
    count = max(1, int(np.hypot(*(end - start)) // (2 * DASH_PX)))
    for i in range(count):
        yield start + (end - start) * np.array([[i], [i + 0.5]]) / count


def _legend(canvas: Pixels, marks: Sequence[Mark], step: float | None) -> None:
    """From the lower edge upwards: the grid, then what is drawn otherwise because it is doubted."""
    rows = [("no grid: what is marked gives no ground", DOUBTED)]
    if step is not None:
        rows = [(f"one square is {step:g} x {step:g} m, figures are {STATURE_M:g} m high", WHITE)]
    form = "crosses" if any(mark.what is What.SPOT for mark in marks) else "broken lines"
    for doubt in (Doubt.WRONG, Doubt.PERHAPS):
        those = [f"{mark.what} {mark.number}" for mark in marks if mark.doubt is doubt]
        if those:
            listed = ", ".join(those) if len(those) < LISTED else f"{len(those)} of them"
            rows.append((f"{form}, {doubt}: {listed}", DOUBTED))
    for row, (text, colour) in enumerate(rows):
        write(canvas, text, np.array([0, canvas.shape[0] - 22 * row]), colour)


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


def _figures(ground: Ground, height_px: int) -> Iterator[F64]:
    """Feet and crown 2×2, unit square, of people who stand about."""
    with np.errstate(invalid="ignore"):
        near = ground.px_per_m(FEET, height_px) >= LEAST_PX_PER_M
    for figure in np.stack([FEET, seen_above(ground, FEET, STATURE_M)], axis=1)[near]:
        if np.isfinite(figure).all() and (np.abs(figure - 0.5) < 1.0).all():
            yield figure


def _stand(canvas: Pixels, figure: F64) -> None:
    """Draw somebody as a pole with a head."""
    feet, crown = _pixels(canvas, figure)
    head = max(2, round(float(np.hypot(*(feet - crown))) / 14))  # people are seven heads high
    down = (feet - crown) / max(float(np.hypot(*(feet - crown))), 1.0)
    neck = (crown + 2 * head * down).round().astype(np.int32)
    cv2.polylines(canvas, [np.array([feet, neck])], False, WHITE, 2, cv2.LINE_AA)
    at = (crown + head * down).round().astype(int).tolist()
    cv2.circle(canvas, (at[0], at[1]), head, WHITE, 2, cv2.LINE_AA)


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
