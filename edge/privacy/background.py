"""The street without its people: what a camera shows where, most of the time, nobody was.

Law: every pixel is the median over the pictures in which nothing was found, followed or moving there. A place
that was hardly ever free is not shown, and neither is one that had two lasting looks without anybody found:
either may be somebody. So whoever walked through is gone, and who stood still for a part of the time is a
blank. Who never moved and was never found cannot be told from a post: show it to nobody who may not see the
street.
"""

import numpy as np
import numpy.typing as npt

from edge.privacy.fill import BLOCK_PX, Blocks, Boxes, change, grid_of, moving
from edge.privacy.street import doubtful
from edge.values.frame import Pixels

FREE_SHARE = 0.25
"""Share of the pictures in which a place must have been free to be shown."""
FEWEST = 8
GROW = 0.25
"""How much a box grows, share of its longer side: shadows, strides and bags."""
BLANK = (90, 90, 90)
LASTS = 3
"""So many kept pictures one after another make a look of a place lasting."""

STRIPE_PX = 6
STRIPES = ((70, 74, 80), (112, 117, 124))
"""Colours of the hatching of what was not seen, RGB."""


class Background:
    """Gathers pictures of one size and what was in them; at most `most` are kept, evenly over time."""

    def __init__(self, most: int = 48) -> None:
        self._most = most
        self._every, self._count = 1, 0
        self._kept: list[tuple[Pixels, npt.NDArray[np.bool_]]] = []
        self._before: Pixels | None = None

    def add(self, pixels: Pixels, boxes: Boxes) -> None:
        """Take the next picture, and boxes n×4 (pixels) of everything found or followed in it."""
        before, self._before = self._before, pixels
        if before is not None and before.shape == pixels.shape and self._count % self._every == 0:
            taken = np.concatenate([_grown(boxes), moving(before, pixels)])
            self._kept.append((pixels, _covered(taken, pixels.shape[:2])))
        self._count += 1
        if len(self._kept) > self._most:
            self._kept, self._every = self._kept[::2], self._every * 2

    def street(self) -> tuple[Pixels, npt.NDArray[np.bool_]]:
        """The street, uint8 H×W×3 RGB, and which of it may not be shown, bool H×W.

        Raises:
            ValueError: too few pictures were shown.
        """
        if len(self._kept) < FEWEST:
            raise ValueError(f"wanted at least {FEWEST} pictures of one size, got {len(self._kept)}")
        pixels = np.stack([kept for kept, _ in self._kept])
        taken = np.stack([covered for _, covered in self._kept])
        street = _median(pixels, taken)
        seldom = (~taken).mean(axis=0) < FREE_SHARE
        return street, seldom | _two_looks(street, pixels, taken)


def hatched(pixels: Pixels, unseen: npt.NDArray[np.bool_]) -> Pixels:
    """A copy of a picture in which what was not seen is covered with stripes."""
    height, width = unseen.shape
    rows, columns = np.ogrid[:height, :width]
    stripes = np.array(STRIPES, np.uint8)[(rows + columns) // STRIPE_PX % 2]
    return np.asarray(np.where(unseen[..., None], stripes, pixels), np.uint8)


def _two_looks(
    street: Pixels, pixels: npt.NDArray[np.uint8], taken: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which pixels, H×W, looked otherwise for a while though nothing was found or moving there."""
    changes = np.stack([change(street, picture) for picture in pixels])
    explained = np.stack([_blocks(each) for each in taken])
    blocks = doubtful(changes, explained, LASTS)
    height, width = taken.shape[1:]
    return np.asarray(blocks.repeat(BLOCK_PX, 0).repeat(BLOCK_PX, 1)[:height, :width])


def _blocks(taken: npt.NDArray[np.bool_]) -> Blocks:
    """Blocks of which any pixel is taken."""
    rows, columns = grid_of(*taken.shape)
    rest = ((0, rows * BLOCK_PX - taken.shape[0]), (0, columns * BLOCK_PX - taken.shape[1]))
    return np.asarray(np.pad(taken, rest).reshape(rows, BLOCK_PX, columns, BLOCK_PX).any(axis=(1, 3)))


def _median(pixels: npt.NDArray[np.uint8], taken: npt.NDArray[np.bool_]) -> Pixels:
    """Median n×H×W×3 over the pictures in which a place was free; what never was comes out as 255."""
    ranked = np.where(taken[..., None], np.uint8(255), pixels)
    ranked.sort(axis=0)
    middle = np.maximum((~taken).sum(axis=0) - 1, 0) // 2
    return np.asarray(np.take_along_axis(ranked, middle[None, :, :, None].astype(np.intp), axis=0)[0])


def _grown(boxes: Boxes) -> Boxes:
    grow = GROW * np.abs(boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0)[:, None]
    return np.concatenate([boxes[:, :2] - grow, boxes[:, 2:] + grow], axis=1)


def _covered(boxes: Boxes, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    covered = np.zeros(shape, dtype=np.bool_)
    limit = np.array([shape[1], shape[0], shape[1], shape[0]])
    for x1, y1, x2, y2 in np.clip(boxes, 0, limit).astype(np.intp).tolist():
        covered[y1 : y2 + 1, x1 : x2 + 1] = True
    return covered
