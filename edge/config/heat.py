"""Heat maps as the configuration writes them."""

from math import floor
from typing import Self

from pydantic import Field, model_validator

from edge.config.fields import Id, Strict
from edge.ground.area import cells_of
from edge.ground.plane import Ground
from edge.scene.heat import HeatSpec
from edge.scene.polygons import Point

DAY_S = 86_400
MOST_CELLS = 1000
LEAST_EPSILON = 0.001


class HeatNoise(Strict):
    """Noise for maps that many may read."""

    epsilon: float = Field(
        description="privacy loss of one map for one person; 1 is little", ge=LEAST_EPSILON, le=10
    )
    epsilon_per_day: float = Field(description="what a day of maps may add up to", ge=0.001, le=1000)


class HeatMapKeys(Strict):
    """How many people were in each cell of a zone's floor, told bin after bin; for consoles and planners."""

    zone: Id = Field(description="zone of this camera")
    cell_m: float = Field(2.0, description="side of a cell, metres", ge=0.5, le=100)
    bin_s: int = Field(
        300, description="length of a bin of time, seconds; a divisor of a day", ge=10, le=3600
    )
    classes: list[str] = Field(
        default=["person"], description="labels of the model that count", min_length=1, max_length=80
    )
    directions: bool = Field(
        default=False,
        description="whether to tell where the people of a cell go, and how fast; not with noise",
    )
    noise: HeatNoise | None = Field(None, description="noise on top of coarse numbers; none unless given")

    @model_validator(mode="after")
    def _fits_a_day(self) -> Self:
        if DAY_S % self.bin_s:
            raise ValueError(
                f"bin_s: wanted a divisor of {DAY_S} s, such as 60, 300 or 3600, got {self.bin_s}"
            )
        if self.noise is not None and self.directions:
            raise ValueError("directions: wanted no noise beside them, because it does not cover them")
        if self.noise is not None and self.noise.epsilon * DAY_S / self.bin_s > self.noise.epsilon_per_day:
            spent = self.noise.epsilon * DAY_S / self.bin_s
            most = floor(self.noise.epsilon_per_day * self.bin_s / DAY_S * 1e4) / 1e4
            smaller = f", or epsilon of at most {most:g}" if most >= LEAST_EPSILON else ""
            raise ValueError(
                f"noise: {DAY_S // self.bin_s} maps a day of epsilon {self.noise.epsilon:g} spend "
                f"{spent:g}, and epsilon_per_day is {self.noise.epsilon_per_day:g}: wanted longer "
                f"bins{smaller}"
            )
        return self

    def spec(
        self, polygon: tuple[Point, ...], masks: tuple[tuple[Point, ...], ...], ground: Ground, least: int
    ) -> HeatSpec:
        """The map as the scene wants it; `ValueError` if the floor has too many cells, or none."""
        cells = cells_of(ground, polygon, masks, self.cell_m, MOST_CELLS)
        epsilon = None if self.noise is None else self.noise.epsilon
        return HeatSpec(
            self.zone,
            cells,
            self.cell_m,
            self.bin_s,
            least,
            frozenset(self.classes),
            epsilon,
            self.directions,
        )
