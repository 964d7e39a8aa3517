"""A sprite: one object's own pixels before anything hides them, and the canvas that stacks sprites.

The canvas keeps an id for every pixel, from which visible boxes and visibility follow exactly.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.frame import Pixels

Mask = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int16]
NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """Pixels of one object with their place on the canvas; may reach beyond its edges.

    Attributes:
        left: column of the first pixel.
        top: row of the first pixel.
        colour: uint8 h×w×3, RGB.
        mask: bool h×w, where the object is.
    """

    left: int
    top: int
    colour: Pixels
    mask: Mask


@dataclass(frozen=True, slots=True)
class Seen:
    """One painted object: its id (-1 for a fixture), class, ground point and own pixels."""

    id: int
    label: str
    ground: tuple[float, float]
    sprite: Sprite


@dataclass(frozen=True, slots=True)
class Extent:
    """Pixels an object covers: their number and their box x1 y1 x2 y2, ends exclusive."""

    pixels: int
    box: tuple[int, int, int, int]


def extent_of(mask: Mask, left: int = 0, top: int = 0) -> Extent | None:
    """Extent of the true pixels of a mask whose first pixel lies at (left, top); None if there are none."""
    rows, columns = np.asarray(mask.any(axis=1)), np.asarray(mask.any(axis=0))
    if not rows.any():
        return None
    y1, y2 = int(rows.argmax()), len(rows) - int(rows[::-1].argmax())
    x1, x2 = int(columns.argmax()), len(columns) - int(columns[::-1].argmax())
    return Extent(int(np.count_nonzero(mask)), (left + x1, top + y1, left + x2, top + y2))


class Canvas:
    """The supersampled picture being painted from far to near, with its id buffer."""

    def __init__(self, background: Pixels) -> None:
        self.colour: Pixels = background.copy()
        self.ids: Ids = np.full(background.shape[:2], NOBODY, np.int16)

    def paint(self, sprite: Sprite, owner: int) -> None:
        """Paint a sprite over all that is there; `owner` goes into the id buffer."""
        x1, y1, x2, y2 = self._overlap(sprite)
        if x1 >= x2 or y1 >= y2:
            return
        inner = np.s_[y1 - sprite.top : y2 - sprite.top, x1 - sprite.left : x2 - sprite.left]
        mask = sprite.mask[inner]
        np.copyto(self.colour[y1:y2, x1:x2], sprite.colour[inner], where=mask[:, :, None])
        np.copyto(self.ids[y1:y2, x1:x2], np.int16(owner), where=mask)

    def visible(self, owner: int, sprite: Sprite) -> Extent | None:
        """What of a painted sprite can be seen now; None if nothing."""
        x1, y1, x2, y2 = self._overlap(sprite)
        if x1 >= x2 or y1 >= y2:
            return None
        return extent_of(self.ids[y1:y2, x1:x2] == owner, x1, y1)

    def _overlap(self, sprite: Sprite) -> tuple[int, int, int, int]:
        """Rows and columns that sprite and canvas share, as x1 y1 x2 y2; empty where x1 >= x2 or y1 >= y2."""
        (height, width), (h, w) = self.ids.shape, sprite.mask.shape
        left, top = max(0, sprite.left), max(0, sprite.top)
        return left, top, min(width, sprite.left + w), min(height, sprite.top + h)
