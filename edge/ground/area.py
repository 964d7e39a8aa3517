"""How much floor a drawn area covers, and how sure that is.

Law: floor that cannot be seen is no floor: what is masked, and what lies at or above the horizon, has no
area; an area that reaches the horizon has no finite one and is refused.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.values.crowd import Floor, Width

CELLS = 96
"""Cells along each side of an area's bounding box; the border errs by far less than the plane."""


def floor_of(
    ground: Ground, polygon: Sequence[tuple[float, float]], masks: Sequence[Sequence[tuple[float, float]]]
) -> Floor:
    """The visible floor in a polygon of the unit square, without what is in a mask.

    Raises:
        ValueError: it reaches the horizon, or nothing of it is left.
    """
    ring = np.array(polygon, dtype=np.float64)
    corners, middles = _grid(ring)
    taken = within(middles, ring)
    for mask in masks:
        taken &= ~within(middles, np.array(mask, dtype=np.float64))
    if not taken.any():
        raise ValueError("all of its floor is excluded")
    if not np.isfinite(ground.metres(ring)).all():
        raise ValueError(
            "it reaches the horizon of the camera's ground plane, where floor has no area: draw it "
            "lower, or measure the ground again"
        )
    rows = ground.metres_on_each(corners.reshape(-1, 2))
    areas = _cells(rows.reshape(len(rows), *corners.shape))[:, taken].sum(axis=1)
    return Floor(float(areas[0]), float(ground.spread(np.nan_to_num(areas, nan=areas[0] * 10))))


def is_hidden(polygon: Sequence[tuple[float, float]], masks: Sequence[Sequence[tuple[float, float]]]) -> bool:
    """Whether masks leave nothing of a polygon of the unit square."""
    ring = np.array(polygon, dtype=np.float64)
    middles = _grid(ring)[1]
    taken = within(middles, ring)
    for mask in masks:
        taken &= ~within(middles, np.array(mask, dtype=np.float64))
    return not taken.any()


def width_of(ground: Ground, points: Sequence[tuple[float, float]]) -> Width:
    """The length on the ground of a chain of points in the unit square.

    Raises:
        ValueError: it reaches the horizon.
    """
    at = ground.metres_on_each(np.array(points, dtype=np.float64))
    if not np.isfinite(at[0]).all():
        raise ValueError("it reaches the horizon of the camera's ground plane, where nothing has a length")
    lengths = np.hypot(*np.moveaxis(np.diff(at, axis=1), 2, 0)).sum(axis=1)
    return Width(float(lengths[0]), float(ground.spread(np.nan_to_num(lengths, nan=lengths[0] * 10))))


def within(points: F64, ring: F64) -> npt.NDArray[np.bool_]:
    """Whether points ...×2 lie in a polygon k×2, by the even-odd rule."""
    x, y = points[..., 0], points[..., 1]
    odd = np.zeros(x.shape, dtype=np.bool_)
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if ay != by:
            odd ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return odd


class Rings:
    """Polygons, z of them, made ready for many tests: what `within` says of each, of all at once."""

    def __init__(self, polygons: Sequence[Sequence[tuple[float, float]]]) -> None:
        rings = [np.array(polygon, np.float64).reshape(-1, 2) for polygon in polygons]
        ranks = sorted(range(len(rings)), key=lambda k: -len(rings[k]))
        self._order = np.argsort(ranks)
        """Where each polygon is among them, those of most corners first."""
        most = max(map(len, rings), default=0)
        edges = [[k for k in ranks if corner < len(rings[k])] for corner in range(most)]
        self._counts = [len(those) for those in edges]
        """How many polygons have a first edge, a second, and so on, as edges follow each other below."""
        a = [rings[k][corner] for corner, those in enumerate(edges) for k in those]
        b = [rings[k][corner + 1 - len(rings[k])] for corner, those in enumerate(edges) for k in those]
        (ax, ay), (bx, by) = (np.array(ends, np.float64).reshape(-1, 2).T[:, :, None] for ends in (a, b))
        self._ax, self._ay, self._by, self._over = ax, ay, by, bx - ax
        self._rise = np.where(by == ay, 1.0, by - ay)  # a level edge is met by no ray

    def hold(self, points: F64) -> npt.NDArray[np.bool_]:
        """Whether each polygon holds each of points n×2, bool z×n."""
        odd = np.zeros((len(self._order), len(points)), np.bool_)
        if not odd.size:
            return odd
        x, y = points.T.copy()
        met = (self._ay > y) != (self._by > y)
        at = y - self._ay
        at *= self._over
        at /= self._rise
        at += self._ax
        met &= x < at
        begin = 0
        for count in self._counts:
            odd[:count] ^= met[begin : begin + count]
            begin += count
        return odd.take(self._order, axis=0)


def _grid(ring: F64) -> tuple[F64, F64]:
    """Corners (c+1)×(c+1)×2 and middles c×c×2 of cells over the bounding box."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    x, y = (np.linspace(low[i], high[i], CELLS + 1) for i in (0, 1))
    corners = np.stack(np.meshgrid(x, y), axis=-1)
    return corners, (corners[:-1, :-1] + corners[1:, 1:]) / 2


def _cells(at: F64) -> F64:
    """Areas p×c×c of quadrilaterals between corners p×(c+1)×(c+1)×2."""
    across = at[:, 1:, 1:] - at[:, :-1, :-1]
    along = at[:, 1:, :-1] - at[:, :-1, 1:]
    return np.asarray(np.abs(across[..., 0] * along[..., 1] - across[..., 1] * along[..., 0]) / 2)


def cells_of(
    ground: Ground,
    polygon: Sequence[tuple[float, float]],
    masks: Sequence[Sequence[tuple[float, float]]],
    cell_m: float,
    most: int,
) -> tuple[tuple[int, int], ...]:
    """Columns and rows of a grid of the ground whose cells have their middle in the visible floor of a
    polygon.

    Raises:
        ValueError: it reaches the horizon, or the floor has no such cell, or more than `most`.
    """
    ring = np.array(polygon, dtype=np.float64)
    share = np.linspace(0, 1, 33)[:-1, None, None]
    border = (ring + share * (np.roll(ring, -1, axis=0) - ring)).reshape(-1, 2)
    at = ground.metres(border)
    if not np.isfinite(at).all():
        raise ValueError(
            "it reaches the horizon of the camera's ground plane, where floor has no area: draw it "
            "lower, or measure the ground again"
        )
    low, high = np.floor(at.min(axis=0) / cell_m), np.ceil(at.max(axis=0) / cell_m)
    if np.prod(high - low) > 100 * most:
        raise ValueError(
            f"wanted at most {most} cells, and cells of {cell_m:g} m make far more: take larger ones"
        )
    columns, rows = (np.arange(low[k], high[k]) for k in (0, 1))
    cells = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    middles = ground.seen_at((cells + 0.5) * cell_m)
    taken = np.isfinite(middles).all(axis=1) & within(np.nan_to_num(middles, nan=-9.0), ring)
    for mask in masks:
        taken &= ~within(np.nan_to_num(middles, nan=-9.0), np.array(mask, dtype=np.float64))
    if not 1 <= taken.sum() <= most:
        other = "larger" if taken.any() else "smaller"
        raise ValueError(
            f"wanted 1 to {most} cells, and cells of {cell_m:g} m make {int(taken.sum())}: take {other} ones"
        )
    return tuple((int(x), int(y)) for x, y in cells[taken])
