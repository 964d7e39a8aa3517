"""Which points of a grid lie in a polygon."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from edge.view.patch import Flags

Line = npt.NDArray[np.float64]


def inside(polygon: Sequence[tuple[float, float]], x: Line, y: Line) -> Flags:
    """Which points lie in a polygon, by the even-odd rule.

    Args:
        polygon: corners x, y in order.
        x: float64 columns, in the polygon's unit.
        y: float64 rows, likewise.

    Returns:
        bool rows×columns.
    """
    across, down = x[None, :], y[:, None]
    odd = np.zeros((len(y), len(x)), np.bool_)
    for (x0, y0), (x1, y1) in pairwise([*polygon, polygon[0]]):
        if y0 != y1:
            odd ^= ((y0 > down) != (y1 > down)) & (across < x0 + (down - y0) / (y1 - y0) * (x1 - x0))
    return odd
