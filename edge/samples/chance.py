"""Scenes by chance: endless variety of street scenes for training and for property tests."""

from typing import TypeVar

import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.scene import (
    Actor,
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
from edge.values.frame import Size

DEFAULT_SIZE = Size(640, 360)
T = TypeVar("T")


def random_scene(
    rng: np.random.Generator, size: Size = DEFAULT_SIZE, people: int | None = None, frames: int = 3
) -> Scene:
    """A street scene by chance.

    Args:
        rng: where chance comes from; the same state gives the same scene.
        size: of the pictures, pixels.
        people: number of people on foot; None casts 0..40, mostly few.
        frames: pictures, two seconds apart.
    """
    hour = _pick(rng, list(Hour), [0.36, 0.3, 0.14, 0.1, 0.1])
    place = _pick(rng, list(Place), [0.34, 0.36, 0.16, 0.14])
    camera = _camera(rng, size)
    ground = _ground(rng, place, camera)
    count = int(min(40, rng.exponential(9))) if people is None else people
    if people is None and rng.random() < 0.08:
        count = 0
    spots = free_spots(rng, camera, ground, 4 * count + 8)
    actors = [_walker(rng, spots[i]) for i in range(min(count, len(spots)))]
    actors += [
        cyclist(rng, spots[-1 - i % len(spots)])
        for i in range(int(rng.choice([0, 1, 2, 3], p=[0.6, 0.22, 0.12, 0.06])))
    ]
    actors += _traffic(rng, ground, hour)
    return Scene(
        name="chance",
        camera=camera,
        fps=0.5,
        seconds=frames * 2.0,
        ground=ground,
        hour=hour,
        actors=tuple(actors),
        fixtures=_furniture(rng, camera, ground, hour),
        sensor=_sensor(rng),
    )


def _pick(rng: np.random.Generator, options: list[T], chances: list[float]) -> T:
    return options[int(rng.choice(len(options), p=chances))]


def _camera(rng: np.random.Generator, size: Size) -> Pinhole:
    height = float(rng.uniform(2.6, 11.0))
    focal = size.width * float(rng.uniform(0.62, 1.7))
    aim_m = float(rng.uniform(1.2, 4.2)) * height
    tilt = float(np.degrees(np.arctan2(height - 0.9, aim_m)) + rng.uniform(-4, 4))
    return Pinhole(
        size.width,
        size.height,
        focal,
        height,
        max(4.0, tilt),
        float(rng.uniform(-55, 55)),
        float(rng.normal(0, 1.2)),
    )


def _ground(rng: np.random.Generator, place: Place, camera: Pinhole) -> Ground:
    road, wide = float(rng.uniform(9, 26)), float(rng.uniform(5.5, 10.5))
    back = road + wide / 2 + float(rng.uniform(3, 22))
    walls = []
    if rng.random() < 0.85:
        cut = float(rng.uniform(-30, 30))
        walls += [
            Wall((-90.0, back), (cut, back + float(rng.uniform(-1, 1))), float(rng.uniform(4, 20))),
            Wall((cut + float(rng.choice([0.0, 4.0])), back), (90.0, back), float(rng.uniform(4, 20))),
        ]
    side = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(12, 35))
    if place is not Place.STREET and rng.random() < 0.5:
        walls.append(Wall((side, 4.0), (side, back), float(rng.uniform(3, 14))))
    if place is Place.STREET and rng.random() < 0.15 and camera.height_m > 4:
        walls = []
    return Ground(place, road, wide, tuple(walls))


def free_spots(
    rng: np.random.Generator, camera: Pinhole, ground: Ground, count: int
) -> list[tuple[float, float]]:
    """Ground points spread over the picture, not nearer to each other than bodies are, in pairs at times."""
    spots: list[tuple[float, float]] = []
    for _ in range(6 * count):
        unit = rng.uniform([0.02, 0.02], [0.98, 1.1])
        x, y = camera.ground_at([unit])[0]
        ahead = float(camera.rotation[2, :2] @ [x, y])
        pixels = 1.7 * camera.focal_px / max(ahead, 0.1)
        if (
            ahead < 2.2
            or not 13 <= pixels <= 230
            or any(wall.hides((float(x), float(y))) for wall in ground.walls)
        ):
            continue
        if all(np.hypot(x - a, y - b) > 0.5 for a, b in spots):
            spots.append((float(x), float(y)))
        if spots and rng.random() < 0.3:
            a, b = spots[-1]
            turn = rng.uniform(0, 2 * np.pi)
            spots.append((a + 0.62 * float(np.cos(turn)), b + 0.62 * float(np.sin(turn))))
        if len(spots) >= count:
            break
    return spots or [(0.0, 12.0)]


