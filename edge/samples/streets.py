"""Scenes of roads, a platform and a yard, with exactly what is to be told of them.

Law: as in `edge.samples.places`: when something is due is worked out from the paths of the actors and from
the places, both in metres, and from the clock. The numbers that the rules share with it stand here.
"""

from collections.abc import Mapping

import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.motion import Motion
from edge.samples.places import CAMERA, FPS, Due, PlaceScene, walker
from edge.samples.scene import Actor, Ground, Hour, Label, Place, Point, Scene, Stop
from edge.values.event import Kind

HIGH = Pinhole(416, 234, 260.0, 8.0, 24.0)
"""Over a road: from eight metres up, about 37 m of it."""
LIMIT_MPS = 50 / 3.6
STOOD_S = 8.0
GATHERED, GATHERED_S = 3, 5.0
NEAR, FAR = 18.2, 22.0
"""The lanes, metres ahead: from left to right on the near one, from right to left on the far one."""
ROAD, BAY = (-14.0, 14.5, 14.0, 25.0), (-9.0, 14.5, 9.0, 24.5)
RED = (-4.5, 11.0, 4.5, 18.0)
"""A red zone, in which a patrol is to be seen."""
EDGE, TRACKS, YARD = (-8.0, 14.4, 8.0, 16.0), (-8.0, 16.0, 8.0, 22.0), (-6.0, 9.5, 6.0, 17.0)
LANE, COUNT = ((0.0, 15.8), (0.0, 20.2)), ((3.0, 14.8), (3.0, 25.0))
NOON = 1_780_297_200 * 10**9  # 2026-06-01T12:00:00+05:00, a Monday
BEFORE_TEN = NOON + (9 * 3600 + 3585) * 10**9  # 21:59:45
Area = tuple[float, float, float, float]
"""x and y of the nearest left and the farthest right corner, metres."""


def driver(
    label: Label, mps: float, starts_s: float, y: float = NEAR, *stops: Stop, back: bool = False
) -> Actor:
    """Something on wheels along the road, from left to right or back, with stops on the way."""
    ends = Stop(-26, y), Stop(26, y)
    first, last = ends[::-1] if back else ends
    return Actor(label, (first, *stops, last), mps, starts_s)


def street(
    name: str,
    seconds: float,
    *actors: Actor,
    due: tuple[Due, ...] = (),
    areas: dict[str, Area] | None = None,
    lines: dict[str, tuple[Point, Point]] | None = None,
    hour: Hour = Hour.DAY,
    camera: Pinhole = HIGH,
    begins_ns: int = NOON,
    fps: float = FPS,
) -> PlaceScene:
    """A scene whose places are given in metres."""
    on_road = camera is HIGH
    ground = Ground(Place.STREET, 20.0, 8.5) if on_road else Ground(Place.PLAZA)
    corners = {name: ((x, y), (x2, y), (x2, y2), (x, y2)) for name, (x, y, x2, y2) in (areas or {}).items()}
    scene = Scene(
        name, camera, fps, seconds, ground, hour, actors, zones=_drawn(camera, corners),
        lines=_drawn(camera, lines or {}),
    )  # fmt: skip
    return PlaceScene(scene, due, begins_ns=begins_ns)


def _drawn(camera: Pinhole, places: Mapping[str, tuple[Point, ...]]) -> dict[str, tuple[Point, ...]]:
    """Places in the unit square, of those in metres, cut to the picture."""
    drawn = {}
    for name, points in places.items():
        ahead = np.column_stack([np.array(points), np.ones(len(points))]) @ camera.homography.T
        unit = np.clip(ahead[:, :2] / ahead[:, 2:], 0.002, 0.998)
        drawn[name] = tuple((float(x), float(y)) for x, y in unit)
    return drawn


def within(actor: Actor, area: Area, from_s: float = 0.0) -> tuple[float, float]:
    """From when to when an actor is in an area, the first time after `from_s`, seconds."""
    motion, x, y, x2, y2 = Motion(actor), *area
    began: float | None = None
    now_s = from_s
    for now_s in np.arange(from_s, 120.0, 0.05).tolist():
        at = motion.at(now_s)
        inside = at is not None and x <= at.x_m <= x2 and y <= at.y_m <= y2
        if began is None and inside:
            began = now_s
        if began is not None and not inside:
            return began, now_s - 0.05
    if began is None:
        raise ValueError("the actor never comes there")
    return began, now_s


