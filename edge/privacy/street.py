"""The street of a clip: what most of its pictures agree on, and so what in a picture is not the street.

Law: a picture is compared with the median over the whole clip, not only with its predecessor, so whoever
walks in and stands still goes on standing out. The median can be wrong: a place that looked otherwise for a
while, and where nothing was found then, has two lasting appearances of which either may be somebody. Such a
place is doubtful, and is never shown. Who is in every picture of the clip without moving cannot be told from
a post; that is for the detector alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.privacy.fill import BLOCK_PX, MOTION, Blocks, Boxes, Means, change, grid_of, spread
from edge.values.frame import Pixels

FAINTEST = 4.0
"""Mean change of a block, of 255, from which on a quiet place is not the street."""

TIMES_NOISE = 2.0
"""By how many times its usual change a restless place has to change, beyond the faintest."""

NOISIEST = 4.0
"""Usual change beyond this is not believed to be noise: leaves, rain and failing lamps are filled."""

BRIGHTER = 10.0
"""Most by which the whole picture may have become lighter or darker, of 255, and still be the same street."""

LASTS_S = 2.0
"""A place that looks otherwise for so long, unexplained, has two appearances."""

GROWS = 0.25
"""By how much a box explains more than itself, share of its longer side: shadows, strides and bags."""


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """What lasts in a clip.

    Attributes:
        middle: uint8 H×W×3, RGB, the median over time.
        limit: float64 rows×columns, change of each block from which on it is not the street.
        doubtful: bool rows×columns, blocks with two lasting appearances.
    """

    middle: Pixels
    limit: Means
    doubtful: Blocks

    @classmethod
    def of(cls, pictures: Sequence[Pixels], found: Sequence[Boxes], every_s: float) -> "Street":
        """The street of pictures of one size, evenly taken over a clip.

        Args:
            pictures: uint8 H×W×3, RGB, at least one.
            found: boxes n×4 of everything found or followed in each of them, in its pixels.
            every_s: time between them, seconds.
        """
        stack = np.stack(pictures)
        half = len(pictures) // 2
        middle: Pixels = np.partition(stack, half, axis=0)[half]
        changes = np.stack([change(middle, _as_lit(picture, middle)) for picture in pictures])
        explained = np.stack([_explained(boxes, middle.shape[:2]) for boxes in found])
        return cls(middle, limits(changes), doubtful(changes, explained, max(3, round(LASTS_S / every_s))))

    def strange(self, pixels: Pixels) -> Blocks:
        """Blocks of a picture, H×W×3 of the street's size, that are not the street, with their neighbours."""
        return spread(change(self.middle, _as_lit(pixels, self.middle)) > self.limit) | self.doubtful


def limits(changes: Means) -> Means:
    """Change of each block from which on it is not the street, rows×columns.

    Args:
        changes: n×rows×columns, of n pictures against the street.
    """
    return np.asarray(FAINTEST + TIMES_NOISE * np.minimum(np.median(changes, axis=0), NOISIEST))


def doubtful(changes: Means, explained: npt.NDArray[np.bool_], pictures: int) -> Blocks:
    """Blocks, with their neighbours, that looked otherwise in so many successive pictures, unexplained.

    Args:
        changes: n×rows×columns, of n pictures against the street.
        explained: n×rows×columns, whether somebody found accounts for that.
        pictures: how many make it last.
    """
    return spread(_lasting((changes > limits(changes)) & ~explained, pictures))


def stirred(before: Pixels, now: Pixels) -> Blocks:
    """Blocks that changed between two pictures of one size, with their neighbours."""
    return spread(change(before, now) >= MOTION)


def _as_lit(pixels: Pixels, middle: Pixels) -> Pixels:
    """The picture in the street's light; a sample of every eighth pixel tells what changed as a whole."""
    step = np.s_[BLOCK_PX // 2 :: BLOCK_PX, BLOCK_PX // 2 :: BLOCK_PX]
    shift = np.median(pixels[step].astype(np.int16) - middle[step], axis=(0, 1))
    shift = np.clip(np.round(shift), -BRIGHTER, BRIGHTER).astype(np.int16)
    if not shift.any():
        return pixels
    return np.asarray(np.clip(pixels - shift, 0, 255), np.uint8)


def _explained(boxes: Boxes, shape: tuple[int, int]) -> Blocks:
    """Blocks that somebody found accounts for."""
    blocks: Blocks = np.zeros(grid_of(*shape), np.bool_)
    grow = GROWS * np.abs(boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0)[:, None]
    low = np.maximum(np.floor((boxes[:, :2] - grow) / BLOCK_PX), 0).astype(np.intp)
    high = np.maximum(np.ceil((boxes[:, 2:] + grow) / BLOCK_PX), 0).astype(np.intp)
    for (x1, y1), (x2, y2) in zip(low.tolist(), high.tolist(), strict=True):
        blocks[y1:y2, x1:x2] = True
    return blocks


def _lasting(strange: npt.NDArray[np.bool_], pictures: int) -> Blocks:
    """Blocks, of n×rows×columns, that are true in so many successive pictures."""
    if len(strange) < pictures:
        return np.zeros(strange.shape[1:], np.bool_)
    runs = np.lib.stride_tricks.sliding_window_view(strange, pictures, axis=0)
    return np.asarray(runs.all(axis=-1).any(axis=0))