def _walker(rng: np.random.Generator, spot: tuple[float, float]) -> Actor:
    child = bool(rng.random() < 0.08)
    turn = float(rng.uniform(0, 360))
    if rng.random() < 0.3:
        return Actor(Label.PERSON, (Stop(*spot),), child=child, facing_deg=turn)
    speed = (
        float(rng.uniform(2.6, 4.0))
        if rng.random() < 0.1
        else float(np.clip(rng.normal(1.3, 0.25), 0.6, 2.0))
    )
    way = np.array([np.sin(np.radians(turn)), np.cos(np.radians(turn))]) * speed
    before, after = np.array(spot) - way * float(rng.uniform(2, 4)), np.array(spot) + way * 20
    return Actor(Label.PERSON, (Stop(*before.tolist()), Stop(*after.tolist())), speed, child=child)


def cyclist(rng: np.random.Generator, spot: tuple[float, float]) -> Actor:
    """A bicycle with its rider that is at a ground point a second after the start, in any direction."""
    turn, speed = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(2.5, 6))
    way = np.array([np.sin(turn), np.cos(turn)]) * speed
    before, after = np.array(spot) - way, np.array(spot) + way * 9
    return Actor(Label.BICYCLE, (Stop(*before.tolist()), Stop(*after.tolist())), speed)


def _traffic(rng: np.random.Generator, ground: Ground, hour: Hour) -> list[Actor]:
    """Vehicles on the road, parked along it, or standing about a yard."""
    if ground.place is Place.PARK or (ground.place is Place.PLAZA and rng.random() < 0.8):
        return []
    kinds, chances = [Label.CAR, Label.TRUCK, Label.BUS], [0.84, 0.1, 0.06]
    actors: list[Actor] = []
    for lane, heading in ((-0.25, 1.0), (0.25, -1.0)):
        x = float(rng.uniform(-34, -10))
        y = ground.road_y_m + lane * ground.road_width_m
        while x < 34 and rng.random() < 0.8:
            speed = float(rng.uniform(3, 13))
            ends = Stop(x - heading * speed, y), Stop(x + heading * speed * 9, y)
            actors.append(Actor(_pick(rng, kinds, chances), ends, speed))
            x += float(rng.uniform(8, 24))
    if rng.random() < 0.4:
        row = ground.road_y_m + (ground.road_width_m / 2 - 1.0) * float(rng.choice([-1.0, 1.0]))
        turn = 90.0 if ground.place is Place.STREET else 0.0
        pitch = 5.6 if turn else 2.7
        first = float(rng.uniform(-16, 4))
        actors += [
            Actor(
                Label.CAR,
                (Stop(first + i * pitch, row + float(rng.normal(0, 0.1))),),
                facing_deg=turn + 180 * int(rng.integers(2)),
            )
            for i in range(int(rng.integers(1, 6)))
        ]
    return [actor for actor in actors if hour is not Hour.INFRARED or rng.random() < 0.6]


def _furniture(rng: np.random.Generator, camera: Pinhole, ground: Ground, hour: Hour) -> tuple[Fixture, ...]:
    kinds = [k for k in FixtureKind if k is not FixtureKind.FLICKERING_LAMP]
    fixtures = [
        Fixture(_pick(rng, kinds, [0.22, 0.18, 0.22, 0.16, 0.12, 0.1]), x, y)
        for x, y in free_spots(rng, camera, ground, int(rng.integers(0, 7)))
        if np.hypot(x, y) > 5
    ]
    if hour in (Hour.DUSK, Hour.NIGHT):
        fixtures += [
            Fixture(FixtureKind.LAMP, x, y)
            for x, y in free_spots(rng, camera, ground, 4)[:4]
            if np.hypot(x, y) > 6
        ]
    return tuple(fixtures)


def _sensor(rng: np.random.Generator) -> Sensor:
    cast = np.clip(rng.normal(1.0, 0.06, 3), 0.8, 1.2)
    return Sensor(
        blur_px=float(rng.uniform(0.3, 0.95)),
        grain=float(rng.uniform(0.4, 2.8)),
        gains=(float(cast[0]), float(cast[1]), float(cast[2])),
        contrast=float(rng.uniform(0.85, 1.35)),
        vignette=float(rng.uniform(0, 0.25)),
        rain=float(rng.uniform(0.05, 0.3)) if rng.random() < 0.08 else 0.0,
        jpeg=int(rng.integers(35, 92)),
        caption="CAM 01" if rng.random() < 0.3 else "",
    )
