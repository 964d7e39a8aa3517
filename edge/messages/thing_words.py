"""What was left or taken, in plain words."""

from collections.abc import Iterator

from edge.messages.event import EventData
from edge.messages.event_thing import ThingData
from edge.messages.words import lasting
from edge.values.event import Kind


def what_happened(data: EventData) -> str:
    """Such as `left behind in "hall"`."""
    what = "something left behind" if data.kind is Kind.ABANDONED else "something taken away"
    prep = "in" if data.kind is Kind.ABANDONED else "from"
    return f'{what} {prep} "{data.place.id}"'


def thing_words(thing: ThingData) -> Iterator[str]:
    """How long ago, how large, and where its owner is."""
    yield f"for {lasting(thing.stood_s)}"
    if thing.side_m is not None:
        yield f"about {thing.side_m:.1f} m"
    yield whose(thing)


def whose(thing: ThingData) -> str:
    """Where those are who came with it."""
    if thing.change == "taken":
        return "by somebody unseen" if thing.owner is None else f"by {thing.owner}"
    if thing.owner is None:
        return "nobody seen with it"
    apart = "out of sight" if thing.apart_m is None else f"{thing.apart_m:.0f} m away"
    return f"owner {thing.owner} {apart}"
