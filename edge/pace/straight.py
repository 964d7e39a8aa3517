"""Straight motion through places that err: all objects at once.

Law: weighted least squares, in which places far off count less and outliers little (Huber, Ann. Math. Stat.
35(1), 1964). The scatter about the line is learnt from the places and from what is usual, and makes more
doubt where neighbouring errors hang together. Objects are the last axis of every array.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.pace.trails import Window

Flags = npt.NDArray[np.bool_]

FEWEST = 5
LEAST_S = 0.75
"""Fewer places, or over a shorter time, give no speed."""
USUAL, USUAL_WEIGHT = 0.06, 4.0
"""How much feet scatter with a fair detector, box heights, and how many numbers that is worth."""
WILDEST = 0.15
"""Scatter, box heights, from which nobody can say what moves there."""
HUBER = 2.5
"""Standard deviations beyond which a place counts less."""
CLOSEST = 0.75
"""Correlation of neighbouring errors beyond which it is not believed."""
LEAST_WEIGHT = 1e-9
"""Of every place and velocity, so that normal equations of places next to the horizon can be solved."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Straight motion of n objects.

    Attributes:
        at: float64 2×n, where they are now, metres.
        mps: float64 2×n, their velocity.
        doubt: float64 3×n, covariance xx, xy, yy of that by the scatter of places.
        scatter: float64 n, standard deviation of the feet, box heights.
        begins_s, ends_s: float64 n, first and last time, seconds before now, at most 0.
        across: float64 3×n, mean covariance of a place for feet that err by one box height.
        heights: float64 2×n, first and last box height.
        widths: float64 n, last box width.
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
    widths: F64
    places: npt.NDArray[np.int64]

    @property
    def lasted_s(self) -> F64:
        """From the first place to the last."""
        return self.ends_s - self.begins_s

    @property
    def ends(self) -> F64:
        """Where they were first and last, 2×2n: all that is first, then all that is last."""
        return np.concatenate([self.at + self.mps * t for t in (self.begins_s, self.ends_s)], axis=1)

    @property
    def enough(self) -> Flags:
        """Whose motion is known from enough places over enough time, and is no muddle."""
        return np.asarray((self.places >= FEWEST) & (self.lasted_s >= LEAST_S) & (self.scatter <= WILDEST))


def straight(window: Window) -> Line:
    """The straight motions that fit the places of a window best, each of at least two of them."""
    known, times_s, exact = window.known, window.times_s, window.exact
    n, each = known.sum(axis=0), np.arange(known.shape[1])
    pulled = _times(exact, window.at)
    at, mps, inverse = _solved(times_s, exact, pulled)
    miss, err, far = _missed(window, at, mps)
    weight = _huber(far, known, n)
    again = (weight < known).any(axis=0)
    if again.any():  # once more, by what the first line says of the places; nobody else's would be another
        less = weight[:, again]
        refitted = _solved(times_s, exact[..., again] * less, pulled[..., again] * less)
        at[:, again], mps[:, again], inverse[:, again] = refitted
        miss, err, far = _missed(window, at, mps)
        weight = _huber(far, known, n)
    numbers = USUAL_WEIGHT + 2 * n - 4
    scatter2 = (USUAL_WEIGHT * USUAL**2 + (weight * far).sum(axis=0)) / numbers
    few = (1 + 0.926 / numbers) ** 2  # Student's t against the normal, at one of twenty
    doubt = inverse * (scatter2 * few * _hang_together(miss, err, far, known, n))
    first, last = known.argmax(axis=0), len(known) - 1 - known[::-1].argmax(axis=0)
    heights = window.heights[np.stack([first, last]), each]
    across, scatter = window.across.sum(axis=1) / n, np.sqrt(scatter2)
    return Line(at, mps, doubt, scatter, times_s[first], times_s[last], across, heights, window.widths, n)


