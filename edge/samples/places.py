"""Scenes of what happens at places, with exactly what is to be told of them.

Law: when something is due is worked out from the paths of the actors alone: a thing is left behind from the
moment its owner is further away than `OWNER_M`, and missing from the moment it is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import hypot

import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.motion import Motion
from edge.samples.scene import (
    Actor,
    Colour,
    Fixture,
    FixtureKind,
    Ground,
    Hour,
    Item,
    ItemKind,
    Label,
    Place,
    Point,
    Scene,
    Sensor,
    Stop,
)
from edge.samples.stage import Shot, Stage
from edge.values.event import Kind
from edge.values.frame import Pixels

CAMERA = Pinhole(416, 234, 360.0, 5.0, 22.0)
FPS = 5.0
OWNER_M = 3.0
FLOOR = ((0.01, 0.14), (0.99, 0.14), (0.99, 0.99), (0.01, 0.99))
"""The zone of every scene: the ground up to about forty metres."""
BLUE, RED, SAND, GREEN = (0.08, 0.10, 0.28), (0.45, 0.08, 0.07), (0.42, 0.36, 0.27), (0.14, 0.26, 0.10)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be told.

    Attributes:
        kind: as what.
        from_s: from when on it is true, seconds.
        until_s: until when; the end of the scene where it stays true.
        at: where, ground metres.
        rule: which of the standard rules is to tell it; that of the kind's name unless given.
        label: of whom, where that matters.
    """

    kind: Kind
    from_s: float
    until_s: float
    at: Point
    rule: str = ""
    label: str | None = None

    @property
    def told_by(self) -> str:
        """Id of the standard rule that is to tell it."""
        return self.rule or self.kind.value


@dataclass(frozen=True, slots=True)
class PlaceScene:
    """A scene, and what is to be told of it.

    Attributes:
        scene: what is to be seen.
        due: all that is to be told, and nothing else is.
        clouds: how much clouds darken the picture as they pass, 0..1.
        begins_ns: UTC of the first picture, ns since the epoch.
    """

    scene: Scene
    due: tuple[Due, ...] = ()
    clouds: float = 0.0
    begins_ns: int = 1_800_000_000_000_000_000

    def shots(self, seed: int, supersample: int = 1) -> Iterator[Shot]:
        """Every picture with its truth, in order."""
        stage = Stage(self.scene, seed, supersample)
        for index in range(self.scene.frame_count):
            pixels, frame = stage.shoot(index)
            yield (self._clouded(pixels, frame.pts_s) if self.clouds else pixels), frame

    def _clouded(self, pixels: Pixels, t: float) -> Pixels:
        """The picture under clouds that drift over it from the left, each some twenty seconds long."""
        across = np.linspace(0.0, 1.5, pixels.shape[1])
        shade = 1 - self.clouds * (0.5 + 0.5 * np.sin(2 * np.pi * (t / 20.0 - across / 4)))
        return np.asarray(np.clip(pixels * shade[None, :, None], 0, 255), np.uint8)


def walker(*stops: tuple[float, ...], starts_s: float = 0.0, speed_mps: float = 1.3) -> Actor:
    """Somebody on foot; stops are x, y and how long to stay, metres and seconds."""
    return Actor(Label.PERSON, tuple(Stop(*stop) for stop in stops), speed_mps, starts_s)


def left_s(owner: Actor, item: Item, from_s: float) -> float:
    """When the owner is first further than `OWNER_M` from an item, after that time, seconds."""
    motion = Motion(owner)
    for step in range(1, 6000):
        stance = motion.at(t := from_s + step * 0.05)
        if stance is None or hypot(stance.x_m - item.x_m, stance.y_m - item.y_m) > OWNER_M:
            return t
    raise ValueError("the owner never leaves")


def scene_of(
    name: str,
    seconds: float,
    *actors: Actor,
    items: tuple[Item, ...] = (),
    hour: Hour = Hour.DAY,
    place: Place = Place.PLAZA,
    sensor: Sensor | None = None,
) -> Scene:
    """A scene before the camera of all of them."""
    lamp = Fixture(FixtureKind.LAMP, 4.0, 18.0)
    return Scene(
        name, CAMERA, FPS, seconds, Ground(place), hour, tuple(actors), (lamp,), items, sensor or Sensor(),
        {"floor": FLOOR},
    )  # fmt: skip


def left_behind(
    name: str,
    kind: ItemKind,
    colour: Colour,
    hour: Hour,
    *others: Actor,
    at: Point = (0.4, 12.6),
    clouds: float = 0.0,
    place: Place = Place.PLAZA,
    sensor: Sensor | None = None,
) -> PlaceScene:
    """Somebody comes from the left, stands for five seconds, leaves something behind and goes off."""
    x, y = at
    owner = walker((-9, y + 1), (x - 0.5, y + 0.2, 5.0), (10, y + 4), starts_s=14)
    put_s = 14 + hypot(x - 0.5 + 9, 0.8) / 1.3 + 2.0
    item = Item(kind, x, y, put_s, colour=colour)
    scene = scene_of(name, 55, owner, *others, items=(item,), hour=hour, place=place, sensor=sensor)
    due = Due(Kind.ABANDONED, left_s(owner, item, put_s), scene.seconds, at)
    return PlaceScene(scene, (due,), clouds)


