"""What a crowd does as a whole and where it was, in plain words."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from edge.messages.event import EventData
from edge.messages.event_crowd import DynamicsData
from edge.messages.heat import HeatData
from edge.messages.words import lasting, local, plural
from edge.rules.leaving import LONGEST_S
from edge.values.dynamics import Unit
from edge.values.event import Kind

_KINDS = {
    Kind.COUNTER_FLOW: "people walk against the stream",
    Kind.QUEUE: "a queue",
    Kind.SURGE: "the crowd grows fast",
    Kind.DISPERSAL: "people suddenly run",
    Kind.PRESSURE: "the crowd sways",
    Kind.STOP_AND_GO: "people stop and go",
}
_UNITS = {
    Unit.PERSONS: "people",
    Unit.RISE: "persons/m² more a minute",
    Unit.FASTER: "m/s faster than usual",
    Unit.PRESSURE: "/s² of pressure",
    Unit.STOPS: "stops by person and minute",
}


def crowd_as_a_whole(data: EventData) -> str:
    """Such as `a queue in "gate"`, of people who are told only by their number."""
    place, people = f'"{data.place.id}"', f"{data.count} people"
    if data.kind is Kind.ROUTE:
        state = data.dynamics.state if data.dynamics else None
        return f"way out {place}" + (f" {state.value}, {people} before it" if state else "")
    about = f", {people}" if data.count and data.kind is not Kind.QUEUE else ""
    return f"{_KINDS[data.kind]} in {place}{about}"


def measured(dynamics: DynamicsData) -> Iterator[str]:
    """The number with its interval, and what else is known."""
    yield f"{quantity(dynamics)} ({_interval(dynamics)})"
    yield from besides(dynamics)


def quantity(dynamics: DynamicsData) -> str:
    """The best estimate alone: `26 people`."""
    value, unit = dynamics.value, dynamics.unit
    if unit is Unit.SHARE:
        return f"{value:.0%} of them"
    if unit is Unit.CLEARANCE:
        return (
            f"all through in {lasting(value)}" if is_known(dynamics) else "nobody knows when they are through"
        )
    return f"{value:.{_decimals(unit)}f} {_UNITS[unit]}"


def is_known(dynamics: DynamicsData) -> bool:
    """Whether the number is one: of a way out, the longest time stands for "nobody knows when"."""
    return dynamics.unit is not Unit.CLEARANCE or dynamics.value < LONGEST_S


def _interval(dynamics: DynamicsData) -> str:
    """Between what the truth is, most of the time."""
    low, high = dynamics.low, dynamics.high
    match dynamics.unit:
        case Unit.SHARE:
            return f"{low:.0%} to {high:.0%}"
        case Unit.CLEARANCE if low >= LONGEST_S:
            return "an hour or longer"
        case Unit.CLEARANCE:
            return f"{lasting(low)} to {lasting(high) if high < LONGEST_S else 'an hour or longer'}"
        case unit:
            return f"{low:.{_decimals(unit)}f} to {high:.{_decimals(unit)}f}"


def _decimals(unit: Unit) -> int:
    return {Unit.PERSONS: 0, Unit.PRESSURE: 3}.get(unit, 1)


def besides(dynamics: DynamicsData) -> Iterator[str]:
    """What is known beside the number: `14 m long`."""
    if dynamics.length_m is not None:
        yield f"{dynamics.length_m:.0f} m long"
    if dynamics.wait_s is not None:
        yield f"{lasting(dynamics.wait_s)} to wait"
    if dynamics.per_min is not None and dynamics.capacity_per_min is not None:
        yield f"{dynamics.per_min:.0f} persons/min pass, {dynamics.capacity_per_min:.0f} can"


def heat_map(data: HeatData, zone: tzinfo) -> str:
    """Such as `"square" 14:00 to 14:05: 12 cells of 2 m with 10 people or more, most in one 80`."""
    begin, end = (local(datetime.fromisoformat(utc), zone) for utc in (data.from_, data.until))
    most = max((cell.people for cell in data.cells), default=0)
    cells = f"{len(data.cells) or 'no'} {plural('cell', len(data.cells))} of {data.cell_m:g} m"
    what = f"{cells} with {data.least} people or more" + (f", most in one {most}" if most else "")
    part = "" if data.watched > 0.99 else f", watched {data.watched:.0%} of the time"
    return f'"{data.place.id}" {begin:%H:%M} to {end:%H:%M}: {what}{part}'
