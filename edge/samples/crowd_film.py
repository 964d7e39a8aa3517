"""A gathering as a camera sees it: its people drawn where they are, picture after picture.

Law: the simulation is the truth; a picture adds nothing to it. The same gathering, camera and seed give the
same pixels.
"""

from collections.abc import Iterator

import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.gait import Stance
from edge.samples.gathering import FPS, Gathering, Shot
from edge.samples.scene import Actor, Ground, Hour, Label, Place, Scene, Stop
from edge.samples.stage import Stage
from edge.values.frame import Pixels

CRUISE_MPS = 1.3
STANDS_MPS = 0.15
"""Who is slower looks where they looked before: a body that is jostled does not turn about."""
SUPERSAMPLE = 1


class Walked:
    """How one person of a gathering went, picture by picture; `at(t)` is None while they are not there."""

    def __init__(self, number: int) -> None:
        self._sway, self._walked_m, self._heading = 0.7 * number, 0.0, 0.9 * number
        self._stances: dict[int, Stance] = {}

    def went(self, picture: int, at: np.ndarray, way: np.ndarray) -> None:
        """Where they are in the next picture, metres, and their velocity there, metres per second."""
        speed = float(np.hypot(*way))
        self._walked_m += speed / FPS
        if speed > STANDS_MPS:
            self._heading = float(np.arctan2(way[0], way[1]))
        sway = self._sway + 0.12 * picture
        self._stances[picture] = Stance(
            float(at[0]), float(at[1]), self._heading, speed, CRUISE_MPS, self._walked_m, sway
        )

    def at(self, t: float) -> Stance | None:
        """The stance at time t, seconds from the first picture."""
        return self._stances.get(round(t * FPS))


def film(
    gathering: Gathering, camera: Pinhole, seed: int, hour: Hour = Hour.OVERCAST, place: Place = Place.PLAZA
) -> Iterator[tuple[Shot, Pixels]]:
    """Every moment of a gathering and its picture, RGB uint8 H×W×3 of the camera's size."""
    shots = list(gathering.shots(seed))
    people = {int(who): Walked(int(who)) for shot in shots for who in shot.ids}
    for picture, shot in enumerate(shots):
        for who, at, way in zip(shot.ids.tolist(), shot.at, shot.way, strict=True):
            people[who].went(picture, at, way)
    somewhere = Actor(Label.PERSON, (Stop(0.0, 5.0),), CRUISE_MPS)
    scene = Scene(
        gathering.name, camera, FPS, gathering.seconds, Ground(place), hour, (somewhere,) * len(people)
    )
    stage = Stage(scene, np.random.default_rng([seed, 31]), SUPERSAMPLE)
    for player, walked in zip(stage.players, people.values(), strict=True):
        player.motion = walked
    for picture, shot in enumerate(shots):
        yield shot, stage.shoot(picture)[0]
