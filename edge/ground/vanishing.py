"""The ground from lines that are parallel on the street, as kerbs are, and others at right angles to them.

Law: parallels meet in a vanishing point; those of two directions on the ground lie on the horizon, and their
right angle gives the focal length (Hartley and Zisserman, Multiple View Geometry, 2nd ed., sections 8.6 and
8.8); a length that is known gives the height. The camera is that of `pose`. Doubt of every mark and length is
carried into the plane, to first order.
"""

from dataclasses import dataclass

import numpy as np

from edge.ground.lens import F64, Lens
from edge.ground.plane import Ground, sigma
from edge.ground.pose import Pose, check, focal_of, plane_of

LEAST_LINES = 2
STEP = 1e-5
"""Step of the numeric derivatives, picture heights."""
WIDEST_DEG, NARROWEST_DEG = 150.0, 5.0


@dataclass(frozen=True, slots=True)
class Marks:
    """What was marked in the picture, in the unit square.

    Attributes:
        along: float64 n×2×2, ends of lines that are parallel on the ground.
        across: float64 m×2×2, ends of lines at right angles to those.
        spans: float64 k×2×2, ends of stretches on the ground whose length is known.
        metres: float64 k, those lengths.
        view_deg: horizontal field of view, where it is known; None to work it out from the right angle.
    """

    along: F64
    across: F64
    spans: F64
    metres: F64
    view_deg: float | None = None

    def __post_init__(self) -> None:
        few = min(len(self.along), len(self.across)) < LEAST_LINES
        if few or not len(self.spans) or len(self.spans) != len(self.metres):
            raise ValueError(
                f"vanishing lines want at least {LEAST_LINES} along, {LEAST_LINES} across and one length, "
                f"got {len(self.along)}, {len(self.across)} and {len(self.metres)}"
            )

    @property
    def vector(self) -> F64:
        """All that was marked and measured, in one row."""
        view = [] if self.view_deg is None else [self.view_deg]
        return np.concatenate(
            [self.along.ravel(), self.across.ravel(), self.spans.ravel(), self.metres, np.array(view)]
        )

    def like(self, vector: F64) -> "Marks":
        """Marks of the same shape, of such a row."""
        parts = (self.along, self.across, self.spans, self.metres)
        cuts = np.cumsum([part.size for part in parts])
        along, across, spans, metres, view = np.split(vector, cuts)
        return Marks(
            along.reshape(self.along.shape),
            across.reshape(self.across.shape),
            spans.reshape(self.spans.shape),
            metres,
            float(view[0]) if len(view) else None,
        )


@dataclass(frozen=True, slots=True)
class Exactness:
    """One standard deviation of what was marked and measured.

    Attributes:
        mark: of an end, picture heights.
        metres: of a length.
        view_deg: of the field of view, where it is given.
    """

    mark: float = 0.003
    metres: float = 0.05
    view_deg: float = 2.0


@dataclass(frozen=True, slots=True)
class Vanished:
    """The ground that the lines give.

    Attributes:
        ground: with its doubt.
        pose, doubt: of the camera; the doubts of its numbers hang together, which `ground` heeds.
        lines_off: float64 n+m, how far the ends of each line lie off the vanishing point, picture heights.
        spans_off_m: float64 k, by how many metres each length is off.
    """

    ground: Ground
    pose: Pose
    doubt: Pose
    lines_off: F64
    spans_off_m: F64


def vanished(marks: Marks, lens: Lens, sd: Exactness) -> Vanished:
    """The ground under marks: at least two lines each way and one length.

    Raises:
        ValueError: the lines do not say where the ground lies.
    """
    best = _pose(marks, lens)
    slopes = [_slope(marks, lens, marks.vector, i) for i in range(len(marks.vector))]
    slopes_sd = np.stack(slopes, axis=1) * _sds(marks, lens, sd)
    covariance = slopes_sd @ slopes_sd.T
    pose, doubt = Pose(*best), Pose(*np.sqrt(np.diag(covariance)))
    try:
        check(pose, doubt)
    except ValueError as wrong:
        raise ValueError(f"these lines say too little: {wrong}; mark longer ones, further apart") from wrong
    planes = [plane_of(vector, lens.aspect) for vector in sigma(best, covariance)]
    ground = Ground(lens, plane_of(best, lens.aspect), np.array(planes))
    return Vanished(ground, pose, doubt, _lines_off(marks, lens), _lengths(ground, marks) - marks.metres)


def _sds(marks: Marks, lens: Lens, sd: Exactness) -> F64:
    """Standard deviation of each number of the marks' vector; a step right is `aspect` picture heights."""
    ends = (marks.along.size + marks.across.size + marks.spans.size) // 2
    view = [] if marks.view_deg is None else [sd.view_deg]
    return np.concatenate(
        [np.tile([sd.mark / lens.aspect, sd.mark], ends), np.full(len(marks.metres), sd.metres), view]
    )


