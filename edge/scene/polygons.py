"""How deep points stand in polygons.

Law: depth is the distance to the nearest border, positive inside, negative outside. A border that
runs along the edge of the picture is no border: nobody can be seen beyond it, and feet cut off by
the picture stand on it. Coordinates are picture heights, see `edge.scene.segments`.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from edge.scene.segments import F64, Segments

Point = tuple[float, float]

SNAP = 0.005
"""Vertices nearer than this to the picture's edge, in the unit square, are taken to be on it."""


class Polygons:
    """Simple polygons, z of them, made ready for many tests."""

    def __init__(self, polygons: Sequence[Sequence[Point]], aspect: float) -> None:
        """Polygons from vertices in the unit square of a picture `aspect` times as wide as high."""
        rings = [_snapped(polygon) for polygon in polygons]
        sizes = [len(ring) for ring in rings]
        self._start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
        unit_a = np.concatenate([np.empty((0, 2)), *rings])
        unit_b = np.concatenate([np.empty((0, 2)), *(np.roll(ring, -1, axis=0) for ring in rings)])
        scale = np.array([aspect, 1.0])
        self._a, self._b = unit_a * scale, unit_b * scale
        self._segments = Segments(self._a, self._b)
        along = self._b - self._a
        self._slant = along[:, 0] / np.where(along[:, 1] == 0.0, 1.0, along[:, 1])
        self._beyond = np.where(_on_picture_edge(unit_a, unit_b), np.inf, 0.0)
        self.widest_margin = self._widest_margin()

    def depth(self, points: F64) -> F64:
        """Depth of points n×2, float64 n×z; infinite where a polygon has no border in the picture."""
        first = self._start[:-1]
        if not len(first) or not len(points):
            return np.zeros((len(points), len(first)))
        gap2 = self._segments.squared_distance(points)
        gap2 += self._beyond
        inside = np.logical_xor.reduceat(self._above(points), first, axis=1)
        depth = np.sqrt(np.minimum.reduceat(gap2, first, axis=1))
        return np.asarray(np.negative(depth, out=depth, where=~inside))

    def chord(self, p: F64, q: F64, zone: int, margin: float) -> float:
        """Share of the step p → q (2 each) inside polygon `zone`; 0 if never deeper than `margin`."""
        span = slice(self._start[zone], self._start[zone + 1])
        hit = self._segments.crossings(p[None], q[None])[0, span] != 0
        a, b = self._a[span][hit], self._b[span][hit]
        cuts = np.concatenate([[0.0], np.sort(_share_along(p, q, a, b)), [1.0]])
        middle = (cuts[1:] + cuts[:-1]) / 2
        depth = self.depth(p + middle[:, None] * (q - p))[:, zone]
        if not (depth > margin).any():
            return 0.0
        return float(np.diff(cuts)[depth > 0].sum())

    def _above(self, points: F64) -> npt.NDArray[np.bool_]:
        """Whether a ray to the right of each point meets each edge, n×edges (even-odd rule)."""
        x, y = points[:, :1], points[:, 1:]
        ax, ay, by = self._a[:, 0], self._a[:, 1], self._b[:, 1]
        return np.asarray(((ay > y) != (by > y)) & (x < ax + (y - ay) * self._slant))

    def _widest_margin(self) -> F64:
        """Half the in-radius of a long strip of the same area and girth, by polygon.

        A margin wider than this would make a narrow zone impossible to enter.
        """
        first = self._start[:-1]
        if not len(first):
            return np.empty(0)
        cross = self._a[:, 0] * self._b[:, 1] - self._a[:, 1] * self._b[:, 0]
        length = np.hypot(*(self._b - self._a).T)
        area = np.abs(np.add.reduceat(cross, first)) / 2
        return np.asarray(area / (2 * np.add.reduceat(length, first)))


def _snapped(polygon: Sequence[Point]) -> F64:
    ring = np.array(polygon, dtype=np.float64)
    ring[ring < SNAP] = 0.0
    ring[ring > 1 - SNAP] = 1.0
    return ring


def _on_picture_edge(a: F64, b: F64) -> npt.NDArray[np.bool_]:
    return np.asarray(((a == b) & ((a == 0.0) | (a == 1.0))).any(axis=1))


def _share_along(p: F64, q: F64, a: F64, b: F64) -> F64:
    """Where on the step p → q (0..1) the segments a → b, k×2 each, are met."""
    step, along, off = q - p, b - a, a - p
    below = step[0] * along[:, 1] - step[1] * along[:, 0]
    above = off[:, 0] * along[:, 1] - off[:, 1] * along[:, 0]
    return np.asarray(np.clip(above / np.where(below == 0.0, 1.0, below), 0.0, 1.0))
