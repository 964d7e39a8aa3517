"""Scenes as YAML: ten lines make a clip with exact truth.

    name: yard
    seconds: 20
    camera: {height_m: 5, tilt_deg: 20}
    place: yard
    actors:
      - {path: [[-6, 14], [6, 14]], count: 3, every_s: 4}       # three people walk by, one after the other
      - {path: [[0, 11, 12], [5, 20]], starts_s: 2}              # one stands at (0, 11) for 12 s, then leaves
      - {is: car, path: [[-25, 18], [25, 18]], speed_mps: 8}
    zones: {door: [[0.4, 0.5], [0.6, 0.5], [0.6, 0.9], [0.4, 0.9]]}
    lines: {gate: [[0.5, 0.95], [0.5, 0.4]]}

Paths are metres on the ground: x to the right of the camera, y ahead of it; zones and lines are in the unit
square of the picture. A mistake is told with file, line, key, what was wanted and what was got.
"""

from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from edge.samples.camera import Pinhole
from edge.samples.scene import (
    Actor,
    Carries,
    Fixture,
    FixtureKind,
    Ground,
    Hour,
    Label,
    Place,
    Scene,
    Sensor,
    Stop,
    Wall,
)
from edge.strictyaml import load
from edge.values.errors import ConfigError

Metres = Annotated[float, Field(ge=-200, le=200)]
Unit = Annotated[float, Field(ge=0, le=1)]
GroundPoint = tuple[Metres, Metres]
UnitPoint = tuple[Unit, Unit]


def _stop(row: tuple[float, ...]) -> tuple[float, ...]:
    if (
        len(row) not in (2, 3)
        or max(map(abs, row[:2])) > 200
        or not all(0 <= wait <= 600 for wait in row[2:])
    ):
        raise ValueError(
            f"a stop wants [x, y] or [x, y, seconds to stay], x and y within 200 m, got {list(row)}"
        )
    return row


StopRow = Annotated[tuple[float, ...], AfterValidator(_stop)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CameraPart(_Part):
    """Where the camera hangs and looks."""

    height_m: float = Field(5.0, gt=0.5, le=50, description="lens above the ground, metres")
    tilt_deg: float = Field(20.0, ge=0, le=80, description="below the horizon, degrees")
    fov_deg: float = Field(60.0, ge=10, le=110, description="horizontal field of view, degrees")
    yaw_deg: float = Field(0.0, ge=-180, le=180, description="clockwise from +y seen from above, degrees")


class WallPart(_Part):
    """A building front."""

    start: GroundPoint = Field(description="ground point, metres")
    end: GroundPoint = Field(description="ground point, metres")
    height_m: float = Field(9.0, gt=0, le=100, description="metres")


class RoadPart(_Part):
    """The road of a street, or the path of a park, along x."""

    y_m: Metres = Field(16.0, description="its middle, metres")
    width_m: float = Field(7.0, gt=0, le=40, description="metres")


class SensorPart(_Part):
    """What lens and sensor do."""

    blur_px: float = Field(0.45, ge=0, le=5, description="lens blur, pixels")
    grain: float = Field(1.4, ge=0, le=40, description="noise by day, grey levels of 255")
    contrast: float = Field(1.15, gt=0, le=3, description="1 leaves it alone")
    rain: float = Field(0.0, ge=0, le=1, description="streaks of rain per column")


class ActorPart(_Part):
    """One or more who move alike."""

    label: Label = Field(Label.PERSON, alias="is", description="what it is")
    path: tuple[StopRow, ...] = Field(min_length=1, description="[x, y] or [x, y, seconds to stay], metres")
    speed_mps: float = Field(1.3, gt=0, le=40, description="metres per second")
    starts_s: float = Field(0.0, ge=-60, le=600, description="when it sets out, seconds")
    facing_deg: float = Field(180.0, ge=-360, le=360, description="heading while standing at an only stop")
    carries: Carries = Field(Carries.ANY, description="persons only")
    child: bool = Field(False, description="persons only")
    count: int = Field(1, ge=1, le=60, description="how many")
    every_s: float = Field(0.0, ge=0, le=600, description="time between one and the next, seconds")
    spread_m: float = Field(0.0, ge=0, le=20, description="how far beside the path they walk, metres")


class ScenePart(_Part):
    """A whole scene file."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="id and file name")
    seconds: float = Field(gt=0, le=600, description="length of the clip")
    seed: int = Field(0, ge=0, description="casts looks, light and noise")
    fps: float = Field(15.0, gt=0, le=60, description="pictures per second")
    size: tuple[int, int] = Field((640, 360), description="width and height, pixels")
    camera: CameraPart = CameraPart()
    place: Place = Place.PLAZA
    hour: Hour = Hour.DAY
    road: RoadPart = RoadPart()
    walls: tuple[WallPart, ...] = (WallPart(start=(-60, 34), end=(60, 34)),)
    actors: tuple[ActorPart, ...] = ()
    fixtures: dict[FixtureKind, tuple[GroundPoint, ...]] = {}
    sensor: SensorPart = SensorPart()
    zones: dict[str, Annotated[tuple[UnitPoint, ...], Field(min_length=3)]] = {}
    lines: dict[str, Annotated[tuple[UnitPoint, ...], Field(min_length=2)]] = {}

    @model_validator(mode="after")
    def _even_size(self) -> Self:
        if any(side % 2 or not 64 <= side <= 4096 for side in self.size):
            raise ValueError(f"size wants two even numbers from 64 to 4096, got {list(self.size)}")
        return self


def load_scene(path: Path, seed: int | None = None) -> tuple[Scene, int]:
    """The scene of a file and the seed to render it with: the one given, else the file's own.

    Raises:
        ConfigError: the file is no scene; the text names line and key.
    """
    part = load(path, ScenePart, ConfigError)
    chosen = part.seed if seed is None else seed
    return _scene(part, chosen), chosen


def _scene(part: ScenePart, seed: int) -> Scene:
    width, height = part.size
    focal = width / 2 / float(np.tan(np.radians(part.camera.fov_deg / 2)))
    camera = Pinhole(width, height, focal, part.camera.height_m, part.camera.tilt_deg, part.camera.yaw_deg)
    walls = tuple(Wall(w.start, w.end, w.height_m) for w in part.walls)
    rng = np.random.default_rng([seed, 1])
    return Scene(
        name=part.name,
        camera=camera,
        fps=part.fps,
        seconds=part.seconds,
        ground=Ground(part.place, part.road.y_m, part.road.width_m, walls),
        hour=part.hour,
        actors=tuple(actor for row in part.actors for actor in _actors(row, rng)),
        fixtures=tuple(Fixture(kind, x, y) for kind, places in part.fixtures.items() for x, y in places),
        sensor=Sensor(**part.sensor.model_dump()),
        zones=dict(part.zones),
        lines=dict(part.lines),
    )


def _actors(row: ActorPart, rng: np.random.Generator) -> list[Actor]:
    """The actors of a row: the first exactly as written, the others each a little different."""
    actors = []
    for number in range(row.count):
        aside = rng.uniform(-row.spread_m, row.spread_m, 2) * (number > 0)
        pace = 1.0 + float(rng.uniform(-0.1, 0.1)) * (number > 0)
        stops = [Stop(x + aside[0], y + aside[1], *wait) for x, y, *wait in row.path]
        actors.append(
            Actor(
                row.label,
                tuple(stops),
                row.speed_mps * pace,
                row.starts_s + number * row.every_s,
                row.carries,
                row.child,
                row.facing_deg + float(rng.uniform(-60, 60)) * (number > 0),
            )
        )
    return actors
