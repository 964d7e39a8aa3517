"""How much boxes overlap."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def overlap(some: npt.NDArray[np.floating], others: npt.NDArray[np.floating]) -> Floats:
    """Intersection over union, n×m, of boxes n×4 and m×4 with corners x1 y1 x2 y2 in one unit."""
    one, two = some.astype(np.float64).reshape(-1, 4), others.astype(np.float64).reshape(-1, 4)
    low = np.maximum(one[:, None, :2], two[None, :, :2])
    high = np.minimum(one[:, None, 2:], two[None, :, 2:])
    common = np.maximum(high - low, 0.0).prod(axis=2)
    union = _area(one)[:, None] + _area(two)[None, :] - common
    share: Floats = np.divide(common, union, out=np.zeros_like(common), where=union > 0.0)
    return share


def _area(boxes: Floats) -> Floats:
    area: Floats = np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0).prod(axis=1)
    return area
