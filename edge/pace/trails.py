"""Where each object was on the ground during the last moments, and how sure each of those places is.

Law: only what can be trusted is kept. A box that touches the border of the picture, or that something nearer
covers, does not say where its object stands. A step that no object takes, as where two were taken for one,
begins the trail anew.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.values.tracks import TrackIds

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

WINDOW_S = 1.6
"""Over how long a speed is measured: at five pictures a second eight places."""
SAMPLES = 24
"""Places kept of each object; more often than `LEAST_STEP_S` none is added."""
LEAST_STEP_S = 0.066
KEEP_S = 3.0
"""A trail that nothing was added to for so long is forgotten."""
LEAP = 0.45
"""Box heights by which a place may differ from where the last two led, and"""
PULL_MPS2 = 10.0
"""what braking and accelerating may add to that: as much as tyres can."""

AT, ACROSS, EXACT, HEIGHT, STEP = slice(0, 2), slice(2, 5), slice(5, 8), 8, 9
XX, YY = 2, 4
"""Rows of `Trails._kept`, as in `Window`."""
WHAT = 10


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The last places of n objects at k times. Objects come last, so that sums over time are sums of rows; a
    place that is not known is 0 in every array, and so adds nothing to a sum.

    Attributes:
        times_s: float64 k, before now, ascending, at most 0.
        at: float64 2×k×n, metres on the ground.
        across: float64 3×k×n, the covariance xx, xy, yy of the place for feet that err by one box height
            either way, square metres.
        exact: float64 3×k×n, the inverse of that.
        heights: float64 k×n, box heights, picture heights.
        widths: float64 n, box widths at the last place, picture heights.
        steps_mps: float64 k×n, how fast each went from the place before to this one; 0 where none was before.
    """

    times_s: F64
    at: F64
    across: F64
    exact: F64
    heights: F64
    widths: F64
    steps_mps: F64

    @property
    def known(self) -> Flags:
        """Which places are known, bool k×n."""
        return np.asarray(self.heights > 0)

    def take(self, which: Flags) -> "Window":
        """The objects chosen by a mask."""
        arrays = (self.at, self.across, self.exact, self.heights, self.widths, self.steps_mps)
        return Window(self.times_s, *(each[..., which] for each in arrays))


