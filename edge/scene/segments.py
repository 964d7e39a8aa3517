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
        self._along = np.where(flip[:, None], a, b) + _NUDGE - self._low
        self._sign = np.where(flip, -1, 1)
        self._unit = self._along / np.maximum((self._along**2).sum(axis=1), 1e-300)[:, None]

    def crossings(self, p: F64, q: F64) -> Signs:
        """Steps p → q over the segments.

        Args:
            p: float64 n×2, starts of the steps.
            q: float64 n×2, ends of the steps.

        Returns:
            int64 n×s: +1 where the step goes from the left of the segment to its right as seen in the
            picture (y down), -1 the other way, 0 where it does not pass over the segment.
        """
        right = self._right(np.concatenate((p, q)))
        found = right[len(p) :].astype(np.int64) - right[: len(p)]
        if not found.any():
            return found
        step, segment = found.nonzero()
        flip = _later(p, q)[:, None]
        first = np.where(flip, q, p)[step]
        way = np.where(flip, p - q, q - p)[step]
        low = self._low[segment]
        apart = _right_of(first, way, low) != _right_of(first, way, low + self._along[segment])
        found[step, segment] *= apart * self._sign[segment]
        return found

    def squared_distance(self, points: F64) -> F64:
        """Squared distance of points n×2 from the segments, float64 n×s."""
        return squared(points[:, :1], points[:, 1:], *self._low.T, *self._along.T, *self._unit.T)

    @property
    def columns(self) -> tuple[F64, F64, F64]:
        """Lower end, way to the upper end, and that way by its squared length: s×2 each."""
        return self._low, self._along, self._unit

    def tables(self, groups: npt.NDArray[np.intp]) -> list[F64]:
        """What `squared` wants to know of groups of segments, by index: six tables of the same shape."""
        return [column[groups] for which in self.columns for column in which.T]

    def _right(self, points: F64) -> npt.NDArray[np.bool_]:
        """Whether points n×2 lie to the right of the lines through the segments, bool n×s."""
        along_x, along_y = self._along[:, 0], self._along[:, 1]
        beside = along_x * (points[:, 1:] - self._low[:, 1])
        return np.asarray(beside > along_y * (points[:, :1] - self._low[:, 0]))


def squared(
    x: F64, y: F64, low_x: F64, low_y: F64, along_x: F64, along_y: F64, unit_x: F64, unit_y: F64
) -> F64:
    """Squared distances of points from segments of these `columns`, as arrays that go together."""
    off_x, off_y = x - low_x, y - low_y
    share = off_x * unit_x
    share += off_y * unit_y
    np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
    off_x -= share * along_x
    off_y -= share * along_y
    off_x *= off_x
    off_y *= off_y
    off_x += off_y
    return off_x


def _right_of(start: F64, way: F64, p: F64) -> npt.NDArray[np.bool_]:
    """Whether p lies to the right of the way from start, by row."""
    return np.asarray(way[:, 0] * (p[:, 1] - start[:, 1]) > way[:, 1] * (p[:, 0] - start[:, 0]))


def _later(a: F64, b: F64) -> npt.NDArray[np.bool_]:
    """Whether a comes after b in lexicographic order, by row."""
    return np.asarray((a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1])))
