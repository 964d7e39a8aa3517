"""The bend of a lens from edges that are straight on the street and look bent in the picture.

Law: the plumb-line method (Brown, Photogrammetric Engineering 37(8), 1971): the right lens is the one by
which all edges become straight; here `lens`, of one number. How far a point is off is the distance by which
it would have to be marked elsewhere, in the picture as it is seen. An edge through the middle of the picture
is straight however the lens bends, and says nothing; too little said is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.ground.agreement import FARTHEST_SD, Agreement, Kept, agreement
from edge.ground.lens import F64, STRONGEST, Lens

FEWEST_POINTS, FEWEST_EDGES = 3, 2
SHORTEST = 0.1
"""Least distance between the ends of an edge, picture heights."""
VAGUE = 0.02
"""Standard deviation of a bend that moves the sides of a 16:9 picture by 1.4 % of its height."""
STEP = 0.01
BENDS = np.linspace(-STRONGEST, STRONGEST, round(2 * STRONGEST / STEP) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """What edges say of a lens.

    Attributes:
        strength, sd: its bend, and the standard deviation of that.
        before, after: float64 n, largest distance of a point of each edge from a straight line, by a straight
            lens and by this one, picture heights.
        agreement: which edge is not straight where the others are.
    """

    strength: float
    sd: float
    before: F64
    after: F64
    agreement: Agreement

    def lens(self, aspect: float) -> Lens:
        """Of the camera whose picture is that much wider than high."""
        return Lens(aspect, self.strength, self.sd)


def bend(edges: Sequence[F64], aspect: float, mark_sd: float) -> Bend:
    """The lens that makes edges straight.

    Args:
        edges: at least two, each float64 k×2 of the unit square, k >= 3.
        aspect: width of the picture divided by its height.
        mark_sd: standard deviation of a mark, picture heights.

    Raises:
        ValueError: they do not say how the lens bends.
    """
    _check(edges, aspect)
    squares = np.array([((_off(edge, aspect, BENDS) / mark_sd) ** 2).sum(axis=1) for edge in edges])

    def least(kept: Kept) -> float:
        return float(_lowest(squares[kept].sum(axis=0))[2])

    agreed = agreement(len(edges), [len(edge) - 2 for edge in edges], 1, least)
    rest = squares[agreed.kept].sum(axis=0)
    strength, sd, least_sum = _lowest(rest)
    sd *= agreed.factor
    if abs(strength) > STRONGEST - STEP and rest[len(rest) // 2] > least_sum + FARTHEST_SD**2:
        raise ValueError(
            f"these edges are bent more than a lens of {STRONGEST:g} does: have the camera straighten its "
            "picture, and see that each edge is straight on the street"
        )
    _check_edges(edges, squares)
    if not sd <= VAGUE:
        known = f"its bend to ± {sd:.2g}, wanted ± {VAGUE:g}" if sd < STRONGEST else "nothing of its bend"
        raise ValueError(
            f"these edges say too little of the lens ({known}): mark longer ones, near the borders of the "
            "picture; in its middle all are straight"
        )
    both = [np.abs(_off(edge, aspect, np.array([0.0, strength]))).max(axis=1) for edge in edges]
    before, after = np.array(both).T
    return Bend(strength, sd, before, after, agreed)


def _check(edges: Sequence[F64], aspect: float) -> None:
    if len(edges) < FEWEST_EDGES or min(map(len, edges)) < FEWEST_POINTS:
        raise ValueError(
            f"wanted at least {FEWEST_EDGES} edges of {FEWEST_POINTS} points each, got {len(edges)} of "
            f"{', '.join(str(len(edge)) for edge in edges)}"
        )
    for number, edge in enumerate(edges, 1):
        size = np.ptp(edge * [aspect, 1.0], axis=0)
        if float(np.hypot(*size)) < SHORTEST:
            raise ValueError(
                f"edge {number} is hardly longer than a point: mark it over a good part of the picture"
            )


def _check_edges(edges: Sequence[F64], squares: F64) -> None:
    """Raise `ValueError` where the points of one lie on no line, whatever the lens: squares e×b."""
    free = np.array([len(edge) - 2 for edge in edges])
    worse = np.sqrt(squares.min(axis=1) / free)
    if (worse > FARTHEST_SD).any():
        raise ValueError(
            f"edge {int(np.argmax(worse)) + 1} is no straight edge, however the lens bends: were two lines "
            "taken for one?"
        )


def _off(edge: F64, aspect: float, bends: F64) -> F64:
    """How far each point k lies off the line of all, by each of b lenses: b×k, picture heights, signed."""
    scale, lenses = np.array([aspect, 1.0]), [Lens(aspect, float(by)) for by in bends]
    straight = np.stack([(lens.straight(edge) - 0.5) * scale for lens in lenses])
    slopes = np.stack([lens.slope(edge) * (scale[:, None] / scale) for lens in lenses])
    off = straight - straight.mean(axis=1, keepdims=True)
    (xx, yy), xy = (off**2).sum(axis=1).T, off.prod(axis=2).sum(axis=1)
    along = np.arctan2(2 * xy, xx - yy) / 2
    across = np.stack([-np.sin(along), np.cos(along)], axis=1)
    reach = np.linalg.norm(across[:, None, None] @ slopes, axis=(2, 3))
    return np.asarray((off @ across[:, :, None])[:, :, 0] / reach)


def _lowest(squares: F64) -> tuple[float, float, float]:
    """The bend at which a sum of squares is least, its standard deviation, and that sum: of the parabola
    through the three lowest; no deviation where there is no bottom."""
    i = int(np.clip(np.argmin(squares), 1, len(squares) - 2))
    left, middle, right = squares[i - 1 : i + 2]
    curve, slope = (left + right - 2 * middle) / STEP**2, (right - left) / (2 * STEP)
    if curve <= 0:
        return float(BENDS[i]), np.inf, float(middle)
    move = float(np.clip(-slope / curve, -STEP, STEP))
    least = float(middle + (slope + curve * move / 2) * move)
    return float(BENDS[i]) + move, float(np.sqrt(2 / curve)), max(0.0, least)
