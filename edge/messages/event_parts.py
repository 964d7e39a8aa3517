"""What events of all kinds are made of: where, who was seen, by which model and policy."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from edge.messages.base import Label, ModelName, Name, Sha256, Strict, TrackName, Unit
from edge.privacy.map_place import LEAST_GRID_M, MOST_GRID_M
from edge.privacy.spec import MAX_ROTATION_S, MIN_ROTATION_S

Severity = Literal["info", "minor", "moderate", "severe", "extreme"]
Count = Annotated[int, Field(ge=0, le=100_000)]
Pixels = Annotated[int, Field(ge=1, le=65_535)]


class Place(Strict):
    """Where in the camera's picture: a zone or a line of the node's configuration."""

    kind: Literal["zone", "line"] = Field(description="a zone is an area of the ground, a line is crossed")
    id: Name = Field(description="its id in the configuration")


class EventPlace(Place):
    """Where it happened: a zone or a line in the camera's picture, or on the map."""

    lat: float | None = Field(
        None,
        description="where its middle is, of a place on the map, degrees north (WGS84); only where the "
        "policy lets it out, and never where anybody is",
        ge=-90,
        le=90,
    )
    lon: float | None = Field(None, description="degrees east", ge=-180, le=180)
    grid_m: int | None = Field(
        None,
        description="grid to which both are rounded, metres: it lies up to 0.71 of that away",
        ge=LEAST_GRID_M,
        le=MOST_GRID_M,
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if len({self.lat is None, self.lon is None, self.grid_m is None}) > 1:
            raise ValueError("place: wanted lat, lon and grid_m together, or none of them")
        return self


class SeenObject(Strict):
    """One object that takes part."""

    track: TrackName = Field(
        description="pseudonym; it means nothing outside this camera and rotation period"
    )
    label: Label = Field(description="object class of the detector")
    score: Unit = Field(description="confidence of the detector")
    box: list[Unit] | None = Field(
        None,
        description="corners x1 y1 x2 y2 in the unit square, from the top left; absent if the policy says so",
        min_length=4,
        max_length=4,
    )


class PictureSize(Strict):
    """Size of the camera's picture; a box times this is in pixels."""

    width: Pixels = Field(description="pixels")
    height: Pixels = Field(description="pixels")


class Model(Strict):
    """The detector that looked."""

    name: ModelName = Field(description="name on the model card")
    sha256: Sha256 = Field(description="SHA-256 of the model file")


class Policy(Strict):
    """The privacy policy under which this was said."""

    sha256: Sha256 = Field(description="SHA-256 of the policy")
    rotation_s: float = Field(
        description="seconds after which every track name is replaced", ge=MIN_ROTATION_S, le=MAX_ROTATION_S
    )
    boxes: bool = Field(description="whether boxes may be published")
