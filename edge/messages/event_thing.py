"""What an event says of a thing that was left or taken."""

from typing import Literal

from pydantic import Field

from edge.messages.base import Seconds, Strict, TrackName, Unit, Utc
from edge.values.thing import Change


class TermsData(Strict):
    """What makes it believable, each 0..1; the event's `confidence` is their geometric mean."""

    stood: Unit = Field(description="how long it has stood still: 1 - exp(-stood_s / 5 s)")
    owner: Unit = Field(
        description="1 where it was seen who brought or took it, 0.7 where they were lost beside it, 0.5 "
        "where nobody was seen"
    )
    size: Unit = Field(description="in how many cells of the small picture it is seen: n / (n + 8)")
    contrast: Unit = Field(description="how much it differs from the street: 1 - exp(-shares / 0.7)")
    edges: Unit = Field(
        description="how clearly the edge around it is in the picture alone (left), or was on the street "
        "alone (taken)"
    )


class ThingData(Strict):
    """A thing that was left or taken; no picture of it leaves the box."""

    change: Change = Field(description="left: it stands there now; taken: it is missing")
    since: Utc = Field(description="when the place last looked as it used to, UTC")
    stood_s: Seconds = Field(description="for how long it has stood still, or been missing")
    measured: Literal["ground", "stature"] = Field(
        description="what metres are measured by: the camera's measured ground, or how tall people are"
    )
    terms: TermsData
    owner: TrackName | None = Field(
        None, description="pseudonym of who brought or took it; absent where nobody was seen"
    )
    apart_m: float | None = Field(
        None,
        description="how far the nearest of those who came with it is, metres (of anybody, where nobody came "
        "with it); absent where nobody of them is in sight",
        ge=0,
        le=1e5,
    )
    side_m: float | None = Field(
        None, description="its longer side, metres; absent where nothing says how large it is", ge=0, le=1e3
    )
    box: list[Unit] | None = Field(
        None,
        description="corners x1 y1 x2 y2 in the unit square, from the top left; absent if the policy says so",
        min_length=4,
        max_length=4,
    )
