"""Where each object was on the ground during the last moments, and how sure each of those places is.

Law: only what can be trusted is kept. A box that touches the border of the picture, or that something nearer
covers, does not say where its object stands. A step that no object takes, as where two were taken for one,
begins the trail anew.
"""

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

SPOT, AT, ACROSS, HEIGHT = slice(0, 2), slice(2, 4), slice(4, 7), 7
"""Columns of `Trails.kept`: feet in the unit square; metres on the ground; the covariance xx, xy, yy of that
place for feet that err by one box height either way, square metres; the box height, picture heights."""
COLUMNS = 8


class Trails:
    """The last places of all objects: a row of `SAMPLES` for each, in a ring of times that all share."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._times = np.full(SAMPLES, -(10**18), np.int64)
        self._newest = SAMPLES - 1
        self.ids: TrackIds = np.empty(0, np.int64)
        self._kept = np.empty((0, SAMPLES, COLUMNS))
        self._last = np.empty((0, 4))  # place, and the step to it by the second
        self._last_ns = np.empty(0, np.int64)

    def due(self, now: int) -> bool:
        """Whether enough time has passed since the last places, monotonic ns."""
        return now - int(self._times[self._newest]) >= LEAST_STEP_S * 1e9

    def add(self, ids: TrackIds, spots: F64, heights: F64, now: int) -> None:
        """Take the places of the objects that can be trusted now.

        Args:
            ids: int64 n, ascending.
            spots: float64 n×2, feet in the unit square.
            heights: float64 n, box heights, picture heights.
            now: monotonic ns, later than before.
        """
        self._forget(ids, now)
        self._newest = (self._newest + 1) % SAMPLES
        self._times[self._newest] = now
        self._kept[:, self._newest] = np.nan
        rows = np.searchsorted(self.ids, ids)
        at = self._ground.metres(spots)
        step = self._ground.step(spots)
        step[:, :, 0] /= self._ground.lens.aspect  # to picture heights either way
        across = (step @ np.swapaxes(step, 1, 2)) * (heights**2)[:, None, None]
        self._restart(rows, at, np.sqrt(across[:, 0, 0] + across[:, 1, 1]), now)
        new = np.column_stack([spots, at, across[:, 0, 0], across[:, 0, 1], across[:, 1, 1], heights])
        new[~np.isfinite(new).all(axis=1)] = np.nan
        self._kept[rows, self._newest] = new

    def window(self, ids: TrackIds, now: int) -> tuple[F64, F64]:
        """The last places of these objects, all of which are known, in order of time.

        Returns:
            Times before now, float64 k, seconds, at most 0, and the places, float64 n×k×8, NaN for none.
        """
        order = (self._newest + 1 + np.arange(SAMPLES)) % SAMPLES
        ago_s = (self._times[order] - now) / 1e9
        within = ago_s >= -WINDOW_S - 1e-6
        rows = np.searchsorted(self.ids, ids)
        return ago_s[within], self._kept[rows[:, None], order[within]]

    def known(self, ids: TrackIds) -> Flags:
        """Which of these objects have a trail."""
        return np.asarray(np.isin(ids, self.ids))

    def _forget(self, ids: TrackIds, now: int) -> None:
        """Drop who has gone, and make rows for who is new."""
        if len(ids) == len(self.ids) and (ids == self.ids).all():  # mostly it is so
            return
        stays = (now - self._last_ns <= KEEP_S * 1e9) | np.isin(self.ids, ids)
        fresh = ids[~np.isin(ids, self.ids)]
        if stays.all() and not len(fresh):
            return
        both = np.concatenate([self.ids[stays], fresh])
        order, n = np.argsort(both), len(fresh)
        self.ids = both[order]
        self._kept = np.concatenate([self._kept[stays], np.full((n, SAMPLES, COLUMNS), np.nan)])[order]
        self._last = np.concatenate([self._last[stays], np.full((n, 4), np.nan)])[order]
        self._last_ns = np.concatenate([self._last_ns[stays], np.full(n, now)])[order]

    def _restart(self, rows: Rows, at: F64, height_m: F64, now: int) -> None:
        """Forget the trails of those that leapt, and remember where all are.

        `height_m` is how far feet that err by a box height may be off, metres.
        """
        last, elapsed = self._last[rows], np.maximum((now - self._last_ns[rows]) / 1e9, 1e-3)[:, None]
        step = (at - last[:, :2]) / elapsed
        miss = np.hypot(*((step - last[:, 2:]) * elapsed).T)
        leapt = miss > LEAP * height_m + PULL_MPS2 * elapsed[:, 0] ** 2
        self._kept[rows[leapt]] = np.nan
        step[leapt] = np.nan
        self._last[rows] = np.concatenate([at, step], axis=1)
        self._last_ns[rows] = now
