"""The ground from lines that are parallel on the street, as kerbs are, and others at right angles to them.

Law: parallels meet in a vanishing point; those of two directions on the ground lie on the horizon, and their
right angle gives the focal length (Hartley and Zisserman, Multiple View Geometry, 2nd ed., sections 8.6 and
8.8); a length that is known gives the height. The camera is that of `pose`. Doubt of every mark and length is
carried into the plane, to first order; where lines or lengths agree worse with each other than their marks
should, one against which the others agree is left out, or that doubt grows with how far all are off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.ground.agreement import FARTHEST_SD, Agreement, Kept, agreement
from edge.ground.lens import F64, Lens
from edge.ground.parallels import Parallels
from edge.ground.plane import Ground, behind, sigma
from edge.ground.pose import Pose, check_told, focal_of, plane_of

LEAST_LINES = 2
STEP = 1e-5
"""Step of the numeric derivatives, picture heights."""
WIDEST_DEG, NARROWEST_DEG = 150.0, 5.0
_POSE = 4
"""Numbers of the pose, the first of the answers."""


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
class Met:
    """How well lines of one direction meet.

    Attributes:
        off: float64 n, how far each lies off the point where those that agree meet, picture heights.
        agreement: which does not meet the others.
    """

    off: F64
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Vanished:
    """The ground that the lines give.

    Attributes:
        ground: with its doubt.
        pose, doubt: of the camera; the doubts of its numbers hang together, which `ground` heeds.
        spans_off_m, spans_expected_m: float64 k, by how many metres each length is off, and the standard
            deviation of that by what was stated.
        lengths: which length does not fit the others.
        corner_deg, corner_sd_deg: angle between the two directions, and its doubt; 90 and 0 unless the view
            is given.
    """

    ground: Ground
    pose: Pose
    doubt: Pose
    spans_off_m: F64
    spans_expected_m: F64
    lengths: Agreement
    corner_deg: float
    corner_sd_deg: float

    @property
    def corner_off(self) -> float:
        """By how many standard deviations the two directions are not at right angles."""
        return abs(self.corner_deg - 90) / self.corner_sd_deg if self.corner_sd_deg > 0 else 0.0

    @property
    def contradicts(self) -> bool:
        """Whether no stated doubt explains how far lengths or the right angle are off."""
        return self.lengths.contradicts or self.corner_off > FARTHEST_SD


def met(marks: Marks, lens: Lens, sd: Exactness) -> tuple[Met, Met]:
    """How well the lines along meet, and those across.

    Raises:
        ValueError: a line is no line, or they lie one after the other.
    """
    along, across = (Parallels.of(lines, lens) for lines in (marks.along, marks.across))
    return _met(along, sd), _met(across, sd)


def _met(lines: Parallels, sd: Exactness) -> Met:
    agreed = lines.agreement(sd.mark)
    return Met(np.abs(lines.off(lines.at(agreed.kept).meet())), agreed)


def vanished(marks: Marks, lens: Lens, sd: Exactness) -> Vanished:
    """The ground under marks: at least two lines each way and one length.

    Raises:
        ValueError: the lines do not say where the ground lies.
    """
    along, across = (each.agreement for each in met(marks, lens, sd))
    agreed = replace(marks, along=marks.along[along.kept], across=marks.across[across.kept])
    best, slopes = _moved(agreed, lens)
    lengths = _lengths_agree(agreed, best, slopes * _sds(agreed, lens, sd, (1.0, 1.0, 1.0)), sd)
    if lengths.wrong:
        agreed = replace(agreed, spans=marks.spans[lengths.kept], metres=marks.metres[lengths.kept])
        best, slopes = _moved(agreed, lens)
    slopes = slopes * _sds(agreed, lens, sd, (along.factor, across.factor, lengths.factor))
    covariance = slopes[:_POSE] @ slopes[:_POSE].T
    bent = (
        [_answers(agreed, lens.otherwise(sds))[:_POSE] for sds in (1, -1)] if lens.sd else [best[:_POSE]] * 2
    )
    doubt = Pose(*np.sqrt(np.diag(covariance) + ((bent[0] - bent[1]) / 2) ** 2))
    pose = Pose(*best[:_POSE])
    check_told(pose, doubt)
    planes = [plane_of(vector, lens.aspect) for vector in sigma(best[:_POSE], covariance)]
    ground = behind(
        Ground(lens, plane_of(best[:_POSE], lens.aspect), np.array(planes)),
        lambda other: plane_of(_answers(agreed, other)[:_POSE], lens.aspect),
    )
    expected = np.full(len(marks.metres), sd.metres)
    expected[lengths.kept] = _spans_sd(agreed, best, slopes, sd.metres * lengths.factor)
    corner_sd = float(np.linalg.norm(slopes[_POSE])) if marks.view_deg is not None else 0.0
    off_m = _lengths(ground, marks) - marks.metres
    return Vanished(ground, pose, doubt, off_m, expected, lengths, float(best[_POSE]), corner_sd)


def _moved(marks: Marks, lens: Lens) -> tuple[F64, F64]:
    """The answers, and how they move with each number of the marks."""
    flat = marks.vector
    slopes = [_slope(marks, lens, flat, i) for i in range(len(flat))]
    return _answers(marks, lens), np.stack(slopes, axis=1)


def _spans_sd(marks: Marks, best: F64, slopes_sd: F64, metres_sd: float) -> F64:
    """Standard deviation of by how much each known length is off, metres k."""
    known = marks.along.size + marks.across.size + marks.spans.size
    off = np.outer(best[_POSE + 1 :], slopes_sd[0]) + best[0] * slopes_sd[_POSE + 1 :]
    off[:, known : known + len(off)] -= metres_sd * np.eye(len(off))
    return np.asarray(np.linalg.norm(off, axis=1))


def _sds(marks: Marks, lens: Lens, sd: Exactness, worse: Sequence[float]) -> F64:
    """Standard deviation of each number of the marks' vector, if lines along, across and lengths are worse
    than stated by such factors; a step right is `aspect` picture heights."""
    along, across, lengths = worse
    mark = np.array([sd.mark / lens.aspect, sd.mark])
    ends = [
        (part.size // 2, by)
        for part, by in ((marks.along, along), (marks.across, across), (marks.spans, 1.0))
    ]
    view = [] if marks.view_deg is None else [sd.view_deg]
    return np.concatenate(
        [
            *(np.tile(mark * by, count) for count, by in ends),
            np.full(len(marks.metres), sd.metres * lengths),
            view,
        ]
    )


def _lengths_agree(marks: Marks, best: F64, slopes_sd: F64, sd: Exactness) -> Agreement:
    """Which of the known lengths does not fit the others: each is the camera's height times what is seen."""
    spans, moved = best[_POSE + 1 :], best[0] * slopes_sd[_POSE + 1 :]
    covariance = moved @ moved.T + sd.metres**2 * np.eye(len(spans))

    def squares(kept: Kept) -> float:
        white = np.linalg.inv(np.linalg.cholesky(covariance[np.ix_(kept, kept)]))
        seen, known = white @ spans[kept], white @ marks.metres[kept]
        error = known - seen * (seen @ known) / (seen @ seen)
        return float(error @ error)

    return agreement(len(spans), 1, 1, squares)


