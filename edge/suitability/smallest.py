"""The smallest person that a model still finds, from people of known height that it found or missed.

Law: a measurement of this model on this box, not a figure from its paper; what was never shown is not known.
"""

import numpy as np
import numpy.typing as npt

FEWEST = 8


def smallest_found(heights: npt.NDArray[np.float64], found: npt.NDArray[np.bool_]) -> float | None:
    """The height from which on people are found, pixels; None where too few were shown or too few found.

    It is the height that errs least: fewest people above it that were missed, and below it that were found.

    Args:
        heights: n, of the people as they were shown.
        found: bool n, whether the model found them.
    """
    if len(heights) < FEWEST or found.sum() < FEWEST // 2:
        return None
    order = np.argsort(heights)
    tall, hit = heights[order], found[order]
    missed_above = np.cumsum((~hit)[::-1])[::-1]
    found_below = np.concatenate([[0], np.cumsum(hit)[:-1]])
    return float(tall[int(np.argmin(missed_above + found_below))])
