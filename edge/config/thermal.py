"""Thermal cameras, and what counts as hot, as the configuration writes them."""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from edge.config.fields import Strict
from edge.values.hot import Growing, Level, Scale


class Thermal(Strict):
    """What the pictures of a thermal camera mean."""

    kelvin_per_count: float | None = Field(
        None,
        description="kelvin by which one count differs from the next, of a camera that sends 16-bit counts, "
        "such as 0.04 or 0.01 (TLinear); without it the camera is not calibrated",
        ge=0.0001,
        le=10,
    )
    kelvin_at_zero: float = Field(
        0.0, description="kelvin at count 0; 273.15 where counts are of degrees Celsius", ge=-1000, le=1000
    )
    polarity: Literal["white-hot", "black-hot"] = Field(
        "white-hot", description="whether white or black is hot in an 8-bit picture"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kelvin_per_count is None and self.kelvin_at_zero != 0.0:
            raise ValueError("kelvin_at_zero belongs to kelvin_per_count: give both, or leave both out")
        if self.kelvin_per_count is not None and self.polarity == "black-hot":
            raise ValueError("polarity is of pictures; counts are high where it is hot: leave it out")
        return self


@dataclass(frozen=True, slots=True)
class ThermalCamera:
    """A thermal camera: what its counts mean, None where it is not calibrated; whether black is hot."""

    scale: Scale | None
    black_hot: bool = False

    @classmethod
    def of(cls, keys: "Literal['uncalibrated'] | Thermal | None") -> "ThermalCamera | None":
        """What the keys of a camera compile to."""
        if keys is None or keys == "uncalibrated":
            return None if keys is None else cls(None)
        if keys.kelvin_per_count is None:
            return cls(None, keys.polarity == "black-hot")
        return cls(Scale(keys.kelvin_per_count, keys.kelvin_at_zero))


class Hot(Strict):
    """What counts as hot: exactly one of above_c, above_k and contrast."""

    above_c: float | None = Field(
        None, description="degrees Celsius, as the camera measures them", ge=-40, le=2000
    )
    above_k: float | None = Field(
        None, description="kelvin above what is usual there, learnt over ten minutes", ge=2, le=1000
    )
    contrast: float | None = Field(
        None,
        description="of a camera that is not calibrated: shares of the grey scale above what is usual there",
        ge=0.05,
        le=0.9,
    )
    min_px: int = Field(4, description="pixels of the camera that must be so hot", ge=1, le=100_000)
    area_per_min: float | None = Field(
        None,
        description="fire-like: growth of its area by the minute from which it counts, in shares of itself; "
        "1 unless given",
        ge=0.05,
        le=60,
    )
    kelvin_per_min: float | None = Field(
        None,
        description="fire-like: or growth of its hottest, kelvin by the minute; 60 unless given",
        ge=1,
        le=6000,
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self.level(fire=False)
        if self.contrast is not None and self.kelvin_per_min is not None:
            raise ValueError("kelvin_per_min wants a calibrated camera, and contrast is for one that is not")
        return self

    @property
    def is_growth(self) -> bool:
        """Whether a growth is named."""
        return self.area_per_min is not None or self.kelvin_per_min is not None

    def level(self, fire: bool) -> Level:
        """The level; `ValueError` if not exactly one is given."""
        usual = Growing()
        growing = Growing(
            self.area_per_min or usual.area_per_min, self.kelvin_per_min or usual.kelvin_per_min
        )
        return Level(self.above_c, self.above_k, self.contrast, self.min_px, growing if fire else None)
