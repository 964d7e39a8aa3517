"""A density map over the zones of a scene: how many people stand in each, until the map is too old.

Law: a map tells heads, a zone is floor. So the zone is lifted to where the heads of those who stand on its
floor are seen, and so are masks. Without measured ground nobody knows how high that is, and nothing is told.
What the map of the empty place told is taken off, cell by cell: those are no people.
"""

from collections.abc import Sequence

import numpy as np

from edge.ground.above import seen_above
from edge.ground.area import within
from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.scene.polygons import Point
from edge.scene.spec import SceneSpec
from edge.scene.support import Support
from edge.values.crowd import Mapped
from edge.values.density import Cells, DensityMap
from edge.values.moment import Moment

HEAD_M = 1.57
"""Height of the middle of a head over the ground: 1.69 m of stature in shoes, less half a head."""
EMPTY_KEEP_S = 3 * 3600.0
"""How long the map of the empty place counts: with other light a model invents something else."""
PARTS = 4
"""Points along each side of a cell that say how much of it lies in a zone."""
STEPS = 8
"""Pieces of a zone's side, each lifted by itself: a straight side on the ground is none at the heads."""


class Headcount:
    """Remembers the last map of one camera."""

    def __init__(self, spec: SceneSpec) -> None:
        self._spec = spec
        self._shape: tuple[int, int, float, float] | None = None
        self._shares: list[F64] = []
        self._told: tuple[DensityMap, Moment, list[float]] | None = None
        self._empty: tuple[DensityMap, Moment] | None = None

    def take(self, told: DensityMap, moment: Moment, support: Support) -> None:
        """Take a new map in place of the last one; one of which nothing else is known is left out."""
        if self._spec.ground is None or support is Support.UNKNOWN:
            return
        if support is Support.EMPTY:
            self._empty = told, moment
        shape = (*told.cells.shape, told.columns, told.rows)
        if shape != self._shape:
            self._shape, self._shares = shape, self._drawn(told, self._spec.ground)
        people = np.maximum(told.cells - self._invented(told, moment), 0.0)
        self._told = told, moment, [float((people * share).sum()) for share in self._shares]

    def of(self, zone: int, now: Moment) -> Mapped | None:
        """How many people the map told to stand in a zone; None without a map or with an old one."""
        if self._told is None:
            return None
        told, moment, people = self._told
        age_s = now.seconds_since(moment)
        return None if age_s > self._spec.map_keep_s else Mapped(people[zone], age_s, told.source)

    def _invented(self, told: DensityMap, moment: Moment) -> Cells | float:
        """What the model told in each cell when nobody was there."""
        if self._empty is None:
            return 0.0
        empty, seen = self._empty
        known = empty.cells.shape == told.cells.shape and moment.seconds_since(seen) <= EMPTY_KEEP_S
        return empty.cells if known else 0.0

    def _drawn(self, told: DensityMap, ground: Ground) -> list[F64]:
        """How much of each cell, 0..1, h×w, lies in each zone and in no mask."""
        high, wide = told.cells.shape
        y, x = _places(high, told.rows), _places(wide, told.columns)
        points = np.stack(np.meshgrid(x, y), axis=-1)
        free = np.ones(points.shape[:2], dtype=np.bool_)
        for mask in self._spec.masks:
            free &= ~within(points, lifted(mask, ground))
        zones = (within(points, lifted(zone.polygon, ground)) & free for zone in self._spec.zones)
        return [taken.reshape(high, PARTS, wide, PARTS).mean(axis=(1, 3)) for taken in zones]


def _places(cells: int, span: float) -> F64:
    """Points along a side of cells, `span` of which are the picture's side, in the unit square."""
    return np.asarray((np.arange(cells * PARTS) + 0.5) / PARTS / span)


def lifted(polygon: Sequence[Point], ground: Ground, height_m: float = HEAD_M) -> F64:
    """Where the heads of those who stand on a polygon's border are seen, k×2 of the unit square, or what else
    of them is so high.

    What lies at or above the horizon is no floor and stays where it is.
    """
    ring = np.array(polygon, dtype=np.float64)
    along = np.arange(STEPS)[:, None] / STEPS
    pieces = [a + (b - a) * along for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)]
    border = np.concatenate(pieces)
    heads = seen_above(ground, border, height_m)
    return np.where(np.isfinite(heads), heads, border)