def passing(actor: Actor, line: tuple[Point, Point], rule: str) -> Due:
    """That an actor passes a line."""
    x, side = line[0][0], 100.0
    begin_s, end_s = within(actor, (x, 0.0, side, 100.0)), within(actor, (-side, 0.0, x, 100.0))
    at_s = max(begin_s[0], end_s[0])
    return Due(Kind.LINE_CROSSING, at_s, at_s + 1.5, (x, actor.path[0].y_m), rule, actor.label.value)


def too_fast(actor: Actor) -> Due:
    """That an actor is faster than the limit while it is on the road."""
    begin_s, end_s = within(actor, ROAD)
    return Due(Kind.SPEED, begin_s, end_s, (0.0, actor.path[0].y_m), label=actor.label.value)


def standing(actor: Actor, stop: Stop) -> Due:
    """That an actor has stood for too long at one of its stops."""
    begin_s, end_s = within(actor, (stop.x_m - 0.1, 0.0, stop.x_m + 0.1, 100.0))
    return Due(Kind.STOPPED, begin_s + STOOD_S, end_s, (stop.x_m, stop.y_m), label=actor.label.value)


def speeds(name: str, hour: Hour, *vehicles: Actor) -> PlaceScene:
    """Vehicles both ways, some of them too fast, and people on the pavement."""
    due = tuple(too_fast(each) for each in vehicles if each.speed_mps > LIMIT_MPS)
    people = (walker((-9, 12.5), (9, 12.8), starts_s=2), walker((10, 12.2), (-9, 12.0), starts_s=12))
    return street(name, 30, *vehicles, *people, due=due, areas={"road": ROAD}, hour=hour, fps=10.0)


def wrong_way(hour: Hour) -> PlaceScene:
    """Cars on both lanes, one of which drives back on the near one."""
    ahead = [driver(Label.CAR, mps, s) for mps, s in ((9, 1), (11, 8), (8, 24))]
    others = [driver(Label.CAR, 10, s, FAR, back=True) for s in (4, 18)]
    ghost = driver(Label.CAR, 8, 14, NEAR, back=True)
    due = (passing(ghost, LANE, "wrong-way"),)
    return street(f"wrong-way-{hour}", 34, *ahead, *others, ghost, due=due, lines={"lane": LANE}, hour=hour)


def counts(hour: Hour) -> PlaceScene:
    """Vehicles of all classes, to be counted by class."""
    near = [
        (Label.CAR, 9, 1),
        (Label.BUS, 7, 6),
        (Label.BICYCLE, 4, 12),
        (Label.CAR, 10, 22),
        (Label.TRUCK, 8, 27),
    ]
    far = [(Label.TRUCK, 8, 3), (Label.CAR, 11, 10), (Label.CAR, 9, 16), (Label.BUS, 7, 20)]
    vehicles = [driver(label, mps, s) for label, mps, s in near]
    vehicles += [driver(label, mps, s, FAR, back=True) for label, mps, s in far]
    due = tuple(sorted((passing(each, COUNT, "count") for each in vehicles), key=lambda each: each.from_s))
    return street(f"counts-{hour}", 36, *vehicles, due=due, lines={"count": COUNT}, hour=hour)


def parked_in_bay(hour: Hour) -> PlaceScene:
    """A car parks where none may, people walk by before it, and it leaves again."""
    stop = Stop(0.0, 16.0, 22.0)
    car = driver(Label.CAR, 8, 2, 16.0, stop)
    people = (walker((-9, 13), (9, 13.2), starts_s=s) for s in (8, 11, 19))
    through = driver(Label.CAR, 10, 16, FAR, back=True)
    due = (standing(car, stop),)
    return street(f"stopped-{hour}", 40, car, *people, through, due=due, areas={"bay": BAY}, hour=hour)


def breakdown() -> PlaceScene:
    """A car breaks down; a bus and a truck hide it as they pass."""
    stop = Stop(1.0, FAR, 60.0)
    car = driver(Label.CAR, 8, 1, FAR, stop, back=True)
    passers = driver(Label.BUS, 4, 14, NEAR), driver(Label.TRUCK, 5, 26, NEAR)
    return street("breakdown", 40, car, *passers, due=(standing(car, stop),), areas={"bay": BAY})


