"""What is hot, in plain words."""

from collections.abc import Iterator

from edge.messages.event import EventData
from edge.messages.hot import SpotData
from edge.messages.words import lasting
from edge.values.event import Kind


def what_is_hot(data: EventData) -> str:
    """Such as `something hot in "yard"`."""
    what = "something hot" if data.kind is Kind.HOT_SPOT else "something grows like a fire"
    return f'{what} in "{data.place.id}"'


def spot_words(spot: SpotData) -> Iterator[str]:
    """How hot, how large, how it grows, for how long."""
    yield heat(spot)
    yield f"{spot.pixels} px ({spot.share:.2%} of the picture)"
    if spot.growth is not None:
        yield f"area {growing(spot.growth.area_per_min)} a minute"
    yield f"for {lasting(spot.stood_s)}"


def heat(spot: SpotData) -> str:
    """How hot it is; never in degrees where the camera measures none."""
    if spot.hottest_c is None:
        return f"{spot.contrast or 0.0:.0%} brighter than usual, uncalibrated"
    return f"{spot.hottest_c:.0f} °C, {spot.excess_k or 0.0:.0f} K above usual"


def growing(rate: float) -> str:
    """A change by the minute, such as `+140 %`."""
    return f"{rate * 100:+.0f} %"
