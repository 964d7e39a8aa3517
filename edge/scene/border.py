"""Borders of zones, and lines, against single points and steps: few numbers, for which arrays are too dear.

Law: the same answers, bit for bit, as `Polygons` and `Segments` give for many at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, inf, sqrt

import numpy as np

from edge.scene.segments import F64, Segments


@dataclass(frozen=True, slots=True)
class Edge:
    """One side of a polygon, or a piece of a line, from a to b.

    Attributes:
        ax, ay, bx, by, slant: its ends, and how far it leans, x by y.
        beyond: 0, or infinite where it runs along the edge of the picture.
        low_x, low_y, along_x, along_y, unit_x, unit_y: as in `Segments`.
    """

    ax: float
    ay: float
    bx: float
    by: float
    slant: float
    beyond: float
    low_x: float
    low_y: float
    along_x: float
    along_y: float
    unit_x: float
    unit_y: float

    def gap2(self, x: float, y: float) -> float:
        """Squared distance of a point."""
        off_x, off_y = x - self.low_x, y - self.low_y
        share = min(max(off_x * self.unit_x + off_y * self.unit_y, 0.0), 1.0)
        off_x -= share * self.along_x
        off_y -= share * self.along_y
        return off_x * off_x + off_y * off_y

    def passed(self, px: float, py: float, qx: float, qy: float) -> int:
        """Whether the step p → q passes over it: 1 from its left to its right, -1 the other way, 0 not."""
        low_x, low_y, along_x, along_y = self.low_x, self.low_y, self.along_x, self.along_y
        was_right = along_x * (py - low_y) > along_y * (px - low_x)
        if was_right == (along_x * (qy - low_y) > along_y * (qx - low_x)):
            return 0
        x, y, way_x, way_y = (qx, qy, px - qx, py - qy) if (px, py) > (qx, qy) else (px, py, qx - px, qy - py)
        low_right = way_x * (low_y - y) > way_y * (low_x - x)
        if low_right == (way_x * (low_y + along_y - y) > way_y * (low_x + along_x - x)):
            return 0
        sign = -1 if (self.ax, self.ay) > (self.bx, self.by) else 1
        return -sign if was_right else sign

    def share(self, px: float, py: float, qx: float, qy: float) -> float:
        """Where on the step p → q, 0..1, it is passed over."""
        along_x, along_y = self.bx - self.ax, self.by - self.ay
        below = (qx - px) * along_y - (qy - py) * along_x
        above = (self.ax - px) * along_y - (self.ay - py) * along_x
        return min(max(above / below if below else above, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Border:
    """All sides of one polygon, or all pieces of one line, in order."""

    edges: tuple[Edge, ...]

    def depth(self, x: float, y: float) -> float:
        """Depth of a point: the distance to the nearest side, negative outside."""
        nearest, inside = inf, False
        for e in self.edges:
            nearest = min(nearest, e.gap2(x, y) + e.beyond)
            inside ^= ((e.ay > y) != (e.by > y)) and x < e.ax + (y - e.ay) * e.slant
        return sqrt(nearest) if inside else -sqrt(nearest)

    def met(self, px: float, py: float, qx: float, qy: float) -> Iterator[float]:
        """Where on the step p → q, 0..1, sides are passed over."""
        return (e.share(px, py, qx, qy) for e in self.edges if e.passed(px, py, qx, qy))

    def passed(self, px: float, py: float, qx: float, qy: float) -> int:
        """Passes of the step p → q from the left to the right, less those from the right to the left."""
        return sum([e.passed(px, py, qx, qy) for e in self.edges])

    def gap2(self, x: float, y: float) -> float:
        """Squared distance of a point from the nearest piece."""
        return min([e.gap2(x, y) for e in self.edges])

    def past(self, x: float, y: float) -> tuple[float, float] | None:
        """How far past the nearer end of the line a point lies, and how far right of what goes on there.

        None of a point beside the line, and of one as near to both ends.
        """
        nearest, found = inf, None
        for edge, sign in ((self.edges[0], -1), (self.edges[-1], 1)):
            way_x, way_y = edge.bx - edge.ax, edge.by - edge.ay
            length = hypot(way_x, way_y)
            off_x, off_y = (x - edge.bx, y - edge.by) if sign > 0 else (x - edge.ax, y - edge.ay)
            away = hypot(off_x, off_y)
            if away == nearest:
                return None
            if away < nearest and sign * (off_x * way_x + off_y * way_y) > 0.0:
                nearest, found = away, (away, (way_x * off_y - way_y * off_x) / length)
        return found


def borders(starts: F64, ends: F64, first: list[int], beyond: F64) -> list[Border]:
    """Borders of segments s×2 → s×2, of which each begins at an index of `first`; `beyond` s as in `Edge`."""
    along = ends - starts
    slant = along[:, 0] / np.where(along[:, 1] == 0.0, 1.0, along[:, 1])
    columns = (starts, ends, slant[:, None], beyond[:, None], *Segments(starts, ends).columns)
    edges = [Edge(*row) for row in np.concatenate(columns, axis=1).tolist()]
    return [Border(tuple(edges[i:j])) for i, j in pairwise([*first, len(edges)])]
