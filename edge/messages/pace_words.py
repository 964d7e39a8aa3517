"""How one object moves, in plain words."""

from collections.abc import Iterator

from edge.messages.event import EventData
from edge.messages.paced import HaltData, SpeedData
from edge.messages.words import counted, figures, give_or_take, lasting
from edge.values.event import Kind
from edge.values.pace import KMH


def how_it_moves(data: EventData) -> str:
    """Such as `1 car too fast in "road"`."""
    who, place = counted(data.count, [seen.label for seen in data.objects]), f'"{data.place.id}"'
    if data.kind is Kind.STOPPED:
        return f"{who} stopped in {place}" if data.count else f"nothing stopped in {place}"
    slow = data.speed is not None and data.speed.side == "under"
    return f"{who} too {'slow' if slow else 'fast'} in {place}"


def speed_words(speed: SpeedData) -> Iterator[str]:
    """Such as `74 km/h (68 to 80; 20.6 ± 1.7 m/s), limit 60`."""
    kmh, low, high = (each * KMH for each in (speed.mps, speed.low, speed.high))
    half = (speed.high - speed.low) / 2
    told, least, most = figures(kmh, low, high)
    yield f"{told} km/h ({least} to {most}; {give_or_take(speed.mps, half)} m/s)"
    yield f"limit {speed.limit_mps * KMH:.0f}"


def halt_words(halt: HaltData) -> Iterator[str]:
    """For how long it has stood, and whether it can be seen."""
    yield f"for {lasting(halt.stood_s)}"
    if halt.hidden:
        yield "hidden now"
