"""How a camera's ground is measured, as the configuration writes it."""

from contextlib import suppress
from typing import Annotated, Self

import numpy as np
from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from edge.config.disagreeing import Disagreement, of_lengths, of_lines, of_points
from edge.config.fields import Point, Strict
from edge.ground.agreement import Agreement
from edge.ground.lens import STRONGEST, Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.ground.stature import STATURE_M
from edge.ground.surveyed import Precision, Survey, survey
from edge.ground.vanishing import Exactness, Marks, Met, Vanished, met, vanished

FARTHEST_M = 100_000
LEAST_SPREAD_M = 0.3
"""Who surveys a street goes further than this."""
SMALLEST, LARGEST = 0.004, 10.0
"""Height of the largest people in a picture, picture heights: where it lies outside, metres are no metres."""
AS_MARKED = "as marked"
"""Under this name of a validator's context: whether marks are taken as they are, however they disagree."""


def _near_zero(metres: object) -> object:
    """Says in words what to do with coordinates of a national grid."""
    if isinstance(metres, int | float) and not -FARTHEST_M <= metres <= FARTHEST_M:
        raise ValueError(
            f"wanted metres of -{FARTHEST_M:,} to {FARTHEST_M:,}, got {metres:,.10g}; of coordinates on a "
            "grid, subtract the same round numbers everywhere"
        )
    return metres


Metres = Annotated[float, Field(ge=-FARTHEST_M, le=FARTHEST_M), BeforeValidator(_near_zero)]


class SurveyedPoint(Strict):
    """A spot on the ground that is seen in the picture and was measured on the street."""

    at: Point
    metres: tuple[Metres, Metres] = Field(
        description="its place on the street, metres: to the right and ahead, or east and north"
    )


class PoseDoubt(Strict):
    """How uncertain each number of the pose is: one standard deviation."""

    height_m: float = Field(0.1, description="of the camera's height, metres", ge=0, le=50)
    horizon: float = Field(0.01, description="of the horizon, picture heights", ge=0, le=2)
    view_deg: float = Field(2.0, description="of the field of view, degrees", ge=0, le=35)
    roll_deg: float = Field(0.5, description="of the roll, degrees", ge=0, le=20)


class CameraPose(Strict):
    """The camera over the ground."""

    height_m: float = Field(description="of the lens above the ground, metres", ge=0.5, le=500)
    horizon: float = Field(
        description="where the horizon passes the middle of the picture, picture heights from the top; "
        "negative above it",
        ge=-20,
        le=0.95,
    )
    view_deg: float = Field(description="horizontal field of view, degrees", ge=1, le=150)
    roll_deg: float = Field(0.0, description="turn about the optical axis, degrees clockwise", ge=-45, le=45)
    doubt: PoseDoubt = Field(default_factory=PoseDoubt, description="how uncertain these numbers are")


Line = Annotated[list[Point], Field(min_length=2, max_length=2)]


class KnownLength(Strict):
    """A stretch on the ground whose length was measured."""

    ends: Line = Field(description="where it begins and ends in the picture")
    metres: float = Field(description="how long it is", ge=0.1, le=1000)


class StreetLines(Strict):
    """Lines that are parallel on the street, others at right angles to them, and known lengths."""

    along: list[Line] = Field(
        description="lines that are parallel, such as kerbs", min_length=2, max_length=32
    )
    across: list[Line] = Field(description="lines at right angles to those", min_length=2, max_length=32)
    lengths: list[KnownLength] = Field(description="known lengths", min_length=1, max_length=32)
    view_deg: float | None = Field(
        None,
        description="horizontal field of view, degrees, by the data sheet; wanted where lines of one "
        "direction run level across the picture",
        ge=5,
        le=150,
    )
    view_sd_deg: float = Field(2.0, description="how uncertain that is, degrees", ge=0.1, le=30)

    def marks(self) -> Marks:
        """What was marked, as the ground wants it."""
        along, across, spans = (
            np.array(lines, np.float64)
            for lines in (self.along, self.across, [known.ends for known in self.lengths])
        )
        metres = np.array([known.metres for known in self.lengths])
        return Marks(along, across, spans, metres, self.view_deg)


