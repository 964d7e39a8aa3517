"""What is marked in a picture and measured on its street, as the configuration writes it."""

from typing import Annotated

import numpy as np
from pydantic import BeforeValidator, Field

from edge.config.fields import Point, Strict
from edge.ground.plumb import FEWEST_POINTS
from edge.ground.vanishing import Marks

FARTHEST_M = 100_000
"""Who surveys a street goes no further than this."""


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


Edge = Annotated[list[Point], Field(min_length=FEWEST_POINTS, max_length=32)]