def fetched_again() -> PlaceScene:
    """Somebody leaves a bag, comes back and takes it along."""
    owner = walker((-9, 13), (0, 12.8, 4.0), (7, 15, 16.0), (0.2, 12.9, 2.0), (-9, 14), starts_s=14)
    put_s = 14 + hypot(9, 0.2) / 1.3 + 2.0
    away_s = hypot(7, 2.2) / 1.3
    back_s = put_s + 2.0 + 2 * away_s + 16.0 + 1.0
    item = Item(ItemKind.BAG, 0.4, 12.6, put_s, back_s, BLUE)
    scene = scene_of("fetched-again", 65, owner, items=(item,))
    return PlaceScene(scene, (Due(Kind.ABANDONED, left_s(owner, item, put_s), back_s, (0.4, 12.6)),))


def taken_away(name: str, kind: ItemKind, colour: Colour, hour: Hour) -> PlaceScene:
    """Something has always stood there, until somebody takes it away."""
    thief = walker((12, 15), (1.6, 13.3, 3.0), (-9, 15), starts_s=74)
    gone_s = 74 + hypot(10.4, 1.7) / 1.3 + 1.5
    item = Item(kind, 1.0, 13.0, -1.0, gone_s, colour)
    scene = scene_of(name, 105, thief, walker((-9, 11), (9, 11), starts_s=20), items=(item,), hour=hour)
    return PlaceScene(scene, (Due(Kind.REMOVED, gone_s, scene.seconds, (1.0, 13.0)),))


def stands_by() -> PlaceScene:
    """Somebody puts a bag down and waits beside it."""
    owner = walker((-9, 13), (0, 13, 60.0), starts_s=14)
    item = Item(ItemKind.BAG, 0.9, 12.9, 23.0, colour=BLUE)
    return PlaceScene(scene_of("stands-by", 70, owner, items=(item,)))


def company() -> PlaceScene:
    """Two come with a suitcase; one goes for coffee, the other stays with it."""
    owner = walker((-9, 13), (0, 13, 6.0), (10, 16), starts_s=14)
    friend = walker((-10, 13.6), (-0.6, 13.9, 60.0), starts_s=14)
    item = Item(ItemKind.SUITCASE, 0.5, 12.8, 23.0, colour=RED)
    return PlaceScene(scene_of("company", 65, owner, friend, items=(item,)))


def parked(hour: Hour) -> PlaceScene:
    """A car parks, its driver goes off; another car that was parked leaves."""
    comes = Actor(Label.CAR, (Stop(-24, 15.5), Stop(1.5, 15.5, 60.0)), 7.0, 14.0)
    leaves = Actor(Label.CAR, (Stop(-6, 19.5, 45.0), Stop(30, 19.5)), 7.0, -1.0)
    driver = walker((1.5, 13.9, 1.0), (9, 11), starts_s=22)
    scene = scene_of(f"parked-{hour}", 65, comes, leaves, driver, hour=hour, place=Place.STREET)
    return PlaceScene(scene)


def bystanders(hour: Hour, clouds: float = 0.0) -> PlaceScene:
    """Some stand about for long, some walk by; nobody leaves anything."""
    waiting = [walker((x, y, 70.0)) for x, y in ((-3, 12), (2.7, 14.2))]
    comes = walker((9, 16), (4, 12, 18.0), (-9, 11), starts_s=12)
    passing = [walker((-9, y), (9, y + 1), starts_s=s) for y, s in ((11, 5), (12.5, 30))]
    scene = scene_of(f"bystanders-{hour}", 50, *waiting, comes, *passing, hour=hour)
    return PlaceScene(scene, clouds=clouds)


def traffic() -> PlaceScene:
    """Cars with their lamps on drive by at night, and people walk."""
    cars = [
        Actor(Label.CAR, (Stop(-30 * way, 15 + way), Stop(30 * way, 15 + way)), 9.0, s)
        for way, s in ((1, 12), (-1, 19), (1, 31), (-1, 44))
    ]
    walkers = [walker((-9, 11), (9, 11.5), starts_s=s) for s in (8, 33)]
    return PlaceScene(scene_of("traffic", 60, *cars, *walkers, hour=Hour.NIGHT, place=Place.STREET))


def all_places() -> tuple[PlaceScene, ...]:
    """Every scene."""
    crowd = [
        walker((-10, y), (10, y + 0.5), starts_s=s) for y, s in ((12, 24), (11.6, 29), (12.2, 33), (15, 27))
    ]
    rain = replace(Sensor(), rain=0.06, grain=4.0)
    return (
        left_behind("bag", ItemKind.BAG, BLUE, Hour.DAY),
        left_behind("bag-among-passers", ItemKind.BAG, RED, Hour.OVERCAST, *crowd),
        left_behind("suitcase-night", ItemKind.SUITCASE, BLUE, Hour.NIGHT),
        left_behind("suitcase-infrared", ItemKind.SUITCASE, SAND, Hour.INFRARED),
        left_behind("parcel-far", ItemKind.PARCEL, SAND, Hour.OVERCAST, at=(1.0, 20.0)),
        left_behind("bag-under-clouds", ItemKind.BAG, BLUE, Hour.OVERCAST, clouds=0.35),
        left_behind("bag-in-rain", ItemKind.BAG, RED, Hour.OVERCAST, sensor=rain, place=Place.STREET),
        fetched_again(),
        taken_away("plant-taken", ItemKind.PLANT, GREEN, Hour.DAY),
        taken_away("parcel-taken-dusk", ItemKind.PARCEL, RED, Hour.DUSK),
        stands_by(),
        company(),
        parked(Hour.DAY),
        parked(Hour.DUSK),
        bystanders(Hour.DAY),
        bystanders(Hour.OVERCAST, clouds=0.4),
        traffic(),
    )
