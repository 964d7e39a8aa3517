"""Why something is believed to be hot, or to grow as a fire does, as a tree in plain words."""

from datetime import tzinfo

from rich.text import Text
from rich.tree import Tree

from edge.messages.event import EventData
from edge.messages.hot import SpotData
from edge.messages.hot_words import growing, heat, what_is_hot
from edge.messages.words import ENDS, lasting, when

GOOD, FAIR = 0.8, 0.5


def of_spot(data: EventData, spot: SpotData, zone: tzinfo) -> Tree:
    """The tree of one message that tells of this; times are told in `zone`."""
    root = Tree(Text("\n".join(_heads(data, spot, zone))))
    terms = spot.terms if spot.growth is None else spot.growth.terms
    for name, value in terms.model_dump().items():
        colour = "green" if value >= GOOD else "yellow" if value >= FAIR else "red"
        root.add(Text.assemble((f"{value:4.0%}", colour), f"  {_words(name, spot)}"))
    return root


def _heads(data: EventData, spot: SpotData, zone: tzinfo) -> list[str]:
    lines = [
        f"{data.rule}, {data.severity}: {what_is_hot(data)}",
        f"event {data.event_id}, message {data.revision}, of camera {data.camera}",
    ]
    sure = f"{data.confidence:.0%} sure: the geometric mean of"
    if data.cause is not None:
        why = ENDS[data.cause]
        return [*lines, f"over after {lasting(data.duration_s)}" + (why and f", {why}"), sure]
    lines.append(f"first so hot at {when(spot.since, zone)}, now {heat(spot)}")
    return [*lines, sure]


def _words(name: str, spot: SpotData) -> str:
    growth = spot.growth
    if growth is not None and name in {"grows", "steady", "stays", "alive"}:
        return {
            "grows": f"its area grows by {growing(growth.area_per_min)} a minute",
            "steady": f"it grew all the time, over {lasting(growth.window_s)}",
            "stays": "what was hot before still is: it does not move",
            "alive": f"it flickers by {growth.flicker:.0%}, or has grown many times over",
        }[name]
    return {
        "size": f"{spot.pixels} pixels are so hot",
        "margin": f"{heat(spot)}: how far beyond the level",
        "stood": f"it has been so hot for {lasting(spot.stood_s)}",
    }[name]
