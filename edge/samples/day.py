"""A simulated day before one camera, in small pictures made fast: what looks like a thing and is none.

A street with a texture, light that comes and goes with the hour, clouds, a lamp, a switch to infrared, a
shadow that wanders, headlights, rain, people who walk and stand, cars that drive and park. Bodies are found
by a detector that misses some of them in each picture.

Law: everything follows from the seed. The only things that are left are those that are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edge.values.detections import Detections
from edge.values.frame import Frame, Pixels, Size
from edge.values.moment import NS_PER_S, ClockTrust, Moment

F32 = npt.NDArray[np.float32]
SIZE = Size(208, 117)
LABELS = ("person", "car")
WALL = ((0.0, 0.1), (1.0, 0.1), (1.0, 1.0), (0.0, 1.0))
"""The zone: all but the sky."""
BAG_WIDE, BAG_HIGH = 7, 6


@dataclass(frozen=True, slots=True)
class Bag:
    """Something that stands there from one time to another, seconds; its lower left corner, pixels."""

    from_s: float
    until_s: float
    x: int
    y: int


@dataclass(slots=True)
class Body:
    """Somebody or something that comes, stays and goes along x; units are pixels and seconds.

    Attributes:
        label: of its class.
        y: of its feet.
        from_s: when it comes.
        stops_at, stays_s: where it stands, and for how long.
        speed: along x, pixels a second.
        grey: how bright it is in full light, 0..255.
        wide, high: its size.
    """

    label: str
    y: float
    from_s: float
    stops_at: float
    stays_s: float
    speed: float
    grey: float
    wide: float
    high: float

    @property
    def until_s(self) -> float:
        """When it has gone out of the picture."""
        return self.from_s + self.stays_s + (SIZE.width + 2 * self.wide) / self.speed

    def x(self, t: float) -> float:
        """Where its middle is."""
        way = (t - self.from_s) * self.speed - self.wide
        if way > self.stops_at:
            way = max(self.stops_at, way - self.stays_s * self.speed)
        return way


@dataclass
class Day:
    """A day, or a part of one, in pictures `step_s` apart.

    Attributes:
        seed: of everything.
        hours: how much of a day is gone through.
        begins_h: at which hour.
        step_s: time between pictures.
        missed: share of the bodies that one picture does not show.
        bags: what is left in it.
    """

    seed: int
    hours: float = 24.0
    begins_h: float = 0.0
    step_s: float = 1.0
    missed: float = 0.2
    bags: tuple[Bag, ...] = ()
    _bodies: list[Body] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng(self.seed)
        self._grain = self._chance.normal(0, 1, (SIZE.height * 2, SIZE.width * 2)).astype(np.float32)
        coarse = self._chance.uniform(70, 150, (15, 26))
        fine = self._chance.normal(0, 6, SIZE[::-1])
        self._street = (np.kron(coarse, np.ones((8, 8)))[: SIZE.height, : SIZE.width] + fine).astype(
            np.float32
        )
        self._next_s = 5.0

    def frames(self) -> Iterator[tuple[Frame, Detections]]:
        """Every picture, and who is found in it."""
        for number in range(round(self.hours * 3600 / self.step_s)):
            t = number * self.step_s
            ns = round(t * NS_PER_S)
            moment = Moment(ns, 1_800_000_000 * NS_PER_S + ns, ClockTrust.REPLAY)
            self._come_and_go(t)
            frame = Frame("day", "run", number, moment, self._picture(t), SIZE)
            yield frame, self._seen(t)

    def _come_and_go(self, t: float) -> None:
        self._bodies = [body for body in self._bodies if body.until_s > t]
        if t >= self._next_s and len(self._bodies) < 6:
            self._bodies.append(self._body(t))
            self._next_s = t + float(self._chance.exponential(25.0))

    def _body(self, t: float) -> Body:
        c = self._chance
        if c.random() < 0.3:
            stays_s = float(c.choice([0.0, 60.0, 900.0, 5400.0]))
            stops = float(c.uniform(30, 180))
            return Body(
                "car", float(c.uniform(60, 80)), t, stops, stays_s, 15.0, float(c.uniform(20, 220)), 50, 24
            )
        stays_s = float(c.choice([0.0, 0.0, 20.0, 240.0]))
        y, stops = float(c.uniform(40, 108)), float(c.uniform(20, 190))
        return Body("person", y, t, stops, stays_s, 7.0, float(c.uniform(20, 200)), 8, 0.25 * y + 8)

    def _seen(self, t: float) -> Detections:
        boxes, classes = [], []
        for body in self._bodies:
            x = body.x(t)
            box = [x - body.wide / 2, body.y - body.high, x + body.wide / 2, body.y]
            if box[2] > 2 and box[0] < SIZE.width - 2 and self._chance.random() >= self.missed:
                off = self._chance.normal(0, 0.03 * body.high, 4)
                boxes.append(np.clip(np.array(box) + off, 0, [*SIZE, *SIZE]))
                classes.append(LABELS.index(body.label))
        return Detections.of(boxes, [0.9] * len(boxes), classes)

    def _picture(self, t: float) -> Pixels:
        hour = (self.begins_h + t / 3600) % 24
        sun = float(np.clip(np.sin((hour - 6) / 12 * np.pi) * 1.6, 0, 1))
        infrared = sun < 0.02
        light = self._light(t, sun, infrared)
        picture = self._street * light
        for body in sorted(self._bodies, key=lambda each: each.y):
            self._draw(picture, body, t, light, sun)
        for bag in self.bags:
            if bag.from_s <= t < bag.until_s:
                there = slice(bag.y - BAG_HIGH, bag.y), slice(bag.x, bag.x + BAG_WIDE)
                picture[there] = 30 * light[there]
        noise = 2.0 + 5.0 * (1 - sun) + 4.0 * (4 <= hour % 12 < 5)  # an hour of rain
        down, right = (int(self._chance.integers(0, side)) for side in (SIZE.height, SIZE.width))
        picture += noise * self._grain[down : down + SIZE.height, right : right + SIZE.width]
        grey = np.clip(picture, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)

    def _light(self, t: float, sun: float, infrared: bool) -> F32:
        """What falls on each pixel."""
        x, y = (
            np.arange(SIZE.width, dtype=np.float32)[None],
            np.arange(SIZE.height, dtype=np.float32)[:, None],
        )
        if infrared:
            lamp = np.exp(-(((x - 104) / 90) ** 2) - ((y - 70) / 60) ** 2)
            return np.asarray(0.25 + 0.75 * lamp, np.float32)
        clouds = 1 - 0.35 * max(0.0, np.sin(t / 97)) * (0.5 + 0.5 * np.sin(t / 41 + x / 120))
        day = (0.25 + 0.75 * sun) * clouds * np.ones_like(y)
        edge = 60 + 80 * np.sin(t / 3600 / 12 * np.pi)  # where the shadow of a house ends
        shade = 1 - 0.45 * sun / (1 + np.exp(-(edge - x) / 3))
        lamp = (0.35 * (1 - sun) * (t % 1800 < 1500)) * np.exp(
            -(((x - 150) / 30) ** 2) - ((y - 60) / 25) ** 2
        )
        return np.asarray(day * shade + lamp, np.float32)

    def _draw(self, picture: F32, body: Body, t: float, light: F32, sun: float) -> None:
        sway = 0.7 * np.sin(t * 0.9 + body.y) if body.label == "person" else 0.0
        x, y = body.x(t) + sway, body.y
        rows = slice(max(0, round(y - body.high)), max(0, round(y)))
        columns = slice(max(0, round(x - body.wide / 2)), max(0, round(x + body.wide / 2)))
        ground = slice(max(0, round(y - 3)), round(y + 2)), slice(columns.start, round(x + body.wide))
        picture[ground] *= 1 - 0.4 * sun  # its shadow
        picture[rows, columns] = body.grey * light[rows, columns]
        if body.label == "car" and sun < 0.2 and body.x(t) != body.stops_at:
            picture[round(y - 8) : round(y), columns.stop : columns.stop + 25] *= 1.8  # its lamps
