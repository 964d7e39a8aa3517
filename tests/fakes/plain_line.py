"""The straight line through the places of one object, written down as it is in a text book, and slow."""

from dataclasses import dataclass

import numpy as np

from edge.ground.lens import F64

USUAL, PRIOR = 0.06, 4.0


@dataclass(frozen=True)
class PlainLine:
    """Place now and velocity of one object, the covariance of the velocity, and the scatter of its feet."""

    at: F64
    mps: F64
    doubt: F64
    scatter: float


def plain_line(times_s: F64, at: F64, across: F64) -> PlainLine:
    """Least squares through k places at k×2 with covariances k×2×2, and once more with Huber's weights."""
    weight = np.ones(len(times_s))
    design = np.array([np.hstack([np.eye(2), np.eye(2) * t]) for t in times_s])
    for _ in range(2):
        rows = [np.linalg.cholesky(w * np.linalg.inv(c)).T for w, c in zip(weight, across, strict=True)]
        slope = np.concatenate([row @ each for row, each in zip(rows, design, strict=True)])
        wanted = np.concatenate([row @ each for row, each in zip(rows, at, strict=True)])
        solved = np.linalg.lstsq(slope, wanted, rcond=None)[0]
        miss = at - design @ solved
        far = np.array([m @ np.linalg.inv(c) @ m for m, c in zip(miss, across, strict=True)])
        usual = np.sqrt(max(float(np.sort(far)[(len(far) - 1) // 2]) / 1.386, USUAL**2 / 4))
        inverse = np.linalg.inv(slope.T @ slope)
        weight = np.minimum(1.0, 2.5 * usual / np.sqrt(np.maximum(far, 1e-18)))
    numbers = PRIOR + 2 * len(at) - 4
    scatter2 = float(PRIOR * USUAL**2 + weight @ far) / numbers
    alike = _alike(miss, across, far)
    grown = scatter2 * (1 + 0.926 / numbers) ** 2 * (1 + alike) / (1 - alike)
    return PlainLine(solved[:2], solved[2:], inverse[2:, 2:] * grown, float(np.sqrt(scatter2)))


def _alike(miss: F64, across: F64, far: F64) -> float:
    """Correlation of the errors of neighbours."""
    weights = [np.linalg.inv(each) for each in across]
    product = sum(float(miss[k] @ weights[k] @ miss[k - 1]) for k in range(1, len(miss)))
    found = product / float(far.sum() + PRIOR * USUAL**2 / 4) + 2.0 / len(miss)
    return min(max(found, 0.0), 0.75)