def _solved(times_s: F64, exact: F64, pulled: F64) -> tuple[F64, F64, F64]:
    """Places now and velocities, 2×n each, and the covariance 3×n of the velocities for errors of one.

    `exact` are the weights xx, xy, yy of each place, 3×k×n, and `pulled` the places under them, 2×k×n. The
    normal equations of a place p and a velocity v are M0 p + M1 v = q0 and M1 p + M2 v = q1, with moments Mi
    of the weights, symmetric 2×2; p is taken out of the second (Schur complement).
    """
    powers = np.stack([np.ones_like(times_s), times_s, times_s**2])
    moments = powers @ exact  # 3 components × 3 powers × n
    (q0x, q1x), (q0y, q1y) = powers[:2] @ pulled
    moments[::2, ::2] += LEAST_WEIGHT
    (m0xx, m1xx, m2xx), (m0xy, m1xy, m2xy), (m0yy, m1yy, m2yy) = moments
    ixx, ixy, iyy = _inverse(m0xx, m0xy, m0yy)
    gxx, gxy = m1xx * ixx + m1xy * ixy, m1xx * ixy + m1xy * iyy  # M1 / M0
    gyx, gyy = m1xy * ixx + m1yy * ixy, m1xy * ixy + m1yy * iyy
    sxx, sxy, syy = _inverse(
        m2xx - gxx * m1xx - gxy * m1xy, m2xy - gxx * m1xy - gxy * m1yy, m2yy - gyx * m1xy - gyy * m1yy
    )
    rx, ry = q1x - gxx * q0x - gxy * q0y, q1y - gyx * q0x - gyy * q0y
    vx, vy = sxx * rx + sxy * ry, sxy * rx + syy * ry
    ex, ey = q0x - m1xx * vx - m1xy * vy, q0y - m1xy * vx - m1yy * vy
    at = np.stack([ixx * ex + ixy * ey, ixy * ex + iyy * ey])
    return at, np.stack([vx, vy]), np.stack([sxx, sxy, syy])


def _inverse(xx: F64, xy: F64, yy: F64) -> tuple[F64, F64, F64]:
    """The inverse of symmetric 2×2 matrices that have one."""
    scale = 1.0 / (xx * yy - xy * xy)
    return yy * scale, -xy * scale, xx * scale


def _times(exact: F64, vectors: F64) -> F64:
    """Vectors 2×k×n under symmetric weights 3×k×n."""
    (xx, xy, yy), (x, y) = exact, vectors
    return np.stack([xx * x + xy * y, xy * x + yy * y])


def _missed(window: Window, at: F64, mps: F64) -> tuple[F64, F64, F64]:
    """How far the places lie from a motion: metres 2×k×n; that under the weights; squared box heights k×n."""
    miss = window.at - at[:, None]
    miss -= mps[:, None] * window.times_s[:, None]
    err = _times(window.exact, miss)
    return miss, err, np.asarray(miss[0] * err[0] + miss[1] * err[1])


def _huber(far: F64, known: Flags, n: npt.NDArray[np.int64]) -> F64:
    """Weights k×n of places by their squared distances, box heights, from a motion; 0 for none.

    What is far is told by the usual distance of the object's own places: the median of their squares, of
    which 1.39 is usual.
    """
    ordered = np.sort(np.where(known, far, np.inf), axis=0)
    median = ordered[(n - 1) // 2, np.arange(len(n))]
    usual = np.sqrt(np.maximum(median / 1.386, USUAL**2 / 4))
    return np.asarray(np.minimum(1.0, HUBER * usual / np.sqrt(np.maximum(far, 1e-18))) * known)


def _hang_together(miss: F64, err: F64, far: F64, known: Flags, n: npt.NDArray[np.int64]) -> F64:
    """By how much variances grow because neighbouring errors are alike, at least 1, n."""
    product = err[:, 1:] * miss[:, :-1]
    alike = (known[:-1] * (product[0] + product[1])).sum(axis=0)
    square = far.sum(axis=0) + USUAL_WEIGHT * USUAL**2 / 4  # what is next to nothing does not hang together
    alike = np.minimum(np.maximum(alike / square + 2.0 / n, 0.0), CLOSEST)
    return np.asarray((1 + alike) / (1 - alike))
