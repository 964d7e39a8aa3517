"""Small scenes for tests of the sample renderer."""

from dataclasses import replace

from edge.samples.camera import Pinhole
from edge.samples.scene import Actor, Label, Scene, Sensor, Stop

CAMERA = Pinhole(320, 180, 280.0, 5.0, 20.0)


def walker(*path: tuple[float, float], speed_mps: float = 1.5, starts_s: float = 0.0) -> Actor:
    """Somebody who walks along ground points."""
    return Actor(Label.PERSON, tuple(Stop(*point) for point in path), speed_mps, starts_s)


def small_scene(*actors: Actor, seconds: float = 2.0, fps: float = 5.0, **changes: object) -> Scene:
    """A plaza of 320x180 with these actors and a clean sensor."""
    plain = Scene("small", CAMERA, fps, seconds, actors=actors, sensor=Sensor(grain=1.0))
    return replace(plain, **changes)  # type: ignore[arg-type]