class GroundPlane(Strict):
    """How the ground lies under the picture; wants one of `points`, `lines` and `pose`."""

    aspect: float = Field(
        16 / 9,
        description="width of the picture divided by its height, as it is meant to be seen",
        ge=0.2,
        le=5,
    )
    lens: float = Field(
        0.0,
        description="bend of the lens: 0 is straight, negative the barrel of a wide angle (division model)",
        ge=-STRONGEST,
        le=STRONGEST,
    )
    points: list[SurveyedPoint] = Field(
        default_factory=list, description="at least four spots, not three on a line", max_length=64
    )
    mark_sd: float = Field(
        0.003,
        description="how exactly they were marked, picture heights; 0.003 is 2 of 720 pixels",
        ge=0.0001,
        le=0.1,
    )
    survey_sd_m: float = Field(0.05, description="how exactly they were measured, metres", ge=0.001, le=5)
    lines: StreetLines | None = Field(
        None, description="lines on the street that are parallel, where no points were surveyed"
    )
    pose: CameraPose | None = Field(None, description="how the camera hangs, where no points were surveyed")

    @model_validator(mode="after")
    def _measured(self, info: ValidationInfo) -> Self:
        if bool(self.points) + (self.lines is not None) + (self.pose is not None) != 1:
            raise ValueError("a ground wants one of points, lines and pose")
        if info.context and info.context.get(AS_MARKED):
            return self
        self._check_spread()
        if grave := [told.text for told in self.disagreements() if told.grave]:
            raise ValueError("; ".join(grave))
        self._check_people(self.spec())
        return self

    def _check_spread(self) -> None:
        """Raise `ValueError` if all points are so near each other that their numbers are no metres."""
        spread = (
            np.ptp([point.metres for point in self.points], axis=0) if self.points else np.array([np.inf])
        )
        if 0 < spread.max() < LEAST_SPREAD_M:
            raise ValueError(
                f"all points lie within {spread.max():.2g} m of each other: wanted metres; write no "
                "degrees of latitude, and multiply kilometres by 1000"
            )

    def _check_people(self, ground: Ground) -> None:
        """Raise `ValueError` if people would have a size that no camera shows: of a wrong unit."""
        at = np.array([point.at for point in self.points] or [(0.5, 1.0)])
        high = float(np.nanmax(STATURE_M * ground.px_per_m(at, 1)))
        if not SMALLEST <= high <= LARGEST:
            size = f"{high:.2%} of the picture" if high < 1 else f"{high:,.0f} pictures"
            raise ValueError(
                f"by this ground a person is {size} high at the most: wanted metres; divide centimetres by "
                "100, multiply kilometres by 1000, and write no degrees of latitude"
            )

    def surveyed(self) -> Survey | None:
        """The survey behind it; None where a pose is given.

        Raises:
            ValueError: the points do not say where the ground lies.
        """
        if not self.points:
            return None
        seen = np.array([point.at for point in self.points])
        metres = np.array([point.metres for point in self.points])
        return survey(seen, metres, Lens(self.aspect, self.lens), Precision(self.mark_sd, self.survey_sd_m))

    def met(self) -> tuple[Met, Met] | None:
        """How well the lines along meet, and those across; None where there are none.

        Raises:
            ValueError: they are no lines.
        """
        if self.lines is None:
            return None
        return met(self.lines.marks(), Lens(self.aspect, self.lens), self._exactness(self.lines))

    def vanished(self) -> Vanished | None:
        """What the lines give; None where there are none.

        Raises:
            ValueError: they do not say where the ground lies.
        """
        if self.lines is None:
            return None
        return vanished(self.lines.marks(), Lens(self.aspect, self.lens), self._exactness(self.lines))

    def disagreements(self) -> list[Disagreement]:
        """Where marks do not fit each other.

        Raises:
            ValueError: they do not say where the ground lies, however they are turned.
        """
        surveyed, met = self.surveyed(), self.met()
        told = [] if surveyed is None else of_points(surveyed)
        if self.lines is not None and met is not None:
            told += of_lines(*met, self._exactness(self.lines))
            try:
                found = vanished(
                    self.lines.marks(), Lens(self.aspect, self.lens), self._exactness(self.lines)
                )
                told += of_lengths(found)
            except ValueError as wrong:  # perhaps because of those that do not meet the others
                if not told:
                    raise
                if not any(each.grave for each in told):
                    told.append(Disagreement(str(wrong), True))
        return told

    def lengths_agree(self) -> Agreement | None:
        """Which known length does not fit the others; None where nothing says so."""
        with suppress(ValueError):
            found = self.vanished()
            return None if found is None else found.lengths
        return None

    def doubts(self) -> tuple[str, ...]:
        """What of that is to be told of a ground that is in use."""
        return tuple(told.text for told in self.disagreements())

    def _exactness(self, lines: StreetLines) -> Exactness:
        return Exactness(self.mark_sd, self.survey_sd_m, lines.view_sd_deg)

    def spec(self) -> Ground:
        """The ground as the scene wants it; `ValueError` if it cannot be worked out."""
        found = self.surveyed() or self.vanished()
        if found is not None:
            return found.ground
        assert self.pose is not None
        pose, doubt = self.pose, self.pose.doubt
        return ground_of(
            Pose(pose.height_m, pose.horizon, pose.view_deg, pose.roll_deg),
            Pose(doubt.height_m, doubt.horizon, doubt.view_deg, doubt.roll_deg),
            Lens(self.aspect, self.lens),
        )
