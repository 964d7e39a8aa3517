"""How fast an object moves, with an interval that holds the truth nine times of ten, or that nobody can say.

Law: a speed is a straight line through the places of a window, by weighted least squares, in which places far
off count less and outliers little (Huber, Ann. Math. Stat. 35(1), 1964). Its doubt is a sum of everything
that can be wrong:
    how the places scatter about the line, learnt from them and from what is usual, more where they hang
    together; the ground, by its sigma planes; feet that are told too high or too low all the time; the box,
    whose middle slips along the object as it is seen from another side; time stamps; and ends that err by
    themselves.
What scatters too much, is too young or too far away has no speed, and says so.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.ground.above import seen_above
from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.pace.trails import ACROSS, AT, HEIGHT
from edge.values.pace import Speed

Flags = npt.NDArray[np.bool_]

FEWEST = 5
LEAST_S = 0.75
"""Fewer places, or over a shorter time, give no speed."""
USUAL, USUAL_WEIGHT = 0.06, 4.0
"""How much feet scatter with a fair detector, box heights, and how many numbers that is worth."""
WILDEST = 0.15
"""Scatter, box heights, from which nobody can say what moves there."""
ROUNDS = 2
"""How often the line is fitted, each time by what the last one says of the places."""
HUBER = 2.5
"""Standard deviations beyond which a place counts less."""
CLOSEST = 0.75
"""Correlation of neighbouring errors beyond which it is not believed."""
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
STANDS = 2.146
"""Standard deviations within which nine of ten of those who stand seem to move (Rayleigh)."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Straight motion of n objects.

    Attributes:
        at: float64 n×2, where they are now, metres.
        mps: float64 n×2, their velocity.
        doubt: float64 n×2×2, covariance of that by the scatter of places.
        scatter: float64 n, standard deviation of the feet, box heights.
        begins_s, ends_s: float64 n, first and last time, seconds before now, at most 0.
        across: float64 n×3, mean covariance of a place for feet that err by one box height.
        heights: float64 2×n, first and last box height.
        places: int64 n, of how many places it is made.
    """

    at: F64
    mps: F64
    doubt: F64
    scatter: F64
    begins_s: F64
    ends_s: F64
    across: F64
    heights: F64
    places: npt.NDArray[np.int64]

    @property
    def lasted_s(self) -> F64:
        """From the first place to the last."""
        return self.ends_s - self.begins_s

    @property
    def ends(self) -> F64:
        """Where they were first and last, 2×n×2."""
        return np.stack([self.at + self.mps * t[:, None] for t in (self.begins_s, self.ends_s)])

    @property
    def enough(self) -> Flags:
        """Whose motion is known from enough places over enough time, and is no muddle."""
        return np.asarray((self.places >= FEWEST) & (self.lasted_s >= LEAST_S) & (self.scatter <= WILDEST))


class SpeedGauge:
    """Measures speeds on one camera's ground."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._foot = ground, _camera_foot(ground)

    def measure(self, times_s: F64, places: F64) -> list[Speed | None]:
        """The speed of each object whose last places these are; None where it cannot be told.

        Args:
            times_s: float64 k, before now, ascending.
            places: float64 n×k×8, as `Trails` keeps them; NaN for none.
        """
        usable = np.flatnonzero((~np.isnan(places[:, :, HEIGHT])).sum(axis=1) >= FEWEST)
        told: list[Speed | None] = [None] * len(places)
        if not len(usable):
            return told
        line = straight(times_s, places[usable])
        pace = np.hypot(line.mps[:, 0], line.mps[:, 1])
        along, across = self._deviations(line, pace)
        good = line.enough & np.isfinite(along) & (pace <= FASTEST_MPS)
        numbers = np.column_stack([usable, pace, along, across, line.lasted_s])[good].tolist()
        for row, *number in numbers:
            told[int(row)] = _speed(*number)
        return told

    def _deviations(self, line: Line, pace: F64) -> tuple[F64, F64]:
        """Standard deviations of the speed along the way, n, and of the velocity across it."""
        x, y = line.mps.T / np.maximum(pace, 1e-9)
        xx, xy, yy = line.doubt[:, 0, 0], line.doubt[:, 0, 1], line.doubt[:, 1, 1]
        along = xx * x * x + 2 * xy * x * y + yy * y * y
        ends = line.ends
        systematic = self._of_ground(line, ends, pace) + self._of_view(line, ends)
        systematic += (STAMP_S * pace / line.lasted_s) ** 2
        return np.sqrt(along + systematic), np.sqrt(np.maximum(xx + yy - along, 0.0) + systematic)

    def _of_ground(self, line: Line, ends: F64, pace: F64) -> F64:
        """Variance by a plane that may lie otherwise, and by feet that are told too low all the time."""
        seen = self._ground.seen_at(ends.reshape(-1, 2))
        lower = seen.copy()
        lower[:, 1] += FEET_BIAS * line.heights.ravel()

        def off(at: F64) -> F64:
            first, last = at[..., : len(pace), :], at[..., len(pace) :, :]
            way = last - first
            return np.asarray((np.hypot(way[..., 0], way[..., 1]) / line.lasted_s - pace) ** 2)

        variance = off(self._ground.metres(lower))
        if len(self._ground.doubts):
            variance = variance + off(self._ground.metres_on(self._ground.doubts, seen)).mean(axis=0)
        return variance

    def _of_view(self, line: Line, ends: F64) -> F64:
        """Variance by a box whose middle slips as it is seen from another side, and by its ends."""
        xx, xy, yy = line.across.T
        variance = 2 * (xx + yy) * (ENDS / line.lasted_s) ** 2
        if self._foot is not None:
            (ax, ay), (bx, by) = np.moveaxis(ends - self._foot, 2, 1)
            turned = np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
            narrow = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)  # across the line of sight
            variance = variance + narrow * (SLIP * turned / line.lasted_s) ** 2
        return np.asarray(variance)


