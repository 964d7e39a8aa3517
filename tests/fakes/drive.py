"""A camera over a measured street, and bodies of known size that move before it, seen as well as asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, sin

import numpy as np

from edge.ground.lens import F64, Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.samples.camera import Pinhole
from edge.values.detections import Detections
from edge.values.frame import Size
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks

CAMERA = Pinhole(640, 360, 560.0, 6.0, 20.0)
SIZE = Size(CAMERA.width, CAMERA.height)
DOUBT = Pose(0.1, 0.004, 0.6, 0.2)
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LABELS = ("person", "car")


def ground_of_camera(chance: np.random.Generator | None = None, scale: float = 1.0) -> Ground:
    """The street as an installer knows it, off by as much as he says; a metre is `scale` long."""
    focal = CAMERA.focal_px / CAMERA.height
    view = float(np.degrees(2 * np.arctan(CAMERA.width / 2 / CAMERA.focal_px)))
    pose = Pose(CAMERA.height_m, 0.5 - focal * float(np.tan(np.radians(CAMERA.tilt_deg))), view)
    if chance is not None:
        pose = Pose(*(pose.vector + chance.normal(0, 1, 4) * DOUBT.vector))
    ground = ground_of(pose, DOUBT, Lens(CAMERA.width / CAMERA.height))
    larger = np.diag([scale, scale, 1.0])
    return Ground(ground.lens, larger @ ground.plane, larger @ ground.doubts)


@dataclass(frozen=True)
class Body:
    """A box of metres: length, width, height."""

    length: float
    width: float
    height: float
    label: str = "car"

    def box(self, x: float, y: float, heading: float) -> F64:
        """Where it is seen, pixels."""
        ahead, aside = np.array([sin(heading), cos(heading)]), np.array([cos(heading), -sin(heading)])
        corners = [
            (*(np.array([x, y]) + ahead * i * self.length / 2 + aside * j * self.width / 2), z)
            for i in (-1, 1)
            for j in (-1, 1)
            for z in (0.1, self.height)
        ]
        pixels, _ = CAMERA.project(corners)
        return np.array([*pixels.min(axis=0), *pixels.max(axis=0)])


CAR, WALKER = Body(4.4, 1.8, 1.5), Body(0.5, 0.5, 1.7, "person")


@dataclass(frozen=True)
class Drive:
    """Straight on: the place two seconds in, metres; the heading, radians clockwise from ahead; the speed."""

    body: Body
    middle: tuple[float, float]
    heading: float
    mps: float

    @classmethod
    def cast(cls, chance: np.random.Generator, mps: float | None = None) -> "Drive":
        """Anything anywhere, mostly a car, at up to 22 m/s, or 5.5 on foot."""
        body = CAR if chance.random() < 0.7 else WALKER
        speed = chance.uniform(0, 22 if body is CAR else 5.5) if mps is None else mps
        middle = float(chance.uniform(-6, 6)), float(chance.uniform(10, 32))
        return cls(body, middle, float(chance.uniform(0, 2 * np.pi)), float(speed))

    def shown(self, t: float) -> F64 | None:
        """Its box at a time, pixels; None where little of it is in the picture."""
        way = self.mps * (t - 2.0)
        x, y = self.middle[0] + way * sin(self.heading), self.middle[1] + way * cos(self.heading)
        if y < 4.0:
            return None
        whole = self.body.box(x, y, self.heading)
        box = np.clip(whole, 0, [*SIZE, *SIZE])
        low, high = box[:2], box[2:]
        seen = (high - low).prod() > 0.3 * (whole[2:] - whole[:2]).prod() and high[1] - low[1] > 4
        return box if seen else None


def moment(t: float) -> Moment:
    """So many seconds after the beginning."""
    return Moment(round(t * 1e9), 1_800_000_000_000_000_000 + round(t * 1e9), ClockTrust.REPLAY)


def detected(
    drive: Drive, chance: np.random.Generator, jitter: float = 0.0, missed: float = 0.0, fps: float = 5.0
) -> Iterator[tuple[Moment, Detections]]:
    """What a detector of this quality finds of it, picture by picture, for four seconds."""
    for k in range(round(4 * fps)):
        box = drive.shown(k / fps)
        found = [] if box is None or chance.random() < missed else [box]
        found = [each + chance.normal(0, jitter, 4) * (each[3] - each[1]) for each in found]
        label = LABELS.index(drive.body.label)
        boxes = np.array(found, np.float32).reshape(-1, 4)
        yield moment(k / fps), Detections.of(boxes, np.full(len(found), 0.9), [label] * len(found))


def followed(*who: tuple[int, F64, str]) -> Tracks:
    """Tracks of a number, a box in pixels, and a label each, all of them seen."""
    cast = sorted(who, key=lambda each: each[0])
    yes = np.ones(len(cast), np.bool_)
    return Tracks(
        np.array([each[0] for each in cast], np.int64),
        np.array([each[1] for each in cast], np.float32).reshape(-1, 4),
        np.full(len(cast), 0.9, np.float32),
        np.array([LABELS.index(each[2]) for each in cast], np.int16),
        np.full(len(cast), 9, np.int32),
        yes,
        yes.copy(),
    )
