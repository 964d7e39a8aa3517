"""The drawn places of a scene, made ready for one shape of picture."""

from itertools import accumulate
from math import sqrt

import numpy as np
import numpy.typing as npt

from edge.scene.border import borders
from edge.scene.heads import FEET_SD, SURELY
from edge.scene.objects import Flags, Objects, Rows
from edge.scene.polygons import Polygons
from edge.scene.segments import F64, Signs
from edge.scene.spec import SceneSpec
from edge.values.frame import Size
from edge.values.moment import NS_PER_S

NEAR = 1.001 * SURELY * FEET_SD
"""Depth is exact within so many box heights of a zone; further off, nobody stands in it by chance."""
_TOUCH = 1e-6
"""Lines are taken to reach so much further where only those that may be met are sought, picture heights."""


class Places:
    """Zones, lines and masks against objects; all distances in picture heights."""

    def __init__(self, spec: SceneSpec, size: Size) -> None:
        self._aspect = aspect = size.width / size.height
        self.scale = np.array([aspect, 1.0])
        self._margin, self._line_margin = spec.margin, spec.line_margin
        self._zones = Polygons([zone.polygon for zone in spec.zones], aspect)
        self._masks = Polygons(spec.masks, aspect)
        points = [np.array(line.points, dtype=np.float64) * self.scale for line in spec.lines]
        starts = np.concatenate([np.empty((0, 2)), *(chain[:-1] for chain in points)])
        ends = np.concatenate([np.empty((0, 2)), *(chain[1:] for chain in points)])
        first = [0, *accumulate(len(chain) - 1 for chain in points)][:-1]
        self._lines = borders(starts, ends, first, np.zeros(len(starts)))
        low = np.array([chain.min(axis=0) for chain in points]).reshape(-1, 2) - _TOUCH
        high = np.array([chain.max(axis=0) for chain in points]).reshape(-1, 2) + _TOUCH
        self._reach = np.ascontiguousarray(np.hstack((high, -low)).T[:, :, None])
        self._zone_takes = _takes([zone.classes for zone in spec.zones], spec.labels)
        self._all_takes = bool(self._zone_takes.all())
        self._line_takes = _takes([line.classes for line in spec.lines], spec.labels)

    def masked(self, feet: F64) -> Flags:
        """Whether feet n×2 (unit square) stand in a mask, bool n."""
        return np.asarray((self._masks.depth(feet * self.scale) > 0).any(axis=1))

    def move_in_zones(self, objects: Objects, rows: Rows, was: F64, step_s: F64, now: int) -> None:
        """Bring `depth`, `inside`, `since_ns` and `passed_s` of these rows up to date.

        Args:
            objects: known objects, `feet` already new; changed in place.
            rows: m rows that were seen now.
            was: float64 m×2, their feet before, unit square.
            step_s: float64 m, time since then, seconds; one number if it is the same for all.
            now: monotonic time of this frame, ns.
        """
        start, end = was * self.scale, objects.feet[rows] * self.scale
        margin = np.minimum(self._margin * objects.heights[rows][:, None], self._zones.widest_margin)
        before = objects.inside[rows]
        depth = self._zones.depth_near(end, NEAR * objects.heights[rows])
        inside = depth > margin
        inside |= before & (depth >= -margin)
        takes = True if self._all_takes else self._zone_takes[objects.classes[rows]]
        inside &= takes
        # A step through a zone is no shorter than to its border, the margin in and out, and on from there.
        shortest, length = np.abs(objects.depth[rows]), _lengths(end - start)
        shortest += np.abs(depth)
        shortest += 2 * margin
        long = length[:, None] > shortest
        if np.count_nonzero(long):  # few take such a step
            reached = long & takes & ~(before | inside)
            which = objects.which(rows)
            for i, zone in zip(*map(np.ndarray.tolist, reached.nonzero()), strict=True):
                share = self._zones.chord(start[i], end[i], zone, float(margin[i, zone]))
                objects.passed_s[which[i], zone] += share * (step_s[i] if step_s.ndim else step_s)
        who, zones = (inside != before).nonzero()
        if len(who):
            self._come_and_go(objects, objects.which(rows)[who], zones, now)
        objects.depth[rows] = depth

    def _come_and_go(
        self, objects: Objects, who: npt.NDArray[np.intp], zones: npt.NDArray[np.intp], now: int
    ) -> None:
        """Let each of these come into the zone beside it, or leave it where it was in."""
        left = objects.inside[who, zones]
        untold = left & ~objects.told[who, zones]
        since = objects.since_ns[who, zones]
        if np.count_nonzero(untold):
            objects.passed_s[who, zones] += np.where(untold, seconds(now, since), 0.0)
        objects.since_ns[who, zones] = np.where(left, since, now)
        objects.inside[who, zones] = ~left

    def crossings(self, p: F64, q: F64, classes: npt.NDArray[np.int64]) -> Signs:
        """Passes left to right less passes right to left of steps p → q (m×2, unit square), int64 m×l."""
        passes = np.zeros((len(p), len(self._lines)), dtype=np.int64)
        if not len(self._lines) or not len(p):
            return passes
        start, end = p * self.scale, q * self.scale
        least = np.empty((4, 1, len(p)))  # of the rectangle around a step; it must touch that of a line
        np.minimum(start.T, end.T, out=least[:2, 0])
        np.negative(np.maximum(start.T, end.T), out=least[2:, 0])
        lines, rows = np.logical_and.reduce(least <= self._reach, axis=0).nonzero()
        if not len(rows):
            return passes
        takes = self._line_takes[classes[rows], lines].tolist()
        steps = np.concatenate((start[rows], end[rows]), axis=1).tolist()
        for row, line, counts, step in zip(rows.tolist(), lines.tolist(), takes, steps, strict=True):
            if counts:
                passes[row, line] = self._lines[line].passed(*step)
        return passes

    def clearance(self, objects: Objects, row: int, line: int) -> tuple[float, tuple[float, float] | None]:
        """How far the object of a row stands from a line, in margins; and of one who stands past its end, how
        far past it, in heights of the object, and how far to the right, in margins."""
        (x, y), border, height = objects.feet[row].tolist(), self._lines[line], float(objects.heights[row])
        x, band = x * self._aspect, max(self._line_margin * height, _TOUCH)
        clear, past = sqrt(border.gap2(x, y)) / band, border.past(x, y)
        return clear, None if past is None else (past[0] / max(height, _TOUCH), past[1] / band)


def seconds(later: npt.NDArray[np.int64] | int, earlier: npt.NDArray[np.int64] | int) -> F64:
    """Seconds between times in ns; 0 where time went backwards."""
    return np.asarray(np.maximum(np.subtract(later, earlier), 0) / NS_PER_S)


def _lengths(steps: F64) -> F64:
    """Lengths of steps m×2, float64 m."""
    return np.asarray(np.hypot(steps[:, 0], steps[:, 1]))


def _takes(filters: list[frozenset[str] | None], labels: tuple[str, ...]) -> Flags:
    """Which places take which class, bool labels×places."""
    rows = [[wanted is None or label in wanted for wanted in filters] for label in labels]
    return np.array(rows, dtype=np.bool_).reshape(len(labels), len(filters))