def straight(times_s: F64, places: F64) -> Line:
    """The straight motions that fit the places n×k×8 best, each of at least two of them."""
    known = ~np.isnan(places[:, :, HEIGHT])
    clean = np.where(known[:, :, None], places, 0.0)
    at, across = clean[:, :, AT], clean[:, :, ACROSS]
    exact = _inverse(across)
    n, usual2 = known.sum(axis=1), np.full(len(places), USUAL**2)
    weight = known.astype(np.float64)
    for _ in range(ROUNDS):
        solved, inverse = _solved(times_s, at, exact * weight)
        miss = at - solved[:, None, :2] - solved[:, None, 2:] * times_s[:, None]
        far = _product(exact, miss, miss)
        usual2 = _usual2(far, known)
        weight = known * np.minimum(1.0, HUBER * np.sqrt(usual2[:, None] / np.maximum(far, 1e-18)))
    numbers = USUAL_WEIGHT + 2 * n - 4
    scatter2 = (USUAL_WEIGHT * USUAL**2 + (weight * far).sum(axis=1)) / numbers
    few = (1 + 0.926 / numbers) ** 2  # Student's t against the normal, at one of twenty
    doubt = inverse[:, 2:, 2:] * (scatter2 * few * _hang_together(miss, exact, far, n))[:, None, None]
    first, last = known.argmax(axis=1), known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    rows = np.arange(len(places))
    heights = np.stack([clean[rows, first, HEIGHT], clean[rows, last, HEIGHT]])
    mean = across.sum(axis=1) / n[:, None]
    now = solved[:, :2], solved[:, 2:]
    return Line(*now, doubt, np.sqrt(scatter2), times_s[first], times_s[last], mean, heights, n)


