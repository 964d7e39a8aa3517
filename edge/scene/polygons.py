"""How deep points stand in polygons.

Law: depth is the distance to the nearest border, positive inside, negative outside. A border that
runs along the edge of the picture is no border: nobody can be seen beyond it, and feet cut off by
the picture stand on it. Coordinates are picture heights, see `edge.scene.segments`.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from edge.scene.border import borders
from edge.scene.segments import F64, Segments, squared

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
        self._cut = bool(self._beyond.any())  # some run along the edge of the picture
        self.widest_margin = self._widest_margin()
        self._rings = rings
        low = np.array([ring.min(axis=0) * scale for ring in rings]).reshape(-1, 2)
        high = np.array([ring.max(axis=0) * scale for ring in rings]).reshape(-1, 2)
        self._sides = np.ascontiguousarray(np.hstack([low, -high]).T[:, :, None])
        self._tables = self._by_polygon(sizes)
        self._borders = borders(self._a, self._b, self._start[:-1].tolist(), self._beyond)

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

    def depth_near(self, points: F64, near: F64) -> F64:
        """The same, cheaper: a point further than `near`, n, 0 or more, to a side of the rectangle around a
        polygon gets that distance, which is less than it would be."""
        if not len(self._rings) or not len(points):
            return np.zeros((len(points), len(self._rings)))
        at = np.empty((4, 1, len(points)))  # polygons come before points: numpy is fast along what is long
        at[2:, 0] = points.T
        np.negative(at[2:], out=at[:2])
        x, y = at[2:, 0]
        off = np.maximum.reduce(self._sides + at, axis=0)
        zones, rows = (off <= near).nonzero()
        depth = np.negative(off, out=off)
        depth[zones, rows] = self._depth_in(x.take(rows), y.take(rows), zones)
        return np.ascontiguousarray(depth.T)

    def chord(self, p: F64, q: F64, zone: int, margin: float) -> float:
        """Share of the step p → q (2 each) inside polygon `zone`; 0 if never deeper than `margin`."""
        (px, py), (qx, qy) = p.tolist(), q.tolist()
        border = self._borders[zone]
        cuts = [0.0, *sorted(border.met(px, py, qx, qy)), 1.0]
        share, deepest = 0.0, -np.inf
        for begin, end in pairwise(cuts):
            middle = (begin + end) / 2
            depth = border.depth(px + middle * (qx - px), py + middle * (qy - py))
            deepest = max(deepest, depth)
            share += end - begin if depth > 0 else 0.0
        return share if deepest > margin else 0.0

    def _depth_in(self, x: F64, y: F64, zones: npt.NDArray[np.intp]) -> F64:
        """Depth of each of m points in one polygon, by index m."""
        *segments, ax, ay, by, slant, beyond = self._tables.take(zones, axis=2, mode="clip")
        gap2 = squared(x, y, *segments)
        if self._cut:
            gap2 += beyond
        inside = np.logical_xor.reduce(((ay > y) != (by > y)) & (x < ax + (y - ay) * slant), axis=0)
        depth = np.sqrt(np.minimum.reduce(gap2, axis=0))
        return np.asarray(np.where(inside, depth, -depth))

    def _by_polygon(self, sizes: list[int]) -> F64:
        """What `_depth_in` wants to know of each polygon's edges, 11×k×z; one with fewer than k repeats its
        last, which counts but once."""
        most = max(sizes, default=0)
        which = np.arange(most)[:, None] + self._start[:-1]
        last = self._start[1:] - 1
        where, spare = np.minimum(which, last), which > last
        columns = (self._a[:, 0], self._a[:, 1], self._b[:, 1], self._slant, self._beyond)
        edges = [column[where] for column in columns]
        edges[2] = np.where(spare, edges[1], edges[2])  # a level edge is met by no ray
        return np.stack([*self._segments.tables(where), *edges])

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