def waits_at_light() -> PlaceScene:
    """Three cars wait in a queue, one drops somebody off, one crawls: nothing is to be told."""
    queue = [driver(Label.CAR, 8, 1.0 + k, NEAR, Stop(5.5 - 6.5 * k, NEAR, 13.0 + 1.5 * k)) for k in range(3)]
    short = driver(Label.CAR, 8, 23, FAR, Stop(-2.0, FAR, 5.0), back=True)
    crawls = Actor(Label.CAR, (Stop(-7, 16.0), Stop(6, 16.0)), 0.5, 22.0)
    return street("queue-at-light", 44, *queue, short, crawls, areas={"bay": BAY})


def platform() -> PlaceScene:
    """People on a platform; one steps over the line and back, one onto the tracks."""
    along = [walker((-8, 12), (8, 12.4), starts_s=s) for s in (1, 14)]
    waits = walker((3.0, 13.2, 40.0))
    careless = walker((-7, 12.8), (-2, 15.2, 2.0), (-4, 12.0), (8, 11.5), starts_s=4)
    strays = walker((7, 12.0), (2.5, 15.0), (1, 18.5, 3.0), (-6, 19), starts_s=18)
    at_edge = [
        Due(Kind.ZONE_ENTRY, *within(who, EDGE), (0.0, 15.0), "platform-edge") for who in (careless, strays)
    ]
    on_tracks = Due(Kind.ZONE_ENTRY, *within(strays, TRACKS), (0.0, 18.0), "track-intrusion")
    return street(
        "platform", 36, *along, waits, careless, strays, due=(*at_edge, on_tracks),
        areas={"edge": EDGE, "tracks": TRACKS}, camera=CAMERA,
    )  # fmt: skip


def gathering(name: str, people: int, begins_ns: int, due_s: float | None = None) -> PlaceScene:
    """So many people stand in a yard from the first seconds on, and somebody walks by outside."""
    meet = [
        walker((-7, 8.8 + k), (-1.5 + 1.6 * k, 11.5 + 0.7 * k, 60.0), starts_s=0.5 * k) for k in range(people)
    ]
    outside = walker((-9, 19.5), (9, 19.5), starts_s=6)
    due = () if due_s is None else (Due(Kind.OCCUPANCY, due_s, 40.0, (0.0, 12.0), "after-hours"),)
    return street(name, 34, *meet, outside, due=due, areas={"yard": YARD}, camera=CAMERA, begins_ns=begins_ns)


def patrol() -> PlaceScene:
    """A patrol comes into a red zone, stays, and comes again; others cross it, one stands in it for long."""
    rounds = [
        Actor(Label.PATROL, tuple(Stop(*stop) for stop in stops), 1.3, starts_s)
        for stops, starts_s in (
            (((-9, 13), (0, 14.5, 6.0), (9, 15.5)), 2.0),
            (((9, 12.5), (1, 13.5, 4.0), (-9, 12)), 32.0),
        )
    ]
    others = [walker((-9, y), (9, y + 0.5), starts_s=s) for y, s in ((12, 1), (16.5, 24))]
    waits = walker((3.5, 16.0, 56.0))
    due = tuple(
        Due(Kind.OCCUPANCY, *within(each, RED), (0.0, 14.5), "patrol", Label.PATROL.value) for each in rounds
    )
    return street("patrol", 56, *rounds, *others, waits, due=due, areas={"red": RED}, camera=CAMERA)


def all_streets() -> tuple[PlaceScene, ...]:
    """Every scene."""
    car, bus, truck, bicycle = Label.CAR, Label.BUS, Label.TRUCK, Label.BICYCLE
    by_day = [driver(car, mps, s) for mps, s in ((9, 1), (12.5, 9), (17, 15))]
    by_day += [driver(car, mps, s, FAR, back=True) for mps, s in ((16, 5), (11, 13), (19, 22))]
    at_dusk = driver(truck, 17, 2), driver(bicycle, 5, 6), driver(car, 18, 16), driver(car, 12, 22)
    back = driver(bus, 10, 4, FAR, back=True), driver(car, 20, 12, FAR, back=True)
    return (
        speeds("speeds-day", Hour.DAY, *by_day),
        speeds("speeds-dusk", Hour.DUSK, *at_dusk, *back),
        wrong_way(Hour.DAY),
        wrong_way(Hour.NIGHT),
        counts(Hour.OVERCAST),
        counts(Hour.DUSK),
        parked_in_bay(Hour.DAY),
        parked_in_bay(Hour.NIGHT),
        breakdown(),
        waits_at_light(),
        platform(),
        gathering("after-hours", 4, BEFORE_TEN, due_s=15.0 + GATHERED_S),
        gathering("before-hours", 4, NOON),
        gathering("two-after-hours", 2, BEFORE_TEN),
        patrol(),
    )
