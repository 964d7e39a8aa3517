"""The ground of one camera: a plane, seen in perspective through a lens, and what is not known about it.

Law: doubt is carried, never dropped. Beside the best plane lie its sigma planes, two for each uncertain
parameter, one standard deviation away times the root of their number (the symmetric set of Julier and
Uhlmann, Proc. IEEE 92(3), 2004, section III): whatever is computed on the best plane has, as its
variance, the mean squared difference of the same thing computed on the sigma planes. Where the lens is
uncertain too, two of them lie behind other lenses.
A point at or above the horizon has no place on the ground, and says so by NaN.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import nan

import numpy as np

from edge.ground.lens import F64, Lens


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Maps the picture to the ground.

    Attributes:
        lens: the lens; its aspect is that of the picture.
        plane: float64 3×3, homogeneous straightened unit square to homogeneous ground metres; the third
            component is positive in front of the camera.
        doubts: float64 s×3×3, the sigma planes; none if the plane is exact.
        bends: float64 s, the strength of the lens before each of them; none where all have this one.
        back: float64 3×3, the inverse of `plane`.
    """

    lens: Lens
    plane: F64
    doubts: F64
    bends: F64 = field(default_factory=lambda: np.zeros(0))
    back: F64 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.plane.shape != (3, 3) or self.doubts.shape[1:] != (3, 3):
            raise ValueError(f"a ground wants planes of 3×3, got {self.plane.shape} and {self.doubts.shape}")
        if len(self.bends) not in (0, len(self.doubts)):
            raise ValueError(f"wanted a lens for each of {len(self.doubts)} planes, got {len(self.bends)}")
        if not np.isfinite(self.plane).all() or abs(np.linalg.det(self.plane)) < 1e-12:
            raise ValueError("a ground wants a plane that can be inverted")
        object.__setattr__(self, "back", np.linalg.inv(self.plane))
        for array in (self.plane, self.doubts, self.bends, self.back):
            array.setflags(write=False)

    @property
    def each(self) -> "tuple[Ground, ...]":
        """The best plane and then the sigma planes, each behind its lens, as grounds without doubt."""
        sure = self.doubts[:0]
        bends = self.bends.tolist() or [self.lens.strength] * len(self.doubts)
        others = zip(bends, self.doubts, strict=True)
        return Ground(self.lens, self.plane, sure), *(
            Ground(Lens(self.lens.aspect, bend), plane, sure) for bend, plane in others
        )

    def metres(self, points: F64) -> F64:
        """Ground metres n×2 of points n×2 of the unit square; NaN at or above the horizon."""
        ground, depth = self._seen_through(points)
        return np.asarray((ground / depth).T)

    def laid(self, points: F64) -> tuple[F64, F64]:
        """The same, and how the ground moves with the picture there, n×2×2: metres per unit-square step right
        and down."""
        ground, depth = self._seen_through(points)
        at = ground / depth
        bend = at[:, None] * self.plane[2, :2, None]
        step = ((self.plane[:2, :2, None] - bend) / depth).transpose(2, 0, 1)
        return at.T, step if self.lens.strength == 0.0 else step @ self.lens.slope(points)

    def _seen_through(self, points: F64) -> tuple[F64, F64]:
        """Homogeneous ground metres of points n×2: 2×n, as numpy is fast along what is long, and n by which
        these are to be divided."""
        ground = self.plane[:, :2] @ self.lens.straight(points).T
        ground += self.plane[:, 2:]
        depth = ground[2]
        return ground[:2], np.where(depth > 0, depth, np.nan) if np.count_nonzero(depth <= 0) else depth

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """The same of a single point of the unit square; a tenth of the price."""
        x, y = self.lens.straight_spot(x, y)
        east, north, depth = (a * x + b * y + c for a, b, c in self.plane.tolist())
        return (east / depth, north / depth) if depth > 0 else (nan, nan)

    def metres_on_each(self, points: F64) -> F64:
        """Ground metres (1+s)×n×2 of points n×2 of the unit square, on the best and on each sigma plane."""
        planes = np.concatenate([self.plane[None], self.doubts])
        straight = self.lens.straight(points)
        if len(self.bends):
            by = {bend: Lens(self.lens.aspect, bend).straight(points) for bend in set(self.bends.tolist())}
            straight = np.stack([straight, *(by[bend] for bend in self.bends.tolist())])
        ground = straight @ np.swapaxes(planes[:, :, :2], 1, 2) + planes[:, None, :, 2]
        depth = np.where(ground[..., 2:] > 0, ground[..., 2:], np.nan)
        return np.asarray(ground[..., :2] / depth)

    def seen_at(self, metres: F64) -> F64:
        """Where in the unit square ground points n×2, metres, are seen; NaN behind the camera."""
        ground = np.concatenate([metres, np.ones((len(metres), 1))], axis=1)
        seen = ground @ self.back.T
        # The plane's third component is 1 / depth up to its own positive scale.
        depth = np.where(seen[:, 2:] > 0, seen[:, 2:], np.nan)
        return self.lens.bent(np.asarray(seen[:, :2] / depth))

    def spread(self, values: F64) -> F64:
        """Standard deviation of something computed on the best and all sigma planes, (1+s)×...; 0 without
        doubt."""
        if len(values) < 2:
            return np.zeros(values.shape[1:])
        return np.asarray(np.sqrt(((values[1:] - values[0]) ** 2).mean(axis=0)))

    def step(self, points: F64) -> F64:
        """How the ground moves with the picture: n×2×2, metres per unit-square step right and down."""
        return self.laid(points)[1]

    def px_per_m(self, points: F64, height_px: int) -> F64:
        """Pixels per metre across the line of sight at points n×2 (IEC 62676-4)."""
        across = np.hypot(*np.moveaxis(self.step(points)[:, :, 0], 1, 0))  # metres per unit-square width
        return np.asarray(height_px * self.lens.aspect / across)


def facing(plane: F64, point: F64) -> F64:
    """The plane with the sign that puts a straightened point (2) in front of the camera."""
    return plane if plane[2] @ np.array([*point, 1.0]) > 0 else -plane


def behind(ground: Ground, plane_by: Callable[[Lens], F64]) -> Ground:
    """The same ground with the doubt of its lens: two more sigma planes, and the others so much farther off.

    Args:
        ground: by its lens as that is most likely; its sigma planes are 2n.
        plane_by: the plane that the same marks give by another lens, 3×3.
    """
    if ground.lens.sd == 0.0:
        return ground
    n = len(ground.doubts) // 2
    lenses = [ground.lens.otherwise(sds) for sds in (np.sqrt(n + 1), -np.sqrt(n + 1))]
    farther = ground.plane + (ground.doubts - ground.plane) * np.sqrt((n + 1) / max(n, 1))
    return Ground(
        ground.lens,
        ground.plane,
        np.concatenate([farther, [plane_by(lens) for lens in lenses]]),
        np.array([ground.lens.strength] * 2 * n + [lens.strength for lens in lenses]),
    )


def sigma(best: F64, covariance: F64) -> F64:
    """Sigma vectors 2n×n about a parameter vector of length n, for a covariance n×n."""
    n = len(best)
    values, vectors = np.linalg.eigh(covariance)
    roots = (vectors * np.sqrt(np.maximum(values, 0.0) * n)).T
    return np.concatenate([best + roots, best - roots])
