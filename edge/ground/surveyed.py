"""The ground from surveyed points: spots that are seen in the picture and were measured on the street.

Law: the plane is the most likely one if marks in the picture err by `mark_sd` and measured positions by
`survey_sd_m` (whitened Gauss-Newton on the direct linear solution; Hartley and Zisserman, 2nd ed.,
algorithms 4.2 and 4.3). More points than four also show how well they agree with one plane: one against
which the others agree is left out; if all agree worse than stated, the doubt grows with the misfit. Four
points agree by construction and prove nothing; five show that one is wrong, and not which: each four agree.
"""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from edge.ground.agreement import FARTHEST_SD, Agreement, Kept, agreement
from edge.ground.lens import F64, Lens
from edge.ground.plane import Ground, behind, facing, sigma

FEWEST = 4
LEAST_TURN = 2e-3
"""Smallest ratio of the last two that count of the singular values; below it the points say too little."""
UNKNOWN = 8
"""Numbers of a plane."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How exactly the points are known.

    Attributes:
        mark_sd: standard deviation of a mark in the picture, picture heights; 0.003 is two pixels of 720.
        survey_sd_m: standard deviation of a position on the street, metres.
    """

    mark_sd: float = 0.003
    survey_sd_m: float = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A ground and how well its points agree with it.

    Attributes:
        ground: the ground.
        misfit_m: float64 n, distance of each point from where the plane puts its mark, metres.
        expected_m: float64 n, standard deviation of that distance by the stated precision, metres.
        agreement: which of the points does not fit the others.
    """

    ground: Ground
    misfit_m: F64
    expected_m: F64
    agreement: Agreement

    @property
    def contradicts(self) -> bool:
        """Whether no marking error explains how far the points lie off one plane."""
        mixed_up = not self.agreement.wrong and (self.misfit_m > FARTHEST_SD * self.expected_m).any()
        return self.agreement.contradicts or bool(mixed_up)


def survey(seen: F64, metres: F64, lens: Lens, precision: Precision) -> Survey:
    """The ground under points.

    Args:
        seen: float64 n×2, unit square, n >= 4.
        metres: float64 n×2, x to the right and y ahead (or east and north), metres.
        lens: of the camera.
        precision: of both.

    Raises:
        ValueError: the points do not say where the ground lies.
    """
    _check(seen, metres)
    straight = lens.straight(seen)

    def solved(kept: Kept) -> _Solved:
        return _solve(straight[kept], metres[kept], lens.aspect, precision)

    def squares(kept: Kept) -> float:
        with suppress(ValueError), np.errstate(divide="ignore", invalid="ignore"):
            return solved(kept).squares
        return np.inf

    agreed = agreement(len(seen), 2, UNKNOWN, squares)
    kept = agreed.kept
    best = solved(kept)  # one that is mixed up makes all of them a mirror image, and is named instead
    ground = Ground(lens, best.plane, _sigma_planes(best.plane, best.covariance, straight.mean(axis=0)))
    ground = behind(
        ground, lambda other: _solve(other.straight(seen[kept]), metres[kept], other.aspect, precision).plane
    )
    misfit = np.hypot(*(_through(best.plane, straight) - metres).T)
    return Survey(ground, misfit, _expected_m(best.plane, straight, lens.aspect, precision), agreed)


def left_out(seen: F64, metres: F64, lens: Lens, precision: Precision) -> F64:
    """How far each point lies from the plane of the others, metres n; NaN where those say nothing.

    The arguments are those of `survey`. Four points leave three, which say nothing.
    """
    straight = lens.straight(seen)
    far = np.full(len(seen), np.nan)
    for i in range(len(seen) if len(seen) > FEWEST else 0):
        others = np.arange(len(seen)) != i
        with suppress(ValueError), np.errstate(divide="ignore", invalid="ignore"):
            plane = _solve(straight[others], metres[others], lens.aspect, precision).plane
            far[i] = np.hypot(*(_through(plane, straight[i : i + 1]) - metres[i])[0])
    return far


def _check(seen: F64, metres: F64) -> None:
    if len(seen) < FEWEST or seen.shape != metres.shape:
        raise ValueError(
            f"a survey wants at least {FEWEST} points, got {len(seen)}: add some, spread over the zones"
        )
    for name, points in (("place in the picture", seen), ("metres", metres)):
        apart = np.linalg.norm(points[:, None] - points, axis=-1) + np.eye(len(points))
        if (apart < 1e-6).any():
            first, second = np.unravel_index(int(np.argmin(apart)), apart.shape)
            raise ValueError(
                f"points {first + 1} and {second + 1} have the same {name}: mend one, or leave it out"
            )


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """Plane 3×3, covariance 9×9 of its entries, and the sum of the squared errors."""

    plane: F64
    covariance: F64
    squares: float


def _solve(straight: F64, metres: F64, aspect: float, precision: Precision) -> _Solved:
    to_seen, to_ground = _normal(straight * [aspect, 1.0]) @ np.diag([aspect, 1.0, 1.0]), _normal(metres)
    x, y = _through(to_seen, straight), _through(to_ground, metres)
    h = _direct(x, y)
    mark, street = precision.mark_sd * to_seen[1, 1], precision.survey_sd_m * to_ground[0, 0]
    for _ in range(20):
        error, slope = _whitened(h, x, y, mark, street)
        change = np.linalg.lstsq(slope, error, rcond=None)[0]
        h = h + np.append(change, 0.0).reshape(3, 3)
        if np.abs(change).max() < 1e-12:
            break
    error, slope = _whitened(h, x, y, mark, street)
    squares, free = float(error @ error), 2 * len(x) - UNKNOWN
    worse = max(1.0, squares / free) if free else 1.0
    inner = np.zeros((9, 9))
    inner[:8, :8] = np.linalg.inv(slope.T @ slope) * worse
    out = np.linalg.inv(to_ground)
    turn = np.kron(out, to_seen.T)  # row-major vec(out · h · to_seen)
    plane = facing(out @ h @ to_seen, straight.mean(axis=0))
    _check_handed(plane, straight)
    return _Solved(plane, turn @ inner @ turn.T, squares)


def _expected_m(plane: F64, straight: F64, aspect: float, precision: Precision) -> F64:
    """Standard deviation of how far points n×2 lie from where the plane puts their marks, metres n."""
    depth = (np.concatenate([straight, np.ones((len(straight), 1))], axis=1) @ plane[2])[:, None, None]
    step = (plane[:2, :2] - _through(plane, straight)[:, :, None] * plane[2, :2]) / depth
    by_mark = precision.mark_sd * step / [aspect, 1.0]
    return np.asarray(np.sqrt((by_mark**2).sum(axis=(1, 2)) + 2 * precision.survey_sd_m**2))


def _direct(x: F64, y: F64) -> F64:
    """The direct linear solution, with its last entry 1."""
    ones, zeros = np.ones((len(x), 1)), np.zeros((len(x), 3))
    p = np.concatenate([x, ones], axis=1)
    rows = np.concatenate(
        [np.hstack([p, zeros, -y[:, :1] * p]), np.hstack([zeros, p, -y[:, 1:] * p])], axis=0
    )
    _, sizes, axes = np.linalg.svd(rows)
    if sizes[7] < LEAST_TURN * sizes[0] or abs(axes[8, 8]) < 1e-6:
        raise ValueError(
            "the points lie on a line, or three of four do, and do not say where the ground lies; "
            "add points off that line, and see that none has the metres of another"
        )
    return np.asarray(axes[8].reshape(3, 3) / axes[8, 8])


def _whitened(h: F64, x: F64, y: F64, mark: float, street: float) -> tuple[F64, F64]:
    """Errors 2n and their slope 2n×8, both in standard deviations."""
    p = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    w = p @ h[2]
    at = (p @ h[:2].T) / w[:, None]
    by_mark = (h[:2, :2] - at[:, :, None] * h[2, :2]) / w[:, None, None]
    covariance = mark**2 * by_mark @ np.swapaxes(by_mark, 1, 2) + street**2 * np.eye(2)
    white = np.linalg.inv(np.linalg.cholesky(covariance))
    slope = np.zeros((len(x), 2, 9))
    slope[:, 0, 0:3] = slope[:, 1, 3:6] = p / w[:, None]
    slope[:, :, 6:9] = -at[:, :, None] * (p / w[:, None])[:, None, :]
    error = (white @ (y - at)[:, :, None]).reshape(-1)
    return error, (white @ slope)[:, :, :8].reshape(-1, 8)


def _sigma_planes(plane: F64, covariance: F64, middle: F64) -> F64:
    """Sigma planes of the eight free directions of a plane's nine entries."""
    values, vectors = np.linalg.eigh(covariance)
    basis = vectors[:, 1:]  # the first is the free scale, which has no variance
    turned = sigma(np.zeros(8), np.diag(np.maximum(values[1:], 0.0))) @ basis.T
    return np.array([facing(plane + t.reshape(3, 3), middle) for t in turned])


def _check_handed(plane: F64, straight: F64) -> None:
    """The street seen from above is the picture's mirror image about a level line, and never the picture."""
    if ((np.concatenate([straight, np.ones((len(straight), 1))], axis=1) @ plane[2]) <= 0).any():
        raise ValueError(
            "no flat ground has these points: some would lie above the horizon; were two mixed up?"
        )
    middle = np.array([*straight.mean(axis=0), 1.0])
    w = plane[2] @ middle
    step = (plane[:2, :2] - np.outer(plane[:2] @ middle / w, plane[2, :2])) / w
    if np.linalg.det(step) > 0:
        raise ValueError(
            "the points are a mirror image of the street: metres want x to the right and y ahead, or east "
            "and north; were left and right, or the two numbers of each spot, swapped?"
        )


def _normal(points: F64) -> F64:
    """Moves points to their middle and scales them to a mean distance of √2 (Hartley's normalisation)."""
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / np.linalg.norm(points - middle, axis=1).mean()
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1.0]])


def _through(matrix: F64, points: F64) -> F64:
    moved = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])