class Trails:
    """The last places of all objects: `SAMPLES` of each, in a ring of times that all share."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._times = np.full(SAMPLES, -(10**18), np.int64)
        self._newest = SAMPLES - 1
        self.ids: TrackIds = np.empty(0, np.int64)
        self._slots: Rows = np.empty(0, np.intp)
        """Where each of `ids` is in the arrays below, which only grow: people come and go all the time."""
        self._free: Rows = np.empty(0, np.intp)
        self._kept = np.empty((WHAT, SAMPLES, 0))
        self._last = np.empty((4, 0))  # place, and the step to it by the second
        self._last_ns = np.empty(0, np.int64)
        self._widths = np.empty(0)

    def due(self, now: int) -> bool:
        """Whether enough time has passed since the last places, monotonic ns."""
        return now - int(self._times[self._newest]) >= LEAST_STEP_S * 1e9

    def add(self, ids: TrackIds, spots: F64, sides: F64, now: int) -> None:
        """Take the places of the objects that can be trusted now.

        Args:
            ids: int64 n, ascending.
            spots: float64 n×2, feet in the unit square.
            sides: float64 2×n, box widths and heights, picture heights.
            now: monotonic ns, later than before.
        """
        self._forget(ids, now)
        self._newest = (self._newest + 1) % SAMPLES
        self._times[self._newest] = now
        self._kept[:, self._newest] = 0.0
        rows = self._slots[self.ids.searchsorted(ids)]
        new = self._places(spots, sides[1])
        self._widths[rows] = sides[0]
        new[STEP] = self._restart(rows, new[AT], np.sqrt(new[XX] + new[YY]), now)
        known = np.isfinite(new).all(axis=0)
        self._kept[:, self._newest, rows] = new if known.all() else np.where(known, new, 0.0)

    def window(self, ids: TrackIds, now: int) -> Window:
        """The last places of these objects, all of which have a trail, in order of time."""
        order = (self._newest + 1 + np.arange(SAMPLES)) % SAMPLES
        ago_s = (self._times[order] - now) / 1e9
        within = ago_s >= -WINDOW_S - 1e-6
        slots = self._slots[self.ids.searchsorted(ids)]
        places = self._kept[:, order[within]].take(slots, axis=2)
        at, across, exact, heights, steps = (places[what] for what in (AT, ACROSS, EXACT, HEIGHT, STEP))
        return Window(ago_s[within], at, across, exact, heights, self._widths[slots], steps)

    def known(self, ids: TrackIds) -> Flags:
        """Which of these objects have a trail."""
        return among(ids, self.ids)

    def _places(self, spots: F64, heights: F64) -> F64:
        """What is kept of boxes so high, n, with feet at these spots, n×2; what is unknown is not finite."""
        at, step = self._ground.laid(spots)
        step *= np.array([1 / self._ground.lens.aspect, 1.0])  # to picture heights either way
        step *= heights[:, None, None]
        square, cross = step * step, step[:, 0] * step[:, 1]
        new = np.zeros((WHAT, len(spots)))
        new[AT], new[HEIGHT] = at.T, heights
        xx, xy, yy = new[ACROSS]
        np.add(square[:, 0, 0], square[:, 0, 1], out=xx)
        np.add(cross[:, 0], cross[:, 1], out=xy)
        np.add(square[:, 1, 0], square[:, 1, 1], out=yy)
        det = xx * yy - xy * xy
        weight = np.where(det > 0, 1 / np.maximum(det, 1e-18), 0.0)
        new[EXACT] = yy, -xy, xx
        new[EXACT] *= weight
        return new

    def _forget(self, ids: TrackIds, now: int) -> None:
        """Drop who has gone, and make room for who is new."""
        if len(ids) == len(self.ids) and (ids == self.ids).all():  # mostly it is so
            return
        fresh, recent = ids[~among(ids, self.ids)], now - self._last_ns[self._slots] <= KEEP_S * 1e9
        if not len(fresh) and recent.all():
            return
        stays = recent | among(self.ids, ids)
        if not len(fresh) and stays.all():
            return
        self._free = np.concatenate([self._free, self._slots[~stays]])
        self._grow(len(fresh) - len(self._free))
        taken, self._free = self._free[: len(fresh)], self._free[len(fresh) :]
        # What was kept there of somebody else is older than any window.
        self._last[:, taken], self._last_ns[taken] = np.nan, now
        both, slots = np.concatenate([self.ids[stays], fresh]), np.concatenate([self._slots[stays], taken])
        order = both.argsort()
        self.ids, self._slots = both[order], slots[order]

    def _grow(self, missing: int) -> None:
        """Make room for so many more, and for a quarter of all to come."""
        if missing <= 0:
            return
        size = self._last.shape[1]
        more = missing + size // 4
        self._free = np.concatenate([self._free, size + np.arange(more)])
        self._kept = np.concatenate([self._kept, np.zeros((WHAT, SAMPLES, more))], axis=2)
        self._last = np.concatenate([self._last, np.zeros((4, more))], axis=1)
        self._last_ns = np.concatenate([self._last_ns, np.zeros(more, np.int64)])
        self._widths = np.concatenate([self._widths, np.zeros(more)])

    def _restart(self, rows: Rows, at: F64, height_m: F64, now: int) -> F64:
        """Forget the trails of those that leapt, in these slots, and remember where all are.

        `height_m` is how far feet that err by a box height may be off, metres. Returns how fast each went
        from the place before, m/s; 0 where none was.
        """
        last, elapsed = self._last[:, rows], np.maximum((now - self._last_ns[rows]) / 1e9, 1e-3)
        step = (at - last[:2]) / elapsed
        miss = np.hypot(*((step - last[2:]) * elapsed))
        leapt = miss > LEAP * height_m + PULL_MPS2 * elapsed**2
        if leapt.any():
            self._kept[:, :, rows[leapt]] = 0.0
            step[:, leapt] = np.nan
        self._last[:, rows] = np.concatenate([at, step])
        self._last_ns[rows] = now
        pace = np.hypot(step[0], step[1])
        return np.where(np.isfinite(pace), pace, 0.0)


def among(ids: TrackIds, others: TrackIds) -> Flags:
    """Which of some ids are among others, both ascending; what `np.isin` says, without sorting again."""
    if not len(others):
        return np.zeros(len(ids), np.bool_)
    return np.asarray(others[np.minimum(np.searchsorted(others, ids), len(others) - 1)] == ids)