def _lengths(ground: Ground, marks: Marks) -> F64:
    """How long the known stretches are on this ground, metres."""
    spots = ground.metres(marks.spans.reshape(-1, 2))
    return np.asarray(np.hypot(*(spots[1::2] - spots[::2]).T))


def _slope(marks: Marks, lens: Lens, flat: F64, i: int) -> F64:
    """How the answers move with one of the marks."""
    step = np.zeros_like(flat)
    step[i] = STEP
    ahead, back = (_answers(marks.like(flat + by), lens) for by in (step, -step))
    return np.asarray((ahead - back) / (2 * STEP))


def _answers(marks: Marks, lens: Lens) -> F64:
    """The pose's vector (height, horizon, view, roll), the corner's angle in degrees, and how long the known
    stretches would be under a camera of one metre."""
    one, other = (Parallels.of(lines, lens).meet() for lines in (marks.along, marks.across))
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
    height_m = marks.metres @ lengths / (lengths @ lengths)
    return np.array([height_m, horizon, view_deg, roll_deg, _corner_deg(one, other, focal), *lengths])


def _corner_deg(one: F64, other: F64, focal: float) -> float:
    """Angle on the ground between lines that meet at two points, 0..180 degrees."""
    a, b = (point / np.array([focal, focal, 1.0]) for point in (one, other))
    a, b = (way * np.sign(way[np.argmax(np.abs(way))]) for way in (a, b))  # a point has no sign of its own
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))


def _centred(lines: F64, lens: Lens) -> F64:
    """Ends n×2×2 as seen through a straight lens, picture heights from the middle."""
    straight = lens.straight(lines.reshape(-1, 2)).reshape(lines.shape)
    return np.asarray((straight - 0.5) * np.array([lens.aspect, 1.0]))


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
