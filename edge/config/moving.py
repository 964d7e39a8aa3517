"""Cameras that move: their telemetry, and places on the map instead of in the picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from edge.config import flight_file
from edge.config.fields import Id, Strict
from edge.ground.chart import Chart, LatLon
from edge.ground.flight import FixDoubt
from edge.ground.flight_log import FlightLog
from edge.rules.spec import RuleSpec
from edge.scene.aloft import MapSpec
from edge.scene.polygons import Point
from edge.scene.spec import LineSpec, ZoneSpec, area_of
from edge.values.event import Kind

Spot = Annotated[
    tuple[Annotated[float, Field(ge=-85, le=85)], Annotated[float, Field(ge=-180, le=180)]],
    Field(description="latitude and longitude, WGS84, degrees north and east"),
]
STREAM = "stream"
"""As telemetry: that of the source itself."""
WHOLE = 0.98
"""A zone that covers so much of the picture is the view itself, and goes with a camera that moves."""


class MapZone(Strict):
    """An area of the ground, on the map."""

    id: Id
    corners: list[Spot] = Field(description="corners in order, at least three", min_length=3, max_length=64)


class MapLine(Strict):
    """A line on the map; `forward` is from its left to its right, looking along its points."""

    id: Id
    points: list[Spot] = Field(description="points in order, at least two", min_length=2, max_length=32)


class TelemetryDoubt(Strict):
    """How uncertain telemetry is: one standard deviation."""

    position_m: float = Field(1.5, description="of the place, to either side, metres", ge=0, le=100)
    height_m: float = Field(1.0, description="of the height above the ground, metres", ge=0, le=100)
    angle_deg: float = Field(0.5, description="of yaw, pitch and roll, degrees", ge=0, le=20)
    view_deg: float = Field(0.5, description="of the field of view, degrees", ge=0, le=20)


class FlightKeys(Strict):
    """Where a moving camera was, and the places on the map that it watches."""

    telemetry: str = Field(
        description="file beside the clip: MISB ST 0601 sets in .klv, or CSV with the columns time_s, "
        "lat_deg, lon_deg, height_m, yaw_deg, pitch_deg, roll_deg, view_deg; or `stream`: the MISB "
        "ST 0601 sets in the source itself",
        min_length=1,
    )
    doubt: TelemetryDoubt = Field(default_factory=TelemetryDoubt, description="how uncertain it is")
    zones: list[MapZone] = Field(default_factory=list, max_length=64)
    lines: list[MapLine] = Field(default_factory=list, max_length=64)

    @model_validator(mode="after")
    def _has_places(self) -> Self:
        if not self.zones and not self.lines:
            raise ValueError("flight: telemetry is for zones and lines on the map, got none of either")
        self.places()
        return self

    @property
    def names(self) -> frozenset[str]:
        """Ids of its zones and lines."""
        return frozenset([*(zone.id for zone in self.zones), *(line.id for line in self.lines)])

    def places(self) -> MapSpec:
        """The places as the scene wants them; `ValueError` if they cannot be drawn."""
        spots: list[LatLon] = [spot for zone in self.zones for spot in zone.corners]
        spots += [spot for line in self.lines for spot in line.points]
        chart = Chart.around(spots)
        zones = tuple(ZoneSpec(zone.id, _drawn(chart, zone.corners)) for zone in self.zones)
        lines = tuple(LineSpec(line.id, _drawn(chart, line.points)) for line in self.lines)
        return MapSpec(chart, zones, lines, FixDoubt(**self.doubt.model_dump()))


@dataclass(frozen=True, slots=True)
class MovingSpec:
    """A camera that moves.

    Attributes:
        log: where it was; None where it does not say.
        places: what it watches on the map; None for nothing.
        fixed_only: rules that hold for no place of it, because they are for a camera that hangs still.
        on_map: rules that want to know where it is.
        from_stream: its own stream says where it is.
    """

    log: FlightLog | None
    places: MapSpec | None
    fixed_only: tuple[str, ...]
    on_map: tuple[str, ...]
    from_stream: bool = False


def moving_spec(
    flight: FlightKeys | None, base: Path, rules: tuple[RuleSpec, ...], judged: tuple[RuleSpec, ...]
) -> MovingSpec:
    """The spec of a camera that moves, whose rules are `rules`, of which `judged` hold there.

    Raises:
        ConfigError: its telemetry cannot be read.
    """
    kept = {rule.id for rule in judged}
    off = tuple(rule.id for rule in rules if rule.id not in kept)
    if flight is None:
        return MovingSpec(None, None, off, ())
    there = flight.names
    on_map = tuple(rule.id for rule in judged if frozenset(rule.places) <= there)
    if flight.telemetry == STREAM:
        return MovingSpec(None, flight.places(), off, on_map, from_stream=True)
    log = flight_file.read((base / Path(flight.telemetry).expanduser()).resolve())
    return MovingSpec(log, flight.places(), off, on_map)


def holds(kind: Kind, polygon: tuple[Point, ...] | None) -> bool:
    """Whether a rule of this kind holds at a place drawn in a picture that moves; None for a line."""
    return kind is Kind.OCCUPANCY and polygon is not None and area_of(polygon) >= WHOLE


def goes_with(camera: str, wrong: dict[str, bool]) -> None:
    """Raise `ValueError` if a camera that moves has a key that is for one that hangs still."""
    for key, given in wrong.items():
        if given:
            raise ValueError(
                f"{key}: camera {camera} moves, and {key} is for one that hangs still: {_WHY[key]}"
            )


_WHY = {
    "ground": "its ground is another one in each picture",
    "density": "it wants a measured ground; leave it out",
    "heat_maps": "they want a measured ground; leave them out",
    "exclude": "what is hidden would move with the picture, and what is to be hidden would not",
    "loop": "the telemetry of a flight ends with it",
}


def check_source(source: str, flight: FlightKeys) -> None:
    """Raise `ValueError` if a file of telemetry is to tell of a live stream, or a device of itself."""
    if flight.telemetry == STREAM:
        if source.startswith("/dev/video"):
            raise ValueError(
                f"flight: telemetry {STREAM} is in the source itself, and {source} has none: wanted MPEG-TS, "
                "or a file of telemetry beside a file"
            )
        return
    if "://" in source or source.startswith("/dev/video"):
        raise ValueError(
            f"flight: telemetry {flight.telemetry} tells the time since a clip began, and the source is a "
            "live stream: wanted a file as source, or telemetry: stream"
        )


def _drawn(chart: Chart, spots: list[LatLon]) -> tuple[Point, ...]:
    unit = chart.unit(chart.metres(np.array(spots, np.float64)))
    return tuple((float(x), float(y)) for x, y in unit)
