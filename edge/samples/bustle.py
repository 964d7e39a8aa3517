"""Scenes by chance full of what a small detector finds hard: bicycles, buses and lorries that pass each
other, runners, and people half hidden behind each other, behind posts and behind vehicles.

They are for training beside those of `chance`, in which all this is as rare as it is in a street.
"""

from dataclasses import replace
from itertools import count

import numpy as np

from edge.samples.chance import cyclist, free_spots, random_scene
from edge.samples.scene import Actor, FixtureKind, Ground, Label, Place, Scene, Stop

Point = tuple[float, float]

LENGTHS_M = {Label.CAR: 4.6, Label.TRUCK: 7.5, Label.BUS: 10.5}
"""Room that a vehicle takes in its lane."""
CHANCES = (0.34, 0.34, 0.32)
"""Of cars, lorries and buses."""
LANE_ENDS_M = 36.0
ON_A_STREET = 0.7
"""Share of the scenes that are streets; squares, yards and parks as `chance` casts them are the rest."""
NARROW = frozenset(
    {FixtureKind.POLE, FixtureKind.TREE, FixtureKind.BOLLARD, FixtureKind.BIN, FixtureKind.GATE_POST}
)
EARLY_S = 6.0
"""How long before the first picture everybody is on the way: poses at a start are those of standing."""


def bustling_scene(rng: np.random.Generator, frames: int = 2) -> Scene:
    """A scene by chance in which all of that happens.

    Args:
        rng: where chance comes from; the same state gives the same scene.
        frames: pictures, two seconds apart.
    """
    street = rng.random() < ON_A_STREET
    scenes = (random_scene(rng, people=int(rng.integers(0, 6)), frames=frames) for _ in count())
    scene = next(s for s in scenes if not street or s.ground.place is Place.STREET)
    spots = free_spots(rng, scene.camera, scene.ground, 24)
    meet_s = float(rng.choice([0.0, 2.0]))
    people = [actor for actor in scene.actors if actor.label in (Label.PERSON, Label.BICYCLE)]
    people += [cyclist(rng, spot) for spot in spots[: int(rng.integers(1, 4))]]
    people += [
        _through(rng, spot, meet_s, float(rng.uniform(2.6, 6)))
        for spot in spots[4 : 4 + int(rng.integers(0, 4))]
    ]
    for spot in spots[8 : 8 + int(rng.integers(1, 5))]:
        people += _passing(rng, spot, meet_s)
    posts = [(f.x_m, f.y_m) for f in scene.fixtures if f.kind in NARROW]
    people += [_across(rng, _behind(rng, post, 0.2), meet_s) for post in posts]
    if scene.ground.place is not Place.STREET:
        return replace(scene, actors=(*people, *(a for a in scene.actors if a not in people)))
    people += _beside_the_road(rng, scene.ground, meet_s)
    parked = [actor for actor in scene.actors if actor not in people and len(actor.path) == 1]
    return replace(scene, actors=(*people, *parked, *_lanes(rng, scene.ground)))


def _lanes(rng: np.random.Generator, ground: Ground) -> list[Actor]:
    """Vehicles bumper to bumper at times, one speed for each lane, both lanes mostly taken."""
    actors = []
    for side, heading in ((-0.25, 1.0), (0.25, -1.0)):
        speed, y = float(rng.uniform(3, 13)), ground.road_y_m + side * ground.road_width_m
        x = float(rng.uniform(-LANE_ENDS_M, -LANE_ENDS_M / 2))
        while x < LANE_ENDS_M:
            label = list(LENGTHS_M)[int(rng.choice(len(LENGTHS_M), p=CHANCES))]
            x += LENGTHS_M[label] / 2
            ends = Stop(x - heading * speed, y), Stop(x + heading * speed * 9, y)
            actors.append(Actor(label, ends, speed))
            x += LENGTHS_M[label] / 2 + float(rng.uniform(1.0, 14.0))
    return actors


def _beside_the_road(rng: np.random.Generator, ground: Ground, meet_s: float) -> list[Actor]:
    """Walkers along both kerbs, and cyclists along both edges of the road."""
    actors = []
    for side in (-1.0, 1.0):
        edge = ground.road_y_m + side * ground.road_width_m / 2
        for _ in range(int(rng.integers(0, 5))):
            spot = (float(rng.uniform(-14, 14)), edge + side * float(rng.uniform(0.3, 2.5)))
            way = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.8, 1.8))
            actors.append(_moving(Label.PERSON, spot, (way, 0.0), meet_s))
        for _ in range(int(rng.integers(0, 2))):
            spot = (float(rng.uniform(-12, 12)), edge - side * float(rng.uniform(0.3, 1.2)))
            actors.append(_moving(Label.BICYCLE, spot, (-side * float(rng.uniform(2.5, 6)), 0.0), meet_s))
    return actors


def _passing(rng: np.random.Generator, spot: Point, meet_s: float) -> list[Actor]:
    """Two or three who are nearly in one line of sight at that time; at times one of them rides."""
    actors = [_across(rng, spot, meet_s)]
    for _ in range(int(rng.integers(1, 3))):
        behind = _behind(rng, spot, 0.4)
        rides = rng.random() < 0.25
        actors.append(_across(rng, behind, meet_s, Label.BICYCLE if rides else Label.PERSON))
    return actors


def _behind(rng: np.random.Generator, spot: Point, aside_m: float) -> Point:
    """A ground point half a metre to two and a half behind another, as the camera at (0, 0) sees it."""
    far = max(0.1, float(np.hypot(*spot)))
    ahead, aside = np.array(spot) / far, np.array([spot[1], -spot[0]]) / far
    x, y = np.array(spot) + ahead * rng.uniform(0.5, 2.5) + aside * rng.normal(0, aside_m)
    return float(x), float(y)


def _across(rng: np.random.Generator, spot: Point, meet_s: float, label: Label = Label.PERSON) -> Actor:
    """Somebody who is at a spot at a time and moves across the line of sight there, or stands."""
    if label is Label.PERSON and rng.random() < 0.25:
        return Actor(label, (Stop(*spot),), facing_deg=float(rng.uniform(0, 360)))
    speed = float(rng.uniform(2.5, 5)) if label is Label.BICYCLE else float(rng.uniform(0.7, 1.9))
    turn = float(np.arctan2(spot[0], spot[1]) + rng.choice([-1.0, 1.0]) * np.pi / 2 + rng.normal(0, 0.4))
    return _moving(label, spot, (speed * float(np.sin(turn)), speed * float(np.cos(turn))), meet_s)


def _through(rng: np.random.Generator, spot: Point, meet_s: float, speed: float) -> Actor:
    """Somebody on foot who is at a spot at a time, on the way in any direction."""
    turn = float(rng.uniform(0, 2 * np.pi))
    return _moving(Label.PERSON, spot, (speed * float(np.sin(turn)), speed * float(np.cos(turn))), meet_s)


def _moving(label: Label, spot: Point, way: Point, at_s: float) -> Actor:
    """An actor that is at a spot at a time, with that velocity, metres a second."""
    before, after = EARLY_S + at_s, 20.0
    ends = (
        Stop(spot[0] - way[0] * before, spot[1] - way[1] * before),
        Stop(spot[0] + way[0] * after, spot[1] + way[1] * after),
    )
    return Actor(label, ends, float(np.hypot(*way)), starts_s=-EARLY_S)
