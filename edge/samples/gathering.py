"""A simulated gathering: who walks where before a fixed camera, picture after picture, and what happens in
it.

Law: the simulation is the truth. What a camera sees of it, boxes, is made in `Gathering.shots`; what should
be told of it stands in `happens`, written by whoever wrote the script, not computed by what is to be
judged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edge.samples.camera import Pinhole
from edge.samples.social_force import F64, I64, Leg, Walk
from edge.values.event import Kind

FPS = 5.0
Metres = tuple[float, float]
CAMERA = Pinhole(1280, 720, focal_px=900.0, height_m=9.0, tilt_deg=35.0)
BODY = 0.16
"""Half the width of a box, share of its height."""

Script = Callable[[Walk, float], None]
"""Called before each picture with the walk and the seconds since the begin."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something is going on, seconds; it is told late if it starts more than `grace_s`
    after."""

    begin_s: float
    end_s: float
    grace_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Gathering:
    """One scene.

    Attributes:
        name: for the table.
        seconds: length.
        zone: corners of the floor that is watched, metres.
        gate: the line that is watched, metres.
        legs, walls: where people walk, and what stops them.
        script: who comes when, and what happens.
        happens: what should be told, by kind; a kind that is neither here nor in `may` is a false alarm.
        may: kinds that are no mistake here, told or not.
        settle_s: how long it has run before the first picture.
        exit: whether the gate is a way out that everybody wants to take.
        heading: where people should walk, metres, for rules about a wrong way.
    """

    name: str
    seconds: float
    zone: tuple[Metres, ...]
    gate: tuple[Metres, Metres]
    legs: tuple[Leg, ...]
    walls: tuple[tuple[Metres, Metres], ...]
    script: Script
    happens: Mapping[Kind, tuple[Span, ...]] = field(default_factory=dict)
    may: frozenset[Kind] = frozenset()
    settle_s: float = 0.0
    heading: Metres | None = None
    exit: bool = False

    def shots(self, seed: int) -> Iterator["Shot"]:
        """Picture after picture, `FPS` a second; the same seed gives the same people."""
        walk = Walk(self.legs, np.array(self.walls).reshape(-1, 2, 2), np.random.default_rng([seed, 11]))
        early = round(self.settle_s * FPS)
        for k in range(-early, round(self.seconds * FPS)):
            self.script(walk, k / FPS)
            walk.run(1 / FPS)
            if k >= 0:
                people = walk.people
                yield Shot(
                    (k + 1) / FPS, people.ids.copy(), people.at.copy(), people.way.copy(), people.tall.copy()
                )


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One moment of a gathering, exact; n people.

    Attributes:
        time_s: since the begin.
        ids: int64 n.
        at, way: float64 n×2, metres, metres per second.
        tall: float64 n, metres.
    """

    time_s: float
    ids: I64
    at: F64
    way: F64
    tall: F64

    def boxes(self, camera: Pinhole = CAMERA) -> npt.NDArray[np.float32]:
        """What a perfect detector answers, float32 n×4, pixels, cut to the picture."""
        feet, _ = camera.project(np.column_stack([self.at, np.zeros(len(self.at))]))
        heads, _ = camera.project(np.column_stack([self.at, self.tall]))
        half = (feet[:, 1] - heads[:, 1]) * BODY
        boxes = np.column_stack([feet[:, 0] - half, heads[:, 1], feet[:, 0] + half, feet[:, 1]])
        return np.clip(boxes, 0, [camera.width, camera.height] * 2).astype(np.float32)

    def feet(self, camera: Pinhole = CAMERA) -> F64:
        """Where they stand in the picture, n×2, in its heights."""
        feet, _ = camera.project(np.column_stack([self.at, np.zeros(len(self.at))]))
        return np.asarray(feet / camera.height)

    def heights(self, camera: Pinhole = CAMERA) -> F64:
        """How tall they are in the picture, n, in its heights."""
        heads, _ = camera.project(np.column_stack([self.at, self.tall]))
        return np.asarray(self.feet(camera)[:, 1] - heads[:, 1] / camera.height)

    def seen(self, camera: Pinhole = CAMERA) -> npt.NDArray[np.bool_]:
        """Whose feet are in the picture, bool n."""
        feet, depth = camera.project(np.column_stack([self.at, np.zeros(len(self.at))]))
        inside = (feet > 0) & (feet < [camera.width, camera.height])
        return np.asarray(inside.all(axis=1) & (depth > 0))


def unit(points: tuple[Metres, ...], camera: Pinhole = CAMERA) -> tuple[Metres, ...]:
    """Where in the unit square these ground points are seen."""
    pixels, _ = camera.project(np.column_stack([np.array(points), np.zeros(len(points))]))
    return tuple((float(x), float(y)) for x, y in pixels / [camera.width, camera.height])


def within(points: F64, low: Metres, high: Metres) -> npt.NDArray[np.bool_]:
    """Which of these points n×2 lie in a box."""
    return np.asarray(((points >= low) & (points <= high)).all(axis=1))
