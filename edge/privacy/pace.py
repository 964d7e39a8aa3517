"""What an event says of how one object moves: its speed with its interval, or that it stands."""

from edge.privacy.canonical import JsonObject, number, utc
from edge.values.crowd import COVERAGE
from edge.values.event import Event


def speed(event: Event) -> JsonObject:
    """How fast somebody is, and how sure that is."""
    if event.speed is None:
        return {}
    found = event.speed.speed
    told = {
        "mps": found.mps,
        "low": found.low,
        "high": found.high,
        "coverage": COVERAGE,
        "window_s": found.window_s,
        "limit_mps": event.speed.limit_mps,
    }
    numbers: JsonObject = {name: number(value, f"speed.{name}") for name, value in told.items()}
    return {"speed": {**numbers, "side": "over" if event.speed.above else "under"}}


def halt(event: Event) -> JsonObject:
    """Since when something stands, and how that is judged."""
    if event.halt is None:
        return {}
    rest = event.halt
    told: JsonObject = {
        "since": utc(rest.since.utc_ns),
        "stood_s": number(rest.stood_s, "halt.stood_s"),
        "measured": "ground" if rest.surveyed else "boxes",
        "hidden": rest.hidden,
    }
    return {"halt": told}
