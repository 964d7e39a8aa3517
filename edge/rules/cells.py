"""A crowd in squares of the ground: what neighbours do together, and how much they differ.

Law: a mean over neighbours is nobody's motion. Trackers confuse people who stand close together; that moves
what one of them seems to do, and hardly the mean of them all, because what one track loses another gains.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.once import once
from edge.values.walks import F64, Walks

SIDE_M = 1.77
"""Side of a square as large as a disc with a radius of 1 m, over which Helbing, Johansson and Al-Abideen
(Phys. Rev. E 75, 046109, 2007) take local means."""
_FAR = 1 << 20


@dataclass(frozen=True, eq=False)
class Cells:
    """Squares with somebody in them, c of them.

    Attributes:
        walks: of those people.
        keys: int64 c, one for each square of the ground, the same at all times.
        people: int64 c, how many are in each.
        mean_mps: float64 c×2, their mean velocity.
        of_each: intp n, the row of each person's square.
    """

    walks: Walks
    keys: npt.NDArray[np.int64]
    people: npt.NDArray[np.int64]
    mean_mps: F64
    of_each: npt.NDArray[np.intp]

    @classmethod
    def of(cls, walks: Walks) -> "Cells":
        """The squares of those people."""
        where = np.floor(walks.at_m / SIDE_M).astype(np.int64)
        keys, of_each, people = _grouped(where[:, 0] * _FAR + where[:, 1])
        speed, n = walks.speed_mps, len(keys)
        mean = np.empty((n, 2))
        for k in (0, 1):
            np.divide(np.bincount(of_each, speed[:, k], n), people, out=mean[:, k])
        return cls(walks, keys, people, mean, of_each)

    @once
    def scatter_mps2(self) -> F64:
        """How far the velocities in each square lie from its mean, sum of squares, float64 c."""
        off = self.walks.speed_mps - self.mean_mps[self.of_each]
        return np.asarray(
            np.bincount(self.of_each, off[:, 0] ** 2 + off[:, 1] ** 2, len(self.keys)), np.float64
        )

    @once
    def noise_mps2(self) -> F64:
        """What the noise of their velocities alone would make of that, float64 c."""
        noise = np.bincount(self.of_each, self.walks.noise_mps**2, len(self.keys))
        return np.asarray(noise * (2.0 - 2.0 / self.people))

    def steadied(self, speed_mps: F64) -> F64:
        """Velocities n×2, each pulled to the mean of its square as far as noise can explain the differences.

        Source: C. Stein (1956) and B. Efron and C. Morris, JASA 68(341), 1973: empirical Bayes shrinkage.
        """
        own = np.maximum(0.0, 1 - self.noise_mps2 / np.maximum(self.scatter_mps2, 1e-12))[self.of_each, None]
        mean = self.mean_mps[self.of_each]
        return np.asarray(mean + own * (speed_mps - mean))

    @property
    def crowding(self) -> F64:
        """How densely the square of each person is filled, persons per square metre, n."""
        return np.asarray(self.people[self.of_each] / SIDE_M**2)


def _grouped(
    keys: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Different keys by size, which of them each one is, and how often each occurs.

    What `np.unique` says, at half its price for a few.
    """
    order = keys.argsort(kind="stable")
    ordered = keys[order]
    begins = np.empty(len(keys), np.bool_)
    begins[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    of_each = np.empty(len(keys), np.intp)
    of_each[order] = begins.cumsum() - 1
    return ordered[begins], of_each, np.bincount(of_each)
