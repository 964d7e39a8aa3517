"""Where each object was on the ground during the last moments, and how sure each of those places is.

Law: only what can be trusted is kept. A box that touches the border of the picture, or that something nearer
covers, does not say where its object stands. A step that no object takes, as where two were taken for one,
begins the trail anew.
"""

from dataclasses import dataclass
from math import isfinite

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
KEEP_NS = int(KEEP_S * 1e9)
LEAP = 0.45
"""Box heights by which a place may differ from where the last two led, and"""
PULL_MPS2 = 10.0
"""what braking and accelerating may add to that: as much as tyres can."""

SPOT, AT, HEIGHT, STEP = slice(0, 2), slice(2, 4), 4, 5
"""Rows of what is kept of each place: feet in the unit square, and the others as in `Window`."""
WHAT = 6
ORDERS = (np.arange(SAMPLES)[:, None] + 1 + np.arange(SAMPLES)) % SAMPLES
"""The ring from its oldest place to each newest one."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The last places of n objects at k times, as they were kept; a window is made of them for who asks.

    Attributes:
        ground: on which they are.
        times_s: float64 k, as in `Window`.
        kept: float64 k×6×n, rows as named above; 0 where a place is not known.
        widths: float64 n, as in `Window`.
    """

    ground: Ground
    times_s: F64
    kept: F64
    widths: F64

    @property
    def steps_mps(self) -> F64:
        """How fast each went, k×n, as in `Window`."""
        return self.kept[:, STEP]

    def window(self, which: Flags) -> Window:
        """What is known of the objects of a mask, with how sure each place is."""
        every = bool(which.all())
        kept = self.kept if every else self.kept.compress(which, axis=2)
        heights, (x, y) = kept[:, HEIGHT], kept[:, SPOT].swapaxes(0, 1)
        known, sure = (heights > 0).ravel().nonzero()[0], np.zeros((6, heights.size))
        spots = np.stack([x.ravel().take(known), y.ravel().take(known)])
        sure[:, known] = _sure(self.ground, spots.T, heights.ravel().take(known))
        across, exact = sure.reshape(2, 3, *heights.shape)
        widths = self.widths if every else self.widths[which]
        at, steps_mps = kept[:, AT].swapaxes(0, 1), kept[:, STEP]
        return Window(self.times_s, at, across, exact, heights, widths, steps_mps)


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
        self._kept = np.empty((SAMPLES, WHAT, 0))
        self._last = np.empty((4, 0))  # place, and the step to it by the second
        self._last_ns = np.empty(0, np.int64)
        self._widths = np.empty(0)
        self._until_ns = 0
        """Nobody is to be forgotten before."""

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
        slots, (widths, heights) = self._slots_of(ids, now), sides
        self._newest = (self._newest + 1) % SAMPLES
        self._times[self._newest] = now
        self._widths[slots] = widths
        new = np.empty((WHAT, len(ids)))
        new[SPOT], new[AT], new[HEIGHT] = spots.T, self._ground.metres(spots).T, heights
        new[STEP] = self._restart(slots, new, now)
        if not isfinite(np.add.reduce(new[AT], axis=None)):
            new[:, ~np.isfinite(new[AT]).all(axis=0)] = 0.0
        kept = self._kept[self._newest]
        kept[...] = 0.0
        kept[:, slots] = new

    def places(self, ids: TrackIds, now: int) -> Places:
        """The last places of these objects, all of which have a trail, in order of time."""
        order = ORDERS[self._newest]
        ago_s = (self._times[order] - now) / 1e9
        older = SAMPLES - np.count_nonzero(ago_s >= -WINDOW_S - 1e-6)
        slots = self._slots.take(self.ids.searchsorted(ids))
        kept = self._kept.take(order[older:], axis=0).take(slots, axis=2)
        return Places(self._ground, ago_s[older:], kept, self._widths.take(slots))

    def known(self, ids: TrackIds) -> Flags:
        """Which of these objects have a trail."""
        return among(ids, self.ids)

    def _slots_of(self, ids: TrackIds, now: int) -> Rows:
        """Where each of these objects is kept; who has gone is forgotten, and who is new gets a trail."""
        at = self.ids.searchsorted(ids)
        if (
            now > self._until_ns
            or not len(self.ids)
            or np.count_nonzero(self.ids.take(at, mode="clip") != ids)
        ):
            self._forget(ids, now)
            at = self.ids.searchsorted(ids)
        return self._slots.take(at)

    def _forget(self, ids: TrackIds, now: int) -> None:
        """Drop who has gone, and make room for who is new."""
        fresh, last_ns = ids[~among(ids, self.ids)], self._last_ns[self._slots]
        recent = now - last_ns <= KEEP_NS
        self._until_ns = int(last_ns[recent].min(initial=now)) + KEEP_NS
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
        self._kept = np.concatenate([self._kept, np.zeros((SAMPLES, WHAT, more))], axis=2)
        self._last = np.concatenate([self._last, np.zeros((4, more))], axis=1)
        self._last_ns = np.concatenate([self._last_ns, np.zeros(more, np.int64)])
        self._widths = np.concatenate([self._widths, np.zeros(more)])

    def _restart(self, slots: Rows, new: F64, now: int) -> F64:
        """Forget the trails of those that leapt, in these slots, and remember where all are.

        `new` is what is to be kept of them. Returns how fast each went from the place before, m/s; 0 where
        none was.
        """
        last, at = self._last.take(slots, axis=1), new[AT]
        elapsed = np.maximum((now - self._last_ns.take(slots)) / 1e9, 1e-3)
        now_last = np.empty_like(last)
        step = np.divide(at - last[:2], elapsed, out=now_last[2:])
        miss = np.hypot(*((step - last[2:]) * elapsed))
        reach = PULL_MPS2 * elapsed**2
        far = (miss > reach).nonzero()[0]
        if len(far):
            xx, _, yy = _covariance(self._ground, new[SPOT, far].T, new[HEIGHT, far])
            leapt = far[miss[far] > LEAP * np.sqrt(xx + yy) + reach[far]]
            self._kept[:, :, slots[leapt]] = 0.0
            step[:, leapt] = np.nan
        now_last[:2] = at
        self._last[:, slots], self._last_ns[slots] = now_last, now
        return np.asarray(np.fmax(np.hypot(*step), 0.0))  # nothing where none was before, NaN


