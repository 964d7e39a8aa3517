"""Why a thing is believed to be left or taken, as a tree in plain words: the terms of its confidence."""

from datetime import tzinfo

from rich.text import Text
from rich.tree import Tree

from edge.messages.event import EventData
from edge.messages.event_thing import ThingData
from edge.messages.thing_words import what_happened, whose
from edge.messages.words import ENDS, lasting, when

GOOD, FAIR = 0.8, 0.5
BY = {"ground": "by the measured ground", "stature": "roughly, by how tall people are"}


def of_thing(data: EventData, thing: ThingData, zone: tzinfo) -> Tree:
    """The tree of one message that tells of this; times are told in `zone`."""
    root = Tree(Text("\n".join(_heads(data, thing, zone))))
    for name, value in thing.terms.model_dump().items():
        colour = "green" if value >= GOOD else "yellow" if value >= FAIR else "red"
        root.add(Text.assemble((f"{value:4.0%}", colour), f"  {_words(name, thing)}"))
    return root


def _heads(data: EventData, thing: ThingData, zone: tzinfo) -> list[str]:
    lines = [
        f"{data.rule}, {data.severity}: {what_happened(data)}",
        f"event {data.event_id}, message {data.revision}, of camera {data.camera}",
    ]
    sure = f"{data.confidence:.0%} sure: the geometric mean of"
    if data.cause is not None:
        why = ENDS[data.cause]
        return [*lines, f"over after {lasting(data.duration_s)}" + (why and f", {why}"), sure]
    lines.append(f"the place last looked as it used to at {when(thing.since, zone)}")
    return [*lines, sure]


def _words(name: str, thing: ThingData) -> str:
    if name == "stood":
        state = "has stood still" if thing.change == "left" else "has been missing"
        return f"{state} for {lasting(thing.stood_s)}"
    if name == "owner":
        return whose(thing)
    if name == "size":
        size = f"about {thing.side_m:.1f} m, {BY[thing.measured]}" if thing.side_m else "of unknown size"
        return f"{size}: how many cells of the small picture show it"
    if name == "contrast":
        return "differs from the street"
    if thing.change == "left":
        return "the edge around it is in the picture, and was not on the street"
    return "the edge around it was on the street, and is not in the picture"
