"""One thermal picture as spots: pixels that are hot and belong together."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from edge.thermal.followed import Seen, flicker_of, strays
from edge.thermal.warmth import Field, Warmth
from edge.values.hot import Level
from edge.view.patch import Flags, Patch, connected, cropped, grown, patch_of

SAMPLE = 5
"""Each so many-th row and column says how noisy the camera is."""
MOST = 64
"""More spots at once are no spots: the largest are followed."""
LEAST_K = 5.0
"""A temperature counts as at least so far above what is usual, to tell how far beyond it something is."""
COLD = 0.5
"""As much colder than usual, in shares of what counts as hot, is a place that something hot has left."""
COVERED = 0.7
"""Share of a spot that a body's box must cover."""


@dataclass(slots=True)
class Sight:
    """What belongs to pictures of one size.

    Attributes:
        warmth: what is usual there.
        masked: what is not looked at; None for nothing.
        zones: the pixels of each place.
        before: excess at the last two looks, oldest first.
    """

    warmth: Warmth
    masked: Flags | None
    zones: tuple[tuple[str, Flags], ...]
    before: list[Field] = field(default_factory=list)

    def noise(self, excess: Field) -> float:
        """What a pixel strays from a straight course by the camera's noise alone."""
        if len(self.before) < 2:
            return 0.0
        return float(np.median(strays([look[::SAMPLE, ::SAMPLE] for look in (*self.before, excess)])))


def excess_of(level: Level) -> float:
    """From what excess on a level counts, kelvin or grey levels."""
    if level.above_k is not None:
        return level.above_k
    assert level.contrast is not None
    return level.contrast * 255.0


def patches(low: Flags) -> list[Patch]:
    """Pixels with at most two between them, which belong together; the largest if they are too many."""
    if not low.any():
        return []
    top, left, crop = cropped(low)
    groups = connected(grown(crop))
    if len(groups) > MOST:
        groups = sorted(groups, key=lambda runs: -sum(end - begin for _, begin, end in runs))[:MOST]
    return [patch for runs in groups if (patch := patch_of(runs, crop, top, left)) is not None]


def seen_in(patch: Patch, level: Level, sight: Sight, excess: Field, noise: float) -> Seen:
    """What this picture shows of a spot; `noise` is what any pixel strays."""
    where, cells, warmth = patch.where, patch.cells, sight.warmth
    above, now = excess[where], warmth.now[where]
    masked = np.where(cells, above, -np.inf)
    at = int(masked.argmax())
    if level.above_c is None:
        least = excess_of(level)
        pixels = int(np.count_nonzero(masked >= least))
    else:
        least = max(LEAST_K, level.above_c - float(now.flat[at] - above.flat[at]))
        pixels = int(np.count_nonzero(cells & (now >= level.above_c)))
    hottest = float(np.where(cells, now, -np.inf).max())
    seen = Seen(patch, pixels, float(masked.flat[at]), hottest, least)
    return seen if level.growing is None else _changing(seen, sight, excess, noise)


def _changing(seen: Seen, sight: Sight, excess: Field, noise: float) -> Seen:
    """What is seen of a spot whose growth matters: how it flickers, and what it has left."""
    where, cells = seen.patch.where, seen.patch.cells
    rim = with_rim(seen.patch, excess.shape, 3).where
    left = int(np.count_nonzero(excess[rim] <= -COLD * seen.level))
    if len(sight.before) < 2:
        return replace(seen, left=left)
    three = (sight.before[0][where], sight.before[1][where], excess[where])
    return replace(seen, left=left, flicker=flicker_of(three, cells, noise))


def with_rim(patch: Patch, shape: tuple[int, ...], rim: int) -> Patch:
    """The same pixels in a rectangle that is larger on all sides, within a picture of that shape."""
    top, left = max(0, patch.top - rim), max(0, patch.left - rim)
    bottom, right = min(shape[0], patch.bottom + rim), min(shape[1], patch.right + rim)
    cells = np.zeros((bottom - top, right - left), np.bool_)
    cells[patch.top - top : patch.bottom - top, patch.left - left : patch.right - left] = patch.cells
    return Patch(top, left, cells)


def touch(one: Patch, other: Patch) -> bool:
    """Whether two patches share a pixel, or lie within a pixel of each other."""
    if one.top > other.bottom or other.top > one.bottom or one.left > other.right or other.left > one.right:
        return False
    shape = max(one.bottom, other.bottom) + 1, max(one.right, other.right) + 1
    wide = with_rim(one, shape, 1)
    return Patch(wide.top, wide.left, grown(wide.cells)).shared(other) > 0


def covered(patch: Patch, shape: tuple[int, ...], boxes: npt.NDArray[np.float64]) -> bool:
    """Whether a body's box covers most of a patch; boxes in the unit square."""
    size = max(1, patch.size)
    for x1, y1, x2, y2 in boxes.tolist():
        top, bottom = int(y1 * shape[0]) - patch.top - 1, int(y2 * shape[0]) - patch.top + 2
        left, right = int(x1 * shape[1]) - patch.left - 1, int(x2 * shape[1]) - patch.left + 2
        inner = patch.cells[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
        if np.count_nonzero(inner) >= COVERED * size:
            return True
    return False
