"""By how much a density model that counts too few or too many everywhere is to be multiplied.

Law: the factor is the median of true over told, picture by picture, so that a few strange pictures move it
little; its interval is that of the median by order statistics, which asks nothing of how the ratios spread
(David and Nagaraja, Order Statistics, 2003, section 7.1). How wrong the model is with it is measured on
pictures that had no say in it.
"""

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

COVERAGE = 0.95
NINE_OF_TEN = 0.9


@dataclass(frozen=True, slots=True)
class Scaling:
    """What to multiply the told numbers by.

    Attributes:
        factor: true people for one that is told, median over pictures.
        low, high: between which it lies 19 times of 20.
        error: nine pictures of ten then lie within ± this share of what is told, each multiplied by the
            factor of the others.
    """

    factor: float
    low: float
    high: float
    error: float


def scaling_of(ratios: F64) -> Scaling | None:
    """The factor of these pictures; None where they are too few to say between what it lies.

    Args:
        ratios: true over told of each picture, above 0.
    """
    n, ordered = len(ratios), np.sort(ratios)
    rank = _rank(n)
    if rank is None:
        return None
    others = np.array([np.median(np.delete(ratios, each)) for each in range(n)])
    off = np.abs(1.0 - ratios / others)
    return Scaling(
        float(np.median(ordered)),
        float(ordered[rank]),
        float(ordered[n - 1 - rank]),
        float(np.quantile(off, NINE_OF_TEN, method="higher")),
    )


def _rank(n: int) -> int | None:
    """The highest rank from both ends between which the median lies with `COVERAGE`; None if none does."""
    beyond, found = 0.0, None
    for rank in range(n // 2):
        beyond += 2 * comb(n, rank) / 2**n
        if beyond > 1 - COVERAGE:
            break
        found = rank
    return found
