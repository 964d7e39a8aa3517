"""Short ways to say facts in tests of rules."""

from edge.values.fact import (
    Direction,
    Fact,
    LineCrossed,
    Occupancy,
    Sighting,
    ZoneEntered,
    ZoneLeft,
)
from edge.values.moment import ClockTrust, Moment

EPOCH_NS = 1_750_000_000_000_000_000


def at(seconds: float) -> Moment:
    """A moment `seconds` after the tests' own beginning of time."""
    return Moment(0, EPOCH_NS, ClockTrust.REPLAY).plus(seconds)


def person(track: int = 1, label: str = "person", score: float = 0.8) -> Sighting:
    return Sighting(track, label, score, (0.4, 0.4, 0.5, 0.8))


def crowd(n: int, label: str = "person") -> tuple[Sighting, ...]:
    return tuple(person(track, label) for track in range(1, n + 1))


def occupied(seconds: float, n: int, zone: str = "a") -> tuple[Fact, ...]:
    """n people in a zone, as the scene says it."""
    return (Occupancy(at(seconds), zone, crowd(n), (0.0,) * n),)


def staying(seconds: float, *stays_s: float, zone: str = "a", label: str = "person") -> tuple[Fact, ...]:
    """One object in the zone for each stay."""
    who = crowd(len(stays_s), label)
    return (Occupancy(at(seconds), zone, who, stays_s),)


def entered(seconds: float, who: Sighting, zone: str = "a", born_inside: bool = False) -> ZoneEntered:
    return ZoneEntered(at(seconds), zone, who, born_inside)


def left(seconds: float, who: Sighting, stayed_s: float = 3.0, lost: bool = False) -> ZoneLeft:
    return ZoneLeft(at(seconds), "a", who, stayed_s, lost)


def crossed(
    seconds: float, who: Sighting, way: Direction = Direction.FORWARD, line: str = "l"
) -> LineCrossed:
    return LineCrossed(at(seconds), line, who, way)
