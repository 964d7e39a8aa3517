"""The bend of a wide lens, and its undoing.

Law: one number. The division model (Fitzgibbon, CVPR 2001, eq. 5) says where a straight lens would have shown
a point: its distance r from the middle of the picture becomes r / (1 + strength · r²), r in picture heights.
A negative strength is the barrel of a wide-angle camera. It fits lenses of up to about 120° of view; a
fish-eye wants a camera that straightens its own picture.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

STRONGEST = 0.6
"""Of |strength|: beyond it the corners of a 16:9 picture would be seen twice."""
MOST_SD = 0.1
"""Of a strength: a lens that is known less well is not known."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A lens over a picture `aspect` times as wide as high; strength 0 is a straight one.

    `sd` is the standard deviation of its strength.
    """

    aspect: float
    strength: float = 0.0
    sd: float = field(default=0.0, repr=False)  # kept landmarks go by the rest

    def __post_init__(self) -> None:
        if not 0.1 <= self.aspect <= 10 or not -STRONGEST <= self.strength <= STRONGEST:
            raise ValueError(
                f"a lens wants an aspect of 0.1..10 and a strength of -{STRONGEST}..{STRONGEST}, got "
                f"{self.aspect:g} and {self.strength:g}"
            )
        if not 0 <= self.sd <= MOST_SD:
            raise ValueError(f"a lens wants a doubt of 0..{MOST_SD:g} in its strength, got {self.sd:g}")

    def otherwise(self, sds: float) -> "Lens":
        """The lens that is so many standard deviations stronger; sure of itself."""
        strength = self.strength + sds * self.sd
        return Lens(self.aspect, min(max(strength, -STRONGEST), STRONGEST))

    def straight(self, points: F64) -> F64:
        """Where a straight lens would show points ...×2 of the unit square; perhaps beyond that square."""
        if self.strength == 0.0:
            return points
        off, scale = self._from_middle(points)
        r2 = (off**2).sum(axis=-1, keepdims=True)
        return np.asarray(off / (1 + self.strength * r2) / scale + 0.5)

    def straight_spot(self, x: float, y: float) -> tuple[float, float]:
        """The same of a single point."""
        if self.strength == 0.0:
            return x, y
        right, down = (x - 0.5) * self.aspect, y - 0.5
        shrunk = 1 + self.strength * (right * right + down * down)
        return right / shrunk / self.aspect + 0.5, down / shrunk + 0.5

    def slope(self, points: F64) -> F64:
        """How what `straight` says moves with points n×2: n×2×2."""
        off, scale = self._from_middle(points)
        shrunk = 1 + self.strength * (off**2).sum(axis=1)[:, None, None]
        turned = np.eye(2) - 2 * self.strength / shrunk * off[:, :, None] * off[:, None, :]
        return np.asarray(turned / shrunk * scale / scale[:, None])

    def bent(self, points: F64) -> F64:
        """Where this lens shows what a straight one shows at points ...×2; the inverse of `straight`."""
        if self.strength == 0.0:
            return points
        off, scale = self._from_middle(points)
        r = np.sqrt((off**2).sum(axis=-1, keepdims=True))
        # r_straight · (1 + k r²) = r is a quadratic in r; this root tends to r_straight as k tends to 0.
        root = np.sqrt(np.maximum(1 - 4 * self.strength * r**2, 0.0))
        return np.asarray(off * (2 / (1 + root)) / scale + 0.5)

    def _from_middle(self, points: F64) -> tuple[F64, F64]:
        scale = np.array([self.aspect, 1.0])
        return (points - 0.5) * scale, scale
