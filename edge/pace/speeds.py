"""How fast an object moves, with an interval that holds the truth nine times of ten, or that nobody can say.

Law: a speed is a straight line through the places of a window. Its doubt is a sum of everything that can be
wrong:
    how the places scatter about the line, learnt from them and from what is usual, more where they hang
    together; the ground, by its sigma planes; feet that are told too high or too low all the time; the box,
    whose middle slips along the object as it is seen from another side; time stamps; and ends that err by
    themselves.
What scatters too much, is too young or too far away has no speed, and says so.
"""

from dataclasses import replace

import numpy as np

from edge.ground.above import seen_above
from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.pace.bodies import Bodies
from edge.pace.straight import FEWEST, Line, straight
from edge.pace.trails import Window

FEET_BIAS = 0.04
"""How much too high or too low feet are told all the time, box heights, one standard deviation."""
ENDS = 0.01
"""By how much either end errs by itself, however many places there are, box heights."""
SLIP = 0.3
"""How far the box's middle slips along the object for each radian that the view of it turns, box widths."""
STAMP_S = 0.01
"""Jitter of time stamps."""
FASTEST_MPS = 80.0
"""Faster is nothing on a street."""
REACH = 1.645
"""Standard deviations that leave out one of twenty on one side."""
STEPS = 1.25
"""No line is surely faster than so many times the fastest step from one of its places to the next: under
weights that are alike it is a mean of steps. Of 1,400 lines of drives none was above 0.94."""
STANDS = 2.146
"""Standard deviations within which nine of ten of those who stand seem to move (Rayleigh)."""


class SpeedGauge:
    """Measures speeds on one camera's ground."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._foot, self._bodies = ground, _camera_foot(ground), Bodies(ground)
        self._otherwise = ground.doubts @ ground.back
        """From metres on the best plane to metres on each sigma plane, homogeneous, s×3×3; by one lens."""

    def measure(self, window: Window) -> F64:
        """The speed of each of the n objects of a window.

        Returns:
            float64 4×n: best estimate, low and high end of the interval that holds the truth nine times of
            ten, metres per second, and over how long it was measured, seconds; NaN where it cannot be told.
        """
        told = np.full((4, window.heights.shape[1]), np.nan)
        usable = window.known.sum(axis=0) >= FEWEST
        if not usable.any():
            return told
        every = bool(usable.all())
        line = straight(window if every else window.take(usable))
        line = self._of_middles(line)
        pace = np.hypot(*line.mps)
        along, across = self._deviations(line, pace)
        good = line.enough & np.isfinite(along) & (pace <= FASTEST_MPS)
        told[:, usable] = np.where(good, _interval(pace, along, across, line.lasted_s), np.nan)
        return told

    def at_most(self, steps_mps: F64) -> F64:
        """A speed that each of n objects that took these steps, k×n, surely does not exceed, metres per
        second, n: far cheaper than theirs."""
        return np.asarray(STEPS * np.maximum.reduce(steps_mps, axis=0, initial=0.0))

    def _of_middles(self, line: Line) -> Line:
        """The motion of the middles of the bodies of which a line follows the boxes."""
        middles = self._bodies.middles(line.ends, line.mps, line.widths, line.heights[1])
        first, last = np.hsplit(middles, 2)
        mps = (last - first) / np.maximum(line.lasted_s, 1e-9)
        return replace(line, at=last - mps * line.ends_s, mps=mps)

    def _deviations(self, line: Line, pace: F64) -> tuple[F64, F64]:
        """Standard deviations of the speed along the way, n, and of the velocity across it."""
        x, y = line.mps / np.maximum(pace, 1e-9)
        xx, xy, yy = line.doubt
        along = xx * x * x + 2 * xy * x * y + yy * y * y
        ends = line.ends
        systematic = self._of_ground(line, ends, pace) + self._of_view(line, ends)
        systematic += (STAMP_S * pace / line.lasted_s) ** 2
        return np.sqrt(along + systematic), np.sqrt(np.maximum(xx + yy - along, 0.0) + systematic)

    def _of_ground(self, line: Line, ends: F64, pace: F64) -> F64:
        """Variance by a plane that may lie otherwise, and by feet that are told too low all the time."""
        seen = self._ground.seen_at(ends.T)
        lower = seen.copy()
        lower[:, 1] += FEET_BIAS * line.heights.ravel()

        def off(at: F64) -> F64:
            way = at[..., len(pace) :] - at[..., : len(pace)]
            return np.asarray((np.hypot(way[..., 0, :], way[..., 1, :]) / line.lasted_s - pace) ** 2)

        variance = off(self._ground.metres(lower).T)
        if len(self._ground.bends):
            variance += off(self._ground.metres_on_each(seen)[1:].swapaxes(1, 2)).mean(axis=0)
        elif len(self._otherwise):
            ground = self._otherwise[:, :, :2] @ ends + self._otherwise[:, :, 2:]
            depth = ground[:, 2:]
            variance += off(ground[:, :2] / np.where(depth > 0, depth, np.nan)).mean(axis=0)
        return variance

    def _of_view(self, line: Line, ends: F64) -> F64:
        """Variance by a box whose middle slips as it is seen from another side, and by its ends."""
        xx, xy, yy = line.across
        variance = 2 * (xx + yy) * (ENDS / line.lasted_s) ** 2
        if self._foot is not None:
            (ax, bx), (ay, by) = (ends - self._foot[:, None]).reshape(2, 2, -1)
            turned = np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
            narrow = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)  # across the line of sight
            variance = variance + narrow * (SLIP * turned / line.lasted_s) ** 2
        return np.asarray(variance)


def _interval(pace: F64, along: F64, across: F64, window_s: F64) -> F64:
    """Speeds of velocities that err by so much along their way and across it, as `SpeedGauge.measure` tells.

    A length is never less than nothing, so that noise alone makes it longer: that is taken off.
    """
    best = np.sqrt(np.maximum(0.0, pace**2 - along**2 - across**2))
    stands = pace <= STANDS * np.maximum(along, across)
    low = np.where(stands, 0.0, np.maximum(0.0, pace - REACH * along))
    return np.stack([np.maximum(low, best), low, np.maximum(best, pace + REACH * along), window_s])


def _camera_foot(ground: Ground) -> F64 | None:
    """The spot of the ground under the camera, metres 2: where the ways towards it meet; None if unknown."""
    spots = np.array([[0.2, 0.9], [0.8, 0.9]])
    feet = ground.metres(spots)
    away = ground.metres(spots + 1e-3 * (seen_above(ground, spots, 0.5) - spots)) - feet
    if not np.isfinite(away).all() or abs(np.linalg.det(away)) < 1e-12 * np.abs(away).max() ** 2:
        return None
    reach = np.linalg.solve(np.column_stack([away[0], -away[1]]), feet[1] - feet[0])
    return np.asarray(feet[0] + reach[0] * away[0])