def _solved(times_s: F64, at: F64, exact: F64) -> tuple[F64, F64]:
    """Places now and velocities n×4, and the inverse of the normal equations n×4×4.

    `exact` are the weights xx, xy, yy of each place, 3×n×k.
    """
    powers = np.stack([np.ones_like(times_s), times_s, times_s**2], axis=1)
    moments = exact @ powers  # 3×n×3
    pull_x = exact[0] * at[:, :, 0] + exact[1] * at[:, :, 1]
    pull_y = exact[1] * at[:, :, 0] + exact[2] * at[:, :, 1]
    pulls = np.stack([pull_x, pull_y]) @ powers[:, :2]  # 2×n×2
    by = moments[[[0, 1], [1, 2]]]  # 2×2×n×3: the 2×2 weights, for each power
    normal = np.empty((len(at), 4, 4))
    for i in range(2):
        for j in range(2):
            normal[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = by[:, :, :, i + j].transpose(2, 0, 1)
    normal += np.eye(4) * 1e-9
    inverse: F64 = np.asarray(np.linalg.inv(normal), np.float64)
    pulled = pulls.transpose(1, 2, 0).reshape(-1, 4, 1)
    solved: F64 = (inverse @ pulled)[:, :, 0]
    return solved, inverse


def _product(exact: F64, one: F64, other: F64) -> F64:
    """Scalar products n×k of vectors n×k×2, under weights 3×n×k."""
    (ax, ay), (bx, by) = np.moveaxis(one, 2, 0), np.moveaxis(other, 2, 0)
    return np.asarray(exact[0] * ax * bx + exact[1] * (ax * by + ay * bx) + exact[2] * ay * by)


def _usual2(far: F64, known: Flags) -> F64:
    """Robust variance of the feet n, box heights: the median of squared distances, of which 1.39 is usual."""
    ordered = np.sort(np.where(known, far, np.inf), axis=1)
    middle = (known.sum(axis=1) - 1) // 2
    median = ordered[np.arange(len(far)), middle]
    return np.asarray(np.maximum(median / 1.386, USUAL**2 / 4))


def _hang_together(miss: F64, exact: F64, far: F64, n: npt.NDArray[np.int64]) -> F64:
    """By how much variances grow because neighbouring errors are alike, at least 1, n."""
    product = _product(exact[:, :, 1:] * (exact[0, :, :-1] > 0), miss[:, 1:], miss[:, :-1])
    square = far.sum(axis=1) + USUAL_WEIGHT * USUAL**2 / 4  # what is next to nothing does not hang together
    alike = product.sum(axis=1) / square + 2.0 / n
    alike = np.minimum(np.maximum(alike, 0.0), CLOSEST)
    return np.asarray((1 + alike) / (1 - alike))


def _inverse(across: F64) -> F64:
    """Inverses xx, xy, yy 3×n×k of covariances n×k×3; 0 for none."""
    xx, xy, yy = np.moveaxis(across, -1, 0)
    det = xx * yy - xy * xy
    scale = np.where(det > 0, 1 / np.maximum(det, 1e-18), 0.0)
    return np.asarray(np.stack([yy * scale, -xy * scale, xx * scale]))


def _speed(pace: float, along: float, across: float, window_s: float) -> Speed:
    """A speed of a velocity that errs by so much along its way and across it.

    A length is never less than nothing, so that noise alone makes it longer: that is taken off.
    """
    best = float(np.sqrt(max(0.0, pace**2 - along**2 - across**2)))
    low = 0.0 if pace <= STANDS * max(along, across) else max(0.0, pace - REACH * along)
    return Speed(max(low, best), low, max(best, pace + REACH * along), window_s)


def _camera_foot(ground: Ground) -> F64 | None:
    """The spot of the ground under the camera, metres 2: where the ways towards it meet; None if unknown."""
    spots = np.array([[0.2, 0.9], [0.8, 0.9]])
    feet = ground.metres(spots)
    away = ground.metres(spots + 1e-3 * (seen_above(ground, spots, 0.5) - spots)) - feet
    if not np.isfinite(away).all() or abs(np.linalg.det(away)) < 1e-12 * np.abs(away).max() ** 2:
        return None
    reach = np.linalg.solve(np.column_stack([away[0], -away[1]]), feet[1] - feet[0])
    return np.asarray(feet[0] + reach[0] * away[0])
