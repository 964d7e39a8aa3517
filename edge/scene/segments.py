"""Steps of a path against line segments: who passes over what, and which way.

Law: the answer is exact under reversal. A reversed step, or a reversed segment, gives the same
crossing with the other sign, also where a point lies on a line, because every orientation is
computed from end points in lexicographic order and zero counts as the left.
Coordinates are picture heights (x times the aspect ratio, y as it is), so that distances are even.
"""

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
Signs = npt.NDArray[np.int64]

# Pixels and typed-in coordinates share round numbers; a path that bends exactly in a corner of a line
# would be counted never or twice. Moving all lines by less than a thousandth of a pixel avoids it.
_NUDGE = np.array([1.1e-9, 2.3e-9])


class Segments:
    """Line segments a → b, s of them, made ready for many tests."""

    def __init__(self, a: F64, b: F64) -> None:
        """Segments from float64 s×2 starts and s×2 ends."""
        flip = _later(a, b)
        self._low = np.where(flip[:, None], b, a) + _NUDGE
        self._high = np.where(flip[:, None], a, b) + _NUDGE
        self._sign = np.where(flip, -1, 1)

    def crossings(self, p: F64, q: F64) -> Signs:
        """Steps p → q over the segments.

        Args:
            p: float64 n×2, starts of the steps.
            q: float64 n×2, ends of the steps.

        Returns:
            int64 n×s: +1 where the step goes from the left of the segment to its right as seen in the
            picture (y down), -1 the other way, 0 where it does not pass over the segment.
        """
        right_p = _right_of(self._low, self._high, p[:, None])
        right_q = _right_of(self._low, self._high, q[:, None])
        flip = _later(p, q)[:, None]
        first, last = np.where(flip, q, p)[:, None], np.where(flip, p, q)[:, None]
        apart = _right_of(first, last, self._low) != _right_of(first, last, self._high)
        return np.asarray((right_q.astype(np.int64) - right_p) * apart * self._sign)

    def distance(self, points: F64) -> F64:
        """Distance of points n×2 from the segments, float64 n×s."""
        return distance_to(points, self._low, self._high)


def distance_to(points: F64, a: F64, b: F64) -> F64:
    """Distance of points n×2 from the segments a → b (s×2 each), float64 n×s."""
    along = b - a
    length2 = np.maximum((along**2).sum(axis=1), 1e-300)
    off = points[:, None] - a
    share = np.clip((off * along).sum(axis=2) / length2, 0.0, 1.0)
    rest = off - share[:, :, None] * along
    return np.asarray(np.sqrt((rest**2).sum(axis=2)))


def _right_of(a: F64, b: F64, p: F64) -> npt.NDArray[np.bool_]:
    """Whether p lies to the right of a → b as seen in the picture; broadcast over leading axes."""
    along, off = b - a, p - a
    return np.asarray(along[..., 0] * off[..., 1] - along[..., 1] * off[..., 0] > 0.0)


def _later(a: F64, b: F64) -> npt.NDArray[np.bool_]:
    """Whether a comes after b in lexicographic order, by row."""
    return np.asarray((a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1])))
