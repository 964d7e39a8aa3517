"""Real places without people: cut out of labelled pictures where nobody is, not even by the faintest doubt.

What a small detector invents, it invents in bins, signs and window frames; renderings hold few of those. A
cut keeps the labels of what else is in it, so it teaches vehicles as well.
"""

from collections.abc import Iterator

import numpy as np

from models.training.data import ANY, LABELS, Floats, Labelled, Shelf

ASPECT = 1.6
LEAST = 0.35
"""Least width of a cut, as a share of the picture's; a smaller one shows a wall and teaches nothing."""
TRIES = 40
AWAY = 3.0
"""Pixels that a cut keeps from the box of a person."""
PERSON = LABELS.index("person")


def deserted(shelf: Shelf, seed: int) -> Shelf:
    """The largest of some cuts by chance of each picture in which nobody is, where there is one."""
    rng = np.random.default_rng(seed)
    cuts = (_largest(shelf[i], rng) for i in range(len(shelf)))
    return Shelf([cut for cut in cuts if cut is not None])


def _largest(picture: Labelled, rng: np.random.Generator) -> Labelled | None:
    height, width = picture.pixels.shape[:2]
    people = picture.boxes[(picture.kinds == PERSON) | (picture.kinds == ANY)]
    if not len(people):
        return picture
    free = [window for window in _windows(width, height, rng) if not _touched(window, people)]
    return cut(picture, max(free, key=lambda w: w[2] - w[0]), "deserted") if free else None


def _windows(width: int, height: int, rng: np.random.Generator) -> Iterator[tuple[int, int, int, int]]:
    """Windows x1 y1 x2 y2 by chance, in pixels."""
    for _ in range(TRIES):
        wide = min(rng.uniform(LEAST, 1.0) * width, height * ASPECT)
        high = min(height, wide / ASPECT)
        x, y = rng.uniform(0, width - wide), rng.uniform(0, height - high)
        yield int(x), int(y), int(x + wide), int(y + high)


def _touched(window: tuple[int, int, int, int], people: Floats) -> bool:
    x1, y1, x2, y2 = window
    outside = (
        (people[:, 2] < x1 - AWAY)
        | (people[:, 0] > x2 + AWAY)
        | (people[:, 3] < y1 - AWAY)
        | (people[:, 1] > y2 + AWAY)
    )
    return not bool(outside.all())


def cut(picture: Labelled, window: tuple[int, int, int, int], why: str) -> Labelled:
    """What a window x1 y1 x2 y2 of a picture shows; of which more than half is cut off, that is doubtful."""
    x1, y1, x2, y2 = window
    corner = np.array([x1, y1] * 2, np.float32)
    boxes = np.clip(picture.boxes - corner, 0, np.array([x2 - x1, y2 - y1] * 2, np.float32))
    sides, full = boxes[:, 2:] - boxes[:, :2], picture.boxes[:, 2:] - picture.boxes[:, :2]
    share = sides.prod(1) / np.maximum(full.prod(1), 1e-6)
    there = share > 0.1
    scores = np.where(share > 0.5, picture.scores, np.minimum(picture.scores, 0.2)).astype(np.float32)
    return Labelled(
        f"{picture.name}-{why}",
        np.ascontiguousarray(picture.pixels[y1:y2, x1:x2]),
        boxes[there].astype(np.float32),
        picture.kinds[there],
        scores[there],
    )
