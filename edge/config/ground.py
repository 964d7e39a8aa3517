"""How a camera's ground is measured, as the configuration writes it."""

from contextlib import suppress
from functools import cached_property
from typing import Self

import numpy as np
from pydantic import Field, ValidationInfo, model_validator

from edge.config.disagreeing import Disagreement, of_edges, of_lengths, of_lines, of_points, of_view
from edge.config.fields import Strict
from edge.config.ground_marks import CameraPose, Edge, StreetLines, SurveyedPoint
from edge.ground.above import view_deg
from edge.ground.agreement import Agreement
from edge.ground.lens import MOST_SD, STRONGEST, Lens
from edge.ground.plane import Ground
from edge.ground.plumb import Bend, bend
from edge.ground.pose import Pose, ground_of
from edge.ground.stature import STATURE_M
from edge.ground.surveyed import Precision, Survey, survey
from edge.ground.vanishing import Exactness, Met, Vanished, met, vanished

LEAST_SPREAD_M = 0.3
"""Who surveys a street goes further than this."""
SMALLEST, LARGEST = 0.004, 10.0
"""Height of the largest people in a picture, picture heights: where it lies outside, metres are no metres."""
AS_MARKED = "as marked"
"""Under this name of a validator's context: whether marks are taken as they are, however they disagree."""


class GroundPlane(Strict):
    """How the ground lies under the picture; wants one of `points`, `lines` and `pose`."""

    aspect: float = Field(
        16 / 9,
        description="width of the picture divided by its height, as it is meant to be seen",
        ge=0.2,
        le=5,
    )
    lens: float | None = Field(
        None,
        description="bend of the lens: 0 is straight, negative the barrel of a wide angle (division model); "
        "unless given, as `edges` tell, and 0 without them",
        ge=-STRONGEST,
        le=STRONGEST,
    )
    lens_sd: float = Field(0.0, description="how uncertain a `lens` that is given is", ge=0, le=MOST_SD)
    edges: list[Edge] = Field(
        default_factory=list,
        description="edges that are straight on the street and look bent, each with three points or more "
        "along it, which tell the lens",
        max_length=16,
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
        as_marked = bool(info.context and info.context.get(AS_MARKED))
        if as_marked and self.only_edges:
            return self
        if bool(self.points) + (self.lines is not None) + (self.pose is not None) != 1:
            raise ValueError(
                "a ground wants one of points, lines and pose"
                + ("; edges alone tell the lens, and `safecity-edge calibrate` shows it" * self.only_edges)
            )
        if self.lens is None and self.lens_sd:
            raise ValueError("lens_sd wants a lens that is given, of which it is the doubt")
        if as_marked:
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
        return survey(seen, metres, self.optics, Precision(self.mark_sd, self.survey_sd_m))

    @property
    def only_edges(self) -> bool:
        """Whether nothing is there but edges, which tell the lens and no ground."""
        return bool(self.edges) and not self.points and self.lines is None and self.pose is None

    @cached_property
    def bend(self) -> Bend | None:
        """What the edges say of the lens; None where there are none.

        Raises:
            ValueError: they say too little.
        """
        if not self.edges:
            return None
        return bend([np.array(edge) for edge in self.edges], self.aspect, self.mark_sd)

    @property
    def optics(self) -> Lens:
        """The lens that is given, or that the edges tell, with its doubt.

        Raises:
            ValueError: the edges say too little.
        """
        if self.lens is not None:
            return Lens(self.aspect, self.lens, self.lens_sd)
        return Lens(self.aspect) if self.bend is None else self.bend.lens(self.aspect)

    def met(self) -> tuple[Met, Met] | None:
        """How well the lines along meet, and those across; None where there are none.

        Raises:
            ValueError: they are no lines.
        """
        if self.lines is None:
            return None
        return met(self.lines.marks(), self.optics, self._exactness(self.lines))

    def vanished(self) -> Vanished | None:
        """What the lines give; None where there are none.

        Raises:
            ValueError: they do not say where the ground lies.
        """
        if self.lines is None:
            return None
        return vanished(self.lines.marks(), self.optics, self._exactness(self.lines))

    def disagreements(self) -> list[Disagreement]:
        """Where marks do not fit each other.

        Raises:
            ValueError: they do not say where the ground lies, however they are turned.
        """
        surveyed, met = self.surveyed(), self.met()
        told = [] if surveyed is None else of_points(surveyed)
        if self.bend is not None:
            told += of_edges(self.bend, self.lens, self.lens_sd, self.mark_sd)
        if self.lines is not None and met is not None:
            told += of_lines(*met, self._exactness(self.lines))
            try:
                found = vanished(self.lines.marks(), self.optics, self._exactness(self.lines))
                told += of_lengths(found)
            except ValueError as wrong:  # perhaps because of those that do not meet the others
                if not told:
                    raise
                if not any(each.grave for each in told):
                    told.append(Disagreement(str(wrong), True))
        if self.lens is None and self.bend is None and not any(each.grave for each in told):
            told += of_view(view_deg(self.spec()))
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
            self.optics,
        )
