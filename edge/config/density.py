"""How the people of a dense crowd are counted, as the configuration writes it."""

from typing import Self

from pydantic import Field, model_validator

from edge.config.fields import Strict
from edge.rules.fusion import Blend


class Density(Strict):
    """A density model that counts people who hide each other from the detector."""

    model: str = Field(description="name of an installed density model, or path of its folder")
    every_s: float = Field(10.0, description="seconds from one count to the next", ge=1, le=600)
    sparse_below: float = Field(
        0.5, description="persons per square metre below which the detector alone counts", ge=0, le=10
    )
    dense_from: float = Field(
        1.0, description="persons per square metre from which the density model alone counts", ge=0.01, le=20
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self.blend()
        return self

    def blend(self) -> Blend:
        """Where the map takes over; `ValueError` if the two thresholds do not go together."""
        return Blend(self.sparse_below, self.dense_from)
