"""Whether a picture comes from a sensor at all, or is one that a machine draws when it has none; and whether
a thermal camera's own gain leaves anything of the place in it.

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
