"""What an event says of how one object moves: its speed, or that it stands."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from edge.messages.base import Seconds, Strict, Unit, Utc

Mps = Annotated[float, Field(ge=0, le=300)]


class SpeedData(Strict):
    """How fast the object is, its surest so far: that whose interval lies furthest beyond the limit."""

    mps: Mps = Field(description="mean speed over the window, metres per second, best estimate")
    low: Mps = Field(description="lower end of the interval")
    high: Mps = Field(description="upper end of the interval")
    coverage: Unit = Field(description="how often such an interval holds the truth")
    window_s: Seconds = Field(description="over how long it was measured")
    limit_mps: Mps = Field(description="limit of the rule, metres per second")
    side: Literal["over", "under"] = Field(
        description="over: faster than the limit was looked for, and `low` is at or above it; under: slower, "
        "and `high` is at or below it"
    )

    @model_validator(mode="after")
    def _ordered(self) -> "SpeedData":
        if not self.low <= self.mps <= self.high:
            raise ValueError("wanted low <= mps <= high")
        return self


class HaltData(Strict):
    """That the object stands still."""

    since: Utc = Field(description="when it came to rest, UTC")
    stood_s: Seconds = Field(description="for how long")
    measured: Literal["ground", "boxes"] = Field(
        description="what standing still is judged by: metres of the camera's measured ground, or sizes of "
        "its box"
    )
    hidden: bool = Field(description="it cannot be seen now, and nothing says that it left")
