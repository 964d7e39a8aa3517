"""A flight over a square where people walk and cars drive: pictures, telemetry, and the exact truth of both.

Law: everything follows from the seed. The truth is of the ground, in metres; pictures and boxes follow from
it by the true place of the camera. Telemetry is what a receiver and a gimbal would have told: off by a drift
and by a jitter.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from edge.ground.chart import Chart
from edge.ground.flight import FixDoubt, Overhead
from edge.ground.flight_log import FlightLog
from edge.samples.texture import band, ground_noise, noise_tile
from edge.values.fix import Fix
from edge.values.frame import Pixels, Size

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]

EXACT = FixDoubt(0.0, 0.0, 0.0, 0.0)
LABELS = ("person", "car")
HALF_M = 6.0
"""The zone reaches so far from the middle of the square, in each direction."""
BODIES = {"person": (0.5, 0.4, 1.7), "car": (4.4, 1.8, 1.5)}
"""Length, width and height, metres."""
SIZE = Size(384, 216)


@dataclass(frozen=True, slots=True)
class Walk:
    """One object on its straight way: where it is at time 0, metres, its velocity, and how it looks."""

    label: str
    start_m: tuple[float, float]
    velocity_mps: tuple[float, float]
    colour: tuple[int, int, int]

    def at(self, time_s: float) -> F64:
        """Where it stands, metres east and north."""
        return np.array(self.start_m) + time_s * np.array(self.velocity_mps)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture with its truth.

    Attributes:
        time_s: since the first.
        pixels: uint8 h×w×3, RGB.
        fix: the true place of the camera.
        ids, classes: int64 n, those who are in the picture, and which of `LABELS` they are.
        boxes: float32 n×4, pixels.
        metres: float64 n×2, where they stand.
    """

    time_s: float
    pixels: Pixels
    fix: Fix
    ids: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int16]
    boxes: F32
    metres: F64


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody was in the zone from one time to another, seconds; None where it began before, or lasts."""

    who: int
    entered_s: float | None
    left_s: float | None


class Overflight:
    """A flight around a square of the city of Tashkent that does not exist."""

    def __init__(self, seed: int = 1, size: Size = SIZE, seconds: float = 30.0, fps: float = 5.0) -> None:
        self.size, self.seconds, self.fps = size, seconds, fps
        self._rng = np.random.default_rng([seed, 61])
        self.chart = Chart.around([(41.3110, 69.2790), (41.3114, 69.2796)])
        self.walks = tuple(self._walks())
        self._tile = noise_tile(self._rng)
        self._phase = self._rng.uniform(0, 2 * np.pi, 6)
        self._noise = np.random.default_rng([seed, 62])

    @property
    def zone_m(self) -> F64:
        """Corners of the zone, metres, 4×2."""
        return HALF_M * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])

    @property
    def zone(self) -> tuple[tuple[float, float], ...]:
        """Its corners on the map: latitude and longitude."""
        return tuple((float(lat), float(lon)) for lat, lon in self.chart.spots(self.zone_m))

    def fix(self, time_s: float) -> Fix:
        """Where the camera truly is: on a slow arc about the square, looking at it and wavering."""
        p, turn = self._phase, 0.9 + 0.035 * time_s
        radius, height = 28.0 + 5.0 * np.sin(0.11 * time_s + p[0]), 38.0 + 4.0 * np.sin(0.07 * time_s + p[1])
        place = radius * np.array([np.sin(turn), np.cos(turn)])
        yaw = np.degrees(np.arctan2(*-place)) + 4.0 * np.sin(0.5 * time_s + p[2])
        yaw += 2.0 * np.sin(5.3 * time_s + p[5])  # gusts
        pitch = -np.degrees(np.arctan2(height, radius)) + 2.0 * np.sin(0.6 * time_s + p[3])
        pitch += 1.0 * np.sin(4.1 * time_s + p[0])
        roll = 2.0 * np.sin(0.4 * time_s + p[4])
        lat, lon = self.chart.spots(place[None])[0]
        return Fix(float(lat), float(lon), float(height), float(yaw % 360.0), float(pitch), float(roll), 62.0)

    def telemetry(self, doubt: FixDoubt | None = None, every_s: float = 0.2) -> FlightLog:
        """What the aircraft tells of itself, off by a drift and a jitter as large as the doubt together."""
        off, rng = doubt or FixDoubt(1.0, 0.7, 0.3, 0.0), np.random.default_rng([7, 63])
        drift = rng.standard_normal(6)
        times = np.arange(0.0, self.seconds + every_s, every_s)
        return FlightLog(tuple(times.tolist()), tuple(self._told(float(t), off, drift, rng) for t in times))

    def _told(self, time_s: float, off: FixDoubt, drift: F64, rng: np.random.Generator) -> Fix:
        error = 0.95 * drift + 0.3 * rng.standard_normal(6)
        fix = self.fix(time_s)
        place = self.chart.metres(np.array([[fix.lat_deg, fix.lon_deg]])) + off.position_m * error[:2]
        lat, lon = self.chart.spots(place)[0]
        return replace(
            fix,
            lat_deg=float(lat),
            lon_deg=float(lon),
            height_m=fix.height_m + off.height_m * float(error[2]),
            yaw_deg=fix.yaw_deg % 360.0 + off.angle_deg * float(error[3]),
            pitch_deg=fix.pitch_deg + off.angle_deg * float(error[4]),
            roll_deg=fix.roll_deg + off.angle_deg * float(error[5]),
        )

    def shots(self) -> Iterator[Shot]:
        """All pictures in order."""
        for index in range(round(self.seconds * self.fps)):
            yield self.shot(index / self.fps)

    def shot(self, time_s: float) -> Shot:
        """The picture at a time."""
        fix = self.fix(time_s)
        canvas = self._ground(Overhead(fix, EXACT, self.size.width / self.size.height, self.chart))
        near_last = sorted(
            range(len(self.walks)), key=lambda i: self._distance(fix, self.walks[i].at(time_s))
        )
        outlines = {i: self._outline(fix, self.walks[i], time_s) for i in reversed(near_last)}
        shown = []
        for i, (base, top) in outlines.items():
            _draw(canvas, base, top, self.walks[i].colour)
            box = _box(np.concatenate([base, top]), self.size)
            if box is not None:
                shown.append((i, box))
        shown.sort()
        noisy = canvas + self._noise.standard_normal(canvas.shape, np.float32) * np.float32(3.0)
        pixels = np.clip(cv2.GaussianBlur(noisy, (3, 3), 0.6), 0, 255).astype(np.uint8)
        who = [i for i, _ in shown]
        return Shot(
            time_s,
            pixels,
            fix,
            np.array(who, np.int64),
            np.array([LABELS.index(self.walks[i].label) for i in who], np.int16),
            np.array([box for _, box in shown], np.float32).reshape(-1, 4),
            np.array([self.walks[i].at(time_s) for i in who]).reshape(-1, 2),
        )

    def visits(self, half_m: float = HALF_M) -> Iterator[Visit]:
        """Who was in the zone, or in one that reaches so far, and when, exactly: all ways are straight."""
        for i, walk in enumerate(self.walks):
            begin, end = 0.0, self.seconds
            for at, speed in zip(walk.start_m, walk.velocity_mps, strict=True):
                times = (
                    sorted(((-half_m - at) / speed, (half_m - at) / speed)) if speed else [-np.inf, np.inf]
                )
                if not speed and abs(at) >= half_m:
                    times = [np.inf, np.inf]
                begin, end = max(begin, times[0]), min(end, times[1])
            if begin < end:
                yield Visit(
                    i, float(begin) if begin > 0.0 else None, float(end) if end < self.seconds else None
                )

    def _walks(self) -> Iterator[Walk]:
        for number in range(18):
            way, passes_s = self._rng.uniform(0, 2 * np.pi), self._rng.uniform(0.05, 0.95) * self.seconds
            velocity = self._rng.uniform(0.9, 1.8) * np.array([np.cos(way), np.sin(way)])
            beside = self._rng.uniform(-1.6, 1.6) * HALF_M * np.array([-np.sin(way), np.cos(way)])
            yield _walk("person", beside - passes_s * velocity, velocity, self._rng, number)
        for number in range(4):
            way = 1 if number % 2 else -1
            velocity = np.array([0.0, way * self._rng.uniform(7.0, 10.0)])
            start = np.array([way * 2.2, -velocity[1] * (0.15 + 0.22 * number) * self.seconds])
            yield _walk("car", start, velocity, self._rng, number)

    def _ground(self, overhead: Overhead) -> F32:
        width, height = self.size
        x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
        seen = np.stack([x, y, np.ones_like(x)], axis=-1) @ overhead.plane.T
        east, north = (np.asarray(seen[..., i] / seen[..., 2], np.float32) for i in (0, 1))
        footprint = np.full(east.shape, 60.0 / width, np.float32)
        grain = ground_noise(self._tile, east, north, footprint)
        road = band(east, -4.5, 4.5, footprint)
        marks = band(east, -0.12, 0.12, footprint) * (np.mod(north, 6.0) < 3.0)
        paving = band(np.abs(east), 4.5, 14.0, footprint) * (
            np.mod(np.floor(east / 2.5) + np.floor(north / 2.5), 2)
        )
        light = np.asarray(112 + 26 * grain - 34 * road + 70 * marks + 12 * paving, np.float32)
        return np.stack([light, light * np.float32(1.02), light * np.float32(0.94)], axis=-1)

    def _distance(self, fix: Fix, metres: F64) -> float:
        camera = self.chart.metres(np.array([[fix.lat_deg, fix.lon_deg]]))[0]
        return float(np.hypot(*(metres - camera)))

    def _outline(self, fix: Fix, walk: Walk, time_s: float) -> tuple[F64, F64]:
        """Where the object's lower and upper corners are seen, pixels, 4×2 each."""
        length, width, tall = BODIES[walk.label]
        ahead = np.array(walk.velocity_mps) / np.hypot(*walk.velocity_mps)
        aside = np.array([-ahead[1], ahead[0]])
        corners = [
            a * length / 2 * ahead + b * width / 2 * aside for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        metres = walk.at(time_s) + np.array(corners)
        aspect = self.size.width / self.size.height
        lower, upper = (
            Overhead(replace(fix, height_m=fix.height_m - up), EXACT, aspect, self.chart).seen_at(metres)
            for up in (0.0, tall)
        )
        return lower * self.size, upper * self.size


def _walk(label: str, start: F64, velocity: F64, rng: np.random.Generator, number: int) -> Walk:
    colour = rng.integers(20, 80, 3) if number % 2 else rng.integers(170, 250, 3)
    red, green, blue = (int(c) for c in colour)
    at, by = (float(start[0]), float(start[1])), (float(velocity[0]), float(velocity[1]))
    return Walk(label, at, by, (red, green, blue))


def _draw(canvas: F32, base: F64, top: F64, colour: tuple[int, int, int]) -> None:
    if not (np.isfinite(base).all() and np.isfinite(top).all()):
        return
    for points, shade in ((np.concatenate([base, top]), 0.7), (top, 1.0)):
        hull = cv2.convexHull(np.round(points * 8).astype(np.int32))
        cv2.fillConvexPoly(canvas, hull, [shade * c for c in colour], cv2.LINE_AA, 3)


def _box(points: F64, size: Size) -> tuple[float, ...] | None:
    """The box around the corners as far as it is in the picture; None where less than half of it is."""
    if not np.isfinite(points).all():
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    inner = np.concatenate([np.clip(low, 0, size), np.clip(high, 0, size)])
    sides = inner[2:] - inner[:2]
    if sides.min() < 2.0 or sides.prod() < 0.5 * (high - low).prod():
        return None
    return tuple(float(v) for v in inner)
