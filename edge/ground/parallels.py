"""Lines that are parallel on the ground meet in the picture: where, and which of them does not.

Law: the point is the most likely one if the ends of the lines were marked with equal doubt (Sampson's
first-order error; Hartley and Zisserman, Multiple View Geometry, 2nd ed., section 4.2.6). How far a line is
off is the distance by which its ends would have to be marked elsewhere. Two lines always meet.
"""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from edge.ground.agreement import Agreement, Kept, agreement
from edge.ground.lens import F64, Lens

SHORTEST = 0.02
"""Least distance between the ends of a line, picture heights."""
UNKNOWN = 2
"""Numbers of a point where lines meet."""


@dataclass(frozen=True, slots=True, eq=False)
class Parallels:
    """Lines of one direction, through a straight lens, in picture heights from the middle; n of them.

    Attributes:
        ends: float64 n×2×3, homogeneous.
        slopes: float64 n×2×2×2, how the ends move with where they were marked.
    """

    ends: F64
    slopes: F64

    @classmethod
    def of(cls, lines: F64, lens: Lens) -> "Parallels":
        """Those whose ends n×2×2 were marked in the unit square.

        Raises:
            ValueError: one is hardly longer than a point.
        """
        scale, marks = np.array([lens.aspect, 1.0]), lines.reshape(-1, 2)
        straight = ((lens.straight(marks) - 0.5) * scale).reshape(lines.shape)
        ends = np.concatenate([straight, np.ones((len(lines), 2, 1))], axis=2)
        if float(np.hypot(*(straight[:, 1] - straight[:, 0]).T).min()) < SHORTEST:
            raise ValueError(
                "a line wants ends apart from each other, by 2 % of the picture's height at least"
            )
        slopes = lens.slope(marks) * (scale[:, None] / scale)
        return cls(ends, slopes.reshape(len(lines), 2, 2, 2))

    def at(self, kept: Kept) -> "Parallels":
        """Those of them, bool n."""
        return Parallels(self.ends[kept], self.slopes[kept])

    def meet(self) -> F64:
        """Where they meet, homogeneous 3; the third is 0 of lines that are parallel in the picture too.

        Raises:
            ValueError: they lie one after the other.
        """
        through = np.cross(self.ends[:, 0], self.ends[:, 1])
        _, values, vectors = np.linalg.svd(through)
        if values[1] < 1e-3 * values[0]:
            raise ValueError(
                "lines of one direction want to be apart from each other, not one after the other"
            )
        point: F64 = vectors[2]
        for _ in range(30 if len(through) > UNKNOWN else 0):
            before = point
            point = np.linalg.svd(through / self._reach(point)[:, None])[2][2]
            point = point * np.sign(point @ before)
            if np.abs(point - before).max() < 1e-12:
                break
        return point

    def off(self, point: F64) -> F64:
        """How far each is off such a point, picture heights n, signed; as doubtful as a mark."""
        return np.asarray(np.cross(self.ends[:, 0], self.ends[:, 1]) @ point / self._reach(point))

    def agreement(self, mark_sd: float) -> Agreement:
        """Which of them does not meet the others, if ends were marked with this standard deviation."""

        def squares(kept: Kept) -> float:
            rest = self.at(kept)
            with suppress(ValueError):
                return float(((rest.off(rest.meet()) / mark_sd) ** 2).sum())
            return np.inf

        return agreement(len(self.ends), 1, UNKNOWN, squares)

    def _reach(self, point: F64) -> F64:
        """How the product of a line and the point moves with the marks of its ends, n."""
        pulls = np.cross(self.ends[:, ::-1], point)[:, :, :2]
        return np.asarray(np.sqrt(((pulls[:, :, None] @ self.slopes) ** 2).sum(axis=(1, 2, 3))))
