"""Whether a picture comes from a sensor at all, or is one that a machine draws when it has none; whether a
part of it was lost on the way; and whether a thermal camera's own gain leaves anything of the place in it.

Law: a sensor's picture has noise and shades; blue screens and colour bars have a handful of exact colours.
A dark picture is not judged: black may be a night.
"""

import numpy as np

from edge.values.frame import Pixels
from edge.view.outline import Grey

SIDE = 48  # samples along the longer side
STEP = 8  # levels of each channel that count as one colour: compression blurs exact ones
MOST = 12  # colours of a drawn picture
SHARE = 0.97  # of the samples that have them
DIMMEST = 24  # mean level below which a picture is dark
WHITEST = 240  # and from which it is blinded
TORN = 0.3
"""Share of a picture's height in which all rows are the same where it was torn: a lost part is of one colour,
or repeats the last row that came. Less hides no place."""
TORN_AT = 0.8
"""Such a part has this row, from above: losses reach down to the lower border, or to what is drawn there."""
ALIKE, ALIKE_SHARE = 2, 0.97
"""Rows are the same where so large a share of their pixels differs by so few levels."""
COLUMN_STEP = 4
"""Each so many-th pixel of a row is compared."""


def is_torn(pixels: Pixels) -> bool:
    """Whether the lower part of a picture was lost, and a decoder made something up.

    Args:
        pixels: uint8 H×W×3, RGB.
    """
    height = pixels.shape[0]
    first, at = int((TORN_AT - TORN) * height), int(TORN_AT * height)
    row = pixels[at, ::COLUMN_STEP].astype(np.int16)
    if not DIMMEST <= row.mean() < WHITEST:
        return False
    same = (np.abs(pixels[first:, ::COLUMN_STEP] - row).max(axis=2) <= ALIKE).mean(axis=1) >= ALIKE_SHARE
    up, down = (int(np.argmin([*run, False])) for run in (same[at - first :: -1], same[at - first :]))
    return bool(up + down - 1 >= TORN * height)


FEW_SHADES = 16.0
"""Grey levels between the quartiles of a picture that are too few to know a place by."""
FAR = 3.0
"""How far the hottest is beyond the upper quartile, in shares of `FEW_SHADES`, where it took them."""


def is_squeezed(small: Grey) -> bool:
    """Whether something hot in a small thermal picture leaves hardly a shade to the place around it."""
    low, high, hottest = np.percentile(small, (25, 75, 99.5))
    return bool(high - low < FEW_SHADES and hottest - high > FAR * FEW_SHADES)


def is_drawn(pixels: Pixels) -> bool:
    """Whether a machine drew this picture.

    Args:
        pixels: uint8 H×W×3, RGB.
    """
    step = -(-max(pixels.shape[:2]) // SIDE)
    samples = pixels[step // 2 :: step, step // 2 :: step].reshape(-1, 3)
    if samples.mean() < DIMMEST:
        return False
    levels = (samples // STEP).astype(np.uint32)
    colours = levels[:, 0] << 16 | levels[:, 1] << 8 | levels[:, 2]
    counts = np.sort(np.unique(colours, return_counts=True)[1])[::-1]
    common = colours.size * SHARE <= counts[:MOST].sum()
    return bool(common and _is_exact(samples))


def _is_exact(samples: Pixels) -> bool:
    """Whether most neighbouring samples are the same to a level or two, as no sensor makes them."""
    steps = np.abs(np.diff(samples.astype(np.int16), axis=0)).max(axis=1)
    return bool(np.mean(steps <= 1) >= 0.8)