def _lengths(ground: Ground, marks: Marks) -> F64:
    """How long the known stretches are on this ground, metres."""
    spots = ground.metres(marks.spans.reshape(-1, 2))
    return np.asarray(np.hypot(*(spots[1::2] - spots[::2]).T))


def _slope(marks: Marks, lens: Lens, flat: F64, i: int) -> F64:
    """How the pose moves with one of the marks."""
    step = np.zeros_like(flat)
    step[i] = STEP
    slope: F64 = (_pose(marks.like(flat + step), lens) - _pose(marks.like(flat - step), lens)) / (2 * STEP)
    return slope


def _pose(marks: Marks, lens: Lens) -> F64:
    """The pose's vector: height, horizon, view, roll."""
    one, other = (_vanishing_point(_centred(lines, lens)) for lines in (marks.along, marks.across))
    focal = (
        _focal(one, other, lens.aspect) if marks.view_deg is None else focal_of(marks.view_deg, lens.aspect)
    )
    down = np.cross(one, other) * np.array([focal, focal, 1.0])
    ends = _centred(marks.spans, lens).reshape(-1, 2)
    rays = np.column_stack([ends / focal, np.ones(len(ends))])
    down *= np.sign((rays @ down).sum()) / np.linalg.norm(down)
    if down[1] <= 0.1:
        raise ValueError("these lines say that the camera lies on its side; were along and across mixed up?")
    horizon = 0.5 - focal * down[2] / down[1]
    view_deg = 2 * np.degrees(np.arctan(lens.aspect / 2 / focal))
    roll_deg = np.degrees(np.arctan2(-down[0], down[1]))
    one_high = plane_of(np.array([1.0, horizon, view_deg, roll_deg]), lens.aspect)
    lengths = _lengths(Ground(lens, one_high, np.zeros((0, 3, 3))), marks)
    if not np.isfinite(lengths).all() or float(lengths.min()) < 1e-6:
        raise ValueError("a known length reaches the horizon of these lines, or has no length")
    return np.array([marks.metres @ lengths / (lengths @ lengths), horizon, view_deg, roll_deg])


def _centred(lines: F64, lens: Lens) -> F64:
    """Ends n×2×2 as seen through a straight lens, picture heights from the middle."""
    straight = lens.straight(lines.reshape(-1, 2)).reshape(lines.shape)
    return np.asarray((straight - 0.5) * np.array([lens.aspect, 1.0]))


def _vanishing_point(ends: F64) -> F64:
    """Where lines n×2×2 meet, homogeneous 3: the point from which all are least far."""
    homogeneous = np.concatenate([ends, np.ones((len(ends), 2, 1))], axis=2)
    lines = np.cross(homogeneous[:, 0], homogeneous[:, 1])
    size = np.hypot(lines[:, 0], lines[:, 1])
    if float(size.min()) < 0.02:
        raise ValueError("a line wants ends apart from each other, by 2 % of the picture's height at least")
    _, values, vectors = np.linalg.svd(lines)  # as long as their ends are apart: long ones say more
    if values[1] < 1e-3 * values[0]:
        raise ValueError("lines of one direction want to be apart from each other, not one after the other")
    point: F64 = vectors[2]
    return point


def _focal(one: F64, other: F64, aspect: float) -> float:
    """Focal length, picture heights, at which two vanishing points lie at right angles."""
    planes = one[2] * other[2]
    squared = -(one[:2] @ other[:2]) / planes if abs(planes) > 1e-9 else np.inf
    narrow, wide = (aspect / 2 / np.tan(np.radians(deg) / 2) for deg in (NARROWEST_DEG, WIDEST_DEG))
    if not wide**2 <= squared <= narrow**2:
        raise ValueError(
            "these lines fit no camera that sees 5 to 150 degrees: those of one direction must be parallel "
            "on the street, the others at right angles to them. Where one direction runs level across the "
            "picture, give view_deg, from the data sheet"
        )
    return float(np.sqrt(squared))


def _lines_off(marks: Marks, lens: Lens) -> F64:
    """How far the ends of each line lie from the one through its middle and its vanishing point."""
    off: list[F64] = []
    for lines in (marks.along, marks.across):
        ends = _centred(lines, lens)
        point, middles = _vanishing_point(ends), ends.mean(axis=1)
        towards = point[:2] - middles * point[2]
        towards /= np.hypot(*towards.T)[:, None]
        half = ends[:, 0] - middles
        off.append(np.abs(half[:, 0] * towards[:, 1] - half[:, 1] * towards[:, 0]))
    return np.concatenate(off)