def _covariance(ground: Ground, spots: F64, heights: F64) -> tuple[F64, F64, F64]:
    """The covariance xx, xy, yy, n each, of places with feet at these spots, n×2, that err by a box height
    either way; of boxes so high, n, picture heights."""
    step = ground.step(spots)
    step *= np.array([1 / ground.lens.aspect, 1.0])  # to picture heights either way
    step *= heights[:, None, None]
    square, cross = step * step, step[:, 0] * step[:, 1]
    return square[:, 0, 0] + square[:, 0, 1], cross[:, 0] + cross[:, 1], square[:, 1, 0] + square[:, 1, 1]


def _sure(ground: Ground, spots: F64, heights: F64) -> F64:
    """That and its inverse, 6×n, rows as in `Window`; no inverse where there is none."""
    xx, xy, yy = _covariance(ground, spots, heights)
    det = xx * yy - xy * xy
    weight = np.where(det > 0, 1 / np.maximum(det, 1e-18), 0.0)
    return np.stack([xx, xy, yy, yy * weight, -xy * weight, xx * weight])


def among(ids: TrackIds, others: TrackIds) -> Flags:
    """Which of some ids are among others, both ascending; what `np.isin` says, without sorting again."""
    if not len(others):
        return np.zeros(len(ids), np.bool_)
    return np.asarray(others.take(others.searchsorted(ids), mode="clip") == ids)
