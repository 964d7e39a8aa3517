"""What comes out of a redaction: pixels of bodies that are not filled. Exact truth in, shares out."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.fact import UnitBox
from edge.values.frame import Size

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Leak:
    """Pixels of bodies over a stretch of pictures.

    Attributes:
        pixels: how many there are.
        shown: how many of them are not filled.
        pictures: in how many pictures any is not filled.
    """

    pixels: int = 0
    shown: int = 0
    pictures: int = 0

    @property
    def share(self) -> float:
        """Share of the bodies' pixels that comes out, 0..1; 0 where there is no body."""
        return self.shown / self.pixels if self.pixels else 0.0

    def __add__(self, other: "Leak") -> "Leak":
        return Leak(self.pixels + other.pixels, self.shown + other.shown, self.pictures + other.pictures)


def leak(bodies: Mask, covered: Mask) -> Leak:
    """What comes out of one picture.

    Args:
        bodies: bool H×W, where bodies can be seen.
        covered: bool H×W, what is filled.

    Raises:
        ValueError: they are of different sizes.
    """
    if bodies.shape != covered.shape:
        raise ValueError(f"a leak wants masks of one size, got {bodies.shape} and {covered.shape}")
    shown = int(np.count_nonzero(bodies & ~covered))
    return Leak(int(np.count_nonzero(bodies)), shown, int(shown > 0))


def boxed(boxes: Iterable[UnitBox], size: Size) -> Mask:
    """Pixels that boxes of the unit square touch, bool H×W: more than the bodies in them."""
    mask = np.zeros((size.height, size.width), np.bool_)
    for x1, y1, x2, y2 in boxes:
        left, top = max(0, int(x1 * size.width)), max(0, int(y1 * size.height))
        right, bottom = int(np.ceil(x2 * size.width)), int(np.ceil(y2 * size.height))
        mask[top : max(top, bottom), left : max(left, right)] = True
    return mask
