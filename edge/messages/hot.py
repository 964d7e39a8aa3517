"""What a message tells of something hot."""

from typing import Literal

from pydantic import Field, model_validator

from edge.messages.base import Seconds, Strict, Unit, Utc


class HotTermsData(Strict):
    """What makes a hot spot believable, each 0..1."""

    size: Unit = Field(description="in how many pixels it is seen: n / (n + min_px)")
    margin: Unit = Field(
        description="how far beyond the level it is: 1 - exp(-(shares - 1) / 0.35), at least 0.05"
    )
    stood: Unit = Field(description="how long it has been there: 1 - exp(-stood_s / 5 s), at least 0.05")


class GrowthTermsData(Strict):
    """What makes growth look like that of a fire, each 0..1."""

    grows: Unit = Field(description="how fast it grows: r / (1 + r), r in shares of what the rule asks for")
    steady: Unit = Field(description="whether it grows all the time: Kendall's rank correlation with time")
    stays: Unit = Field(description="share of what was hot at the window's begin that still is")
    margin: Unit = Field(description="how far beyond the level it is: 1 - exp(-(shares - 1) / 0.35)")
    alive: Unit = Field(description="whether it flickers as flames do, or has grown many times over")


class GrowthData(Strict):
    """How it changed over the last seconds."""

    window_s: Seconds = Field(description="over how long that was seen")
    area_per_min: float = Field(
        description="growth of its area by the minute, in shares of its mean area", ge=-1e4, le=1e4
    )
    kelvin_per_min: float | None = Field(
        None,
        description="growth of its hottest, kelvin by the minute; absent where the camera is not calibrated",
        ge=-1e6,
        le=1e6,
    )
    flicker: float = Field(
        description="how far its pixels stray from look to look, in shares of their excess", ge=0, le=100
    )
    terms: GrowthTermsData


class SpotData(Strict):
    """Something hot in the picture of a thermal camera; no picture of it leaves the box."""

    measured: Literal["kelvin", "uncalibrated"] = Field(
        description="whether the camera measures temperatures; without that there are no degrees"
    )
    since: Utc = Field(description="when it was first so hot, UTC")
    stood_s: Seconds = Field(description="for how long it has been")
    pixels: int = Field(
        description="pixels of the camera that are so hot, when it was last seen to be", ge=0, le=10**8
    )
    share: Unit = Field(description="the same as a share of the picture")
    hottest_c: float | None = Field(
        None,
        description="apparent temperature of its hottest pixel, °C, as the camera is set (emissivity, "
        "distance); absent where it is not calibrated",
        ge=-273.15,
        le=1e5,
    )
    excess_k: float | None = Field(
        None,
        description="how far that is above what is usual there, kelvin; absent where it is not calibrated",
        ge=-1e5,
        le=1e5,
    )
    contrast: float | None = Field(
        None,
        description="the same in shares of the grey scale, where the camera is not calibrated; no "
        "temperature",
        ge=-1,
        le=1,
    )
    body: bool = Field(description="whether somebody or something that is followed covers it")
    terms: HotTermsData
    growth: GrowthData | None = Field(
        None, description="how it changes; fire-like only, absent while it was seen for too short"
    )
    box: list[Unit] | None = Field(
        None,
        description="corners x1 y1 x2 y2 in the unit square, from the top left; absent if the policy says so",
        min_length=4,
        max_length=4,
    )

    @model_validator(mode="after")
    def _pretends_nothing(self) -> "SpotData":
        kelvin = self.measured == "kelvin"
        if (self.hottest_c is None, self.excess_k is None, self.contrast is None) != (
            not kelvin, not kelvin, kelvin,
        ):  # fmt: skip
            raise ValueError("wanted hottest_c and excess_k exactly if measured in kelvin, else contrast")
        return self
