"""Vehicles: rounded bodies lofted along their length, with glass, wheels and lamps."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from edge.samples.mesh import F32, Floats, Mesh
from edge.samples.scene import Label

_PAINT = np.array(
    [
        [0.74, 0.74, 0.73], [0.78, 0.78, 0.76], [0.60, 0.62, 0.63], [0.38, 0.39, 0.41], [0.10, 0.10, 0.11],
        [0.16, 0.18, 0.20], [0.48, 0.09, 0.09], [0.12, 0.20, 0.38], [0.20, 0.34, 0.50], [0.55, 0.50, 0.42],
        [0.16, 0.27, 0.20], [0.72, 0.60, 0.18],
    ], np.float32,
)  # fmt: skip
_GLASS = np.array([0.10, 0.12, 0.14], np.float32)
_TYRE = np.array([0.06, 0.06, 0.065], np.float32)
_ARCH = np.array([0.03, 0.03, 0.033], np.float32)
_RIM = np.array([0.45, 0.45, 0.45], np.float32)
_TRIM = np.array([0.09, 0.09, 0.09], np.float32)
_WHITE = np.array([0.8, 0.8, 0.8], np.float32)
_HEADLAMP = np.array([0.95, 0.95, 0.86], np.float32)
_TAIL_LAMP = np.array([0.70, 0.07, 0.06], np.float32)


@dataclass(frozen=True, slots=True)
class Shape:
    """Outline of a vehicle seen from the side; positions along its length as shares, from rear 0 to front 1.

    Attributes:
        length_m: bumper to bumper.
        width_m: without mirrors.
        belt_m: height of the lower edge of the windows.
        outline: (share of length, height in metres) along the top, rear to front.
        roof: width of the roof as a share of the body's.
        glass: shares of length between which there are side windows.
        wheels: shares of length of the axles.
        wheel_m: wheel radius.
    """

    length_m: float
    width_m: float
    belt_m: float
    outline: tuple[tuple[float, float], ...]
    roof: float
    glass: tuple[float, float]
    wheels: tuple[float, ...]
    wheel_m: float = 0.32


_SEDAN = (
    (0, 0.55),
    (0.02, 0.92),
    (0.16, 0.98),
    (0.32, 1.40),
    (0.55, 1.43),
    (0.72, 0.96),
    (0.95, 0.78),
    (1, 0.5),
)
_HATCH = (
    (0, 0.55),
    (0.02, 0.95),
    (0.10, 1.42),
    (0.25, 1.50),
    (0.55, 1.50),
    (0.74, 1.0),
    (0.95, 0.82),
    (1, 0.5),
)
_SUV = (
    (0, 0.6),
    (0.01, 1.1),
    (0.07, 1.62),
    (0.25, 1.70),
    (0.56, 1.68),
    (0.71, 1.12),
    (0.95, 0.98),
    (1, 0.55),
)
_VAN = ((0, 0.5), (0.005, 1.9), (0.02, 2.2), (0.3, 2.25), (0.7, 2.2), (0.85, 1.3), (0.97, 1.05), (1, 0.55))
_TRUCK = ((0, 0.9), (0.002, 3.0), (0.01, 3.1), (0.72, 3.1), (0.74, 2.6), (0.96, 2.55), (0.99, 1.4), (1, 0.5))
_BUS = ((0, 0.6), (0.002, 2.8), (0.01, 3.0), (0.5, 3.05), (0.97, 3.0), (0.99, 2.2), (0.995, 1.2), (1, 0.5))
_SHAPES = {
    Label.CAR: (
        Shape(4.6, 1.82, 0.93, _SEDAN, 0.72, (0.19, 0.70), (0.19, 0.81)),
        Shape(4.1, 1.78, 0.96, _HATCH, 0.76, (0.08, 0.72), (0.18, 0.81)),
        Shape(4.6, 1.9, 1.08, _SUV, 0.80, (0.05, 0.70), (0.18, 0.81), 0.36),
    ),
    Label.TRUCK: (
        Shape(5.3, 1.98, 1.2, _VAN, 0.86, (0.68, 0.84), (0.18, 0.84), 0.35),
        Shape(7.5, 2.4, 1.4, _TRUCK, 0.98, (0.78, 0.95), (0.2, 0.86), 0.48),
    ),
    Label.BUS: (Shape(10.5, 2.5, 1.3, _BUS, 0.95, (0.02, 0.99), (0.25, 0.84), 0.48),),
}
STATIONS = 30


class _Spot(NamedTuple):
    """An upright rectangle across the vehicle: its middle, half its width and half its height, metres."""

    x: float
    y: float
    z: float
    half: float
    tall: float


def cast_vehicle(label: Label, rng: np.random.Generator, headlights: bool) -> Mesh:
    """A vehicle of some make and colour by chance."""
    shapes = _SHAPES[label]
    shape = shapes[int(rng.integers(len(shapes)))]
    paint = np.clip(_PAINT[int(rng.integers(len(_PAINT)))] * rng.uniform(0.85, 1.1), 0, 1).astype(np.float32)
    return _Builder(shape, paint).build(headlights, float(rng.uniform(0.0, 0.1)))


class _Builder:
    """Collects quads while a vehicle is being put together."""

    def __init__(self, shape: Shape, paint: F32) -> None:
        self.shape, self.paint = shape, paint
        self.quads: list[Floats] = []
        self.rows: list[tuple[F32, float, float, int]] = []

    def add(self, quad: Floats, colour: F32, gloss: float = 0.0, glow: float = 0.0, rank: int = 0) -> None:
        self.quads.append(quad)
        self.rows.append((colour, gloss, glow, rank))

    def build(self, headlights: bool, clearance: float) -> Mesh:
        self._body(0.2 + clearance)
        self._wheels()
        self._doors()
        self._ends(headlights)
        colours, gloss, glow, rank = zip(*self.rows, strict=True)
        return Mesh(
            np.stack(self.quads),
            np.stack(colours),
            np.array(gloss, np.float32),
            np.array(glow, np.float32),
            np.array(rank),
        )

    def _body(self, sill: float) -> None:
        shares = np.unique(np.concatenate([np.linspace(0, 1, STATIONS), [p[0] for p in self.shape.outline]]))
        rings = [self._ring(float(share), sill) for share in shares]
        for i in range(len(rings) - 1):
            middle = (shares[i] + shares[i + 1]) / 2
            rise = rings[i + 1][4][2] - rings[i][4][2]
            for k in range(len(rings[0]) - 1):
                quad = np.stack([rings[i][k], rings[i + 1][k], rings[i + 1][k + 1], rings[i][k + 1]])
                self.add(quad[[3, 2, 1, 0]], *self._surface(float(middle), k, float(rise), quad))
        for ring, turned in ((rings[0], False), (rings[-1], True)):
            self._cap(ring, turned)

    def _cap(self, ring: list[Floats], turned: bool) -> None:
        n = len(ring)
        for k in range(n // 2):
            quad = np.stack([ring[k], ring[k + 1], ring[n - 2 - k], ring[n - 1 - k]])
            self.add(quad[::-1] if not turned else quad, self.paint * np.float32(0.8), 0.1)

    def _ring(self, share: float, sill: float) -> list[Floats]:
        """Cross-section from the left sill over the roof to the right sill."""
        s = self.shape
        top = float(np.interp(share, [p[0] for p in s.outline], [p[1] for p in s.outline]))
        belt = min(s.belt_m, top - 0.03)
        round_off = (
            1.0 - 0.16 * max(0.0, 1 - share / 0.06) ** 2 - 0.20 * max(0.0, 1 - (1 - share) / 0.08) ** 2
        )
        half = s.width_m / 2 * round_off
        upper = max(0.0, min(1.0, (top - belt) / max(0.2, s.outline[3][1] - s.belt_m)))
        roof = half * (1 - (1 - s.roof) * upper)
        y = (share - 0.5) * s.length_m
        side = [
            (half * 0.93, sill),
            (half, sill + 0.26),
            (half * 0.975, belt - 0.1),
            (half * 0.94, belt),
            ((half * 0.94 + 2 * roof) / 3, belt + 0.86 * (top - belt)),
            (roof * 0.88, top - 0.012),
        ]
        left = [np.array([-x, y, z]) for x, z in side]
        right = [np.array([x, y, z]) for x, z in reversed(side)]
        return [*left, np.array([0.0, y, top]), *right]

    def _surface(self, share: float, k: int, rise: float, quad: Floats) -> tuple[F32, float]:
        """Colour and gloss of the quad in row k of the ring at a share of the length."""
        s = self.shape
        last = 11
        row = min(k, last - k)
        tall = float(quad[:, 2].max()) - s.belt_m > 0.12
        if row == 3 and s.glass[0] < share < s.glass[1] and tall:
            pillar = abs((share - s.glass[0]) / (s.glass[1] - s.glass[0]) * 2 - 1.0) < 0.05
            return (self.paint * np.float32(0.25), 0.05) if pillar else (_GLASS, 0.28)
        slope = abs(rise) / max(1e-3, abs(float(quad[1, 1] - quad[0, 1])))
        if row >= 4 and slope > 0.35 and tall:
            return _GLASS, 0.33
        if row == 0:
            return self.paint * np.float32(0.45), 0.02
        return self.paint, 0.13

    def _wheels(self) -> None:
        s = self.shape
        for share in s.wheels:
            for side in (-1.0, 1.0):
                x, y = side * s.width_m / 2, (share - 0.5) * s.length_m
                self._disc(x, y, s.wheel_m + 0.03, _ARCH, 1)
                self._disc(x * 1.004, y, s.wheel_m, _TYRE, 2)
                self._disc(x * 1.008, y, s.wheel_m * 0.62, _RIM, 3)

    def _doors(self) -> None:
        """Seams between the doors, a moulding along them, and mirrors."""
        s = self.shape
        low, high = 0.36, s.belt_m - 0.04
        rear, front = ((share - 0.5) * s.length_m for share in s.glass)
        for side in (-1.0, 1.0):
            x = side * s.width_m / 2 * 1.002
            for y in (rear + 0.12, (rear + front) / 2, front - 0.1):
                self._strip(x, (y - 0.012, y + 0.012), (low, high), self.paint * np.float32(0.35))
            self._strip(x * 1.002, (rear, front), (0.56, 0.6), self.paint * np.float32(0.55))
            self._strip(x * 1.09, (front - 0.28, front - 0.14), (s.belt_m - 0.02, s.belt_m + 0.13), _TRIM)

    def _strip(self, x: float, along: tuple[float, float], up: tuple[float, float], colour: F32) -> None:
        """An upright rectangle lengthwise on the side at x."""
        corners = [(along[0], up[0]), (along[1], up[0]), (along[1], up[1]), (along[0], up[1])]
        quad = np.array([[x, y, z] for y, z in corners])
        self.add(quad if x > 0 else quad[::-1], colour, 0.02, rank=1)

    def _disc(self, x: float, y: float, radius: float, colour: F32, rank: int) -> None:
        """A disc on the axle at (x, y), facing outwards."""
        angles, z = np.linspace(0, 2 * np.pi, 17), self.shape.wheel_m
        rim = np.stack([np.full(17, x), y + radius * np.cos(angles), z + radius * np.sin(angles)], axis=1)
        middle = np.array([x, y, z])
        for i in range(0, 16, 2):
            quad = np.stack([middle, rim[i], rim[i + 1], rim[i + 2]])
            self.add(quad if x > 0 else quad[::-1], colour, 0.03, rank=rank)

    def _ends(self, headlights: bool) -> None:
        """Lamps, grille, bumpers and plates."""
        s = self.shape
        half, y = s.width_m / 2, s.length_m / 2
        low = min(0.62, s.belt_m * 0.66)
        front, rear = (2.0, 0.7) if headlights else (0.15, 0.1)
        for side in (-half, half):
            self._plate(_Spot(side * 0.68, y + 0.01, low, 0.17, 0.07), _HEADLAMP, front)
            self._plate(_Spot(side * 0.74, -y - 0.01, low + 0.13, 0.13, 0.09), _TAIL_LAMP, rear)
        self._plate(_Spot(0, y + 0.005, low - 0.04, half * 0.42, 0.07), _TRIM)
        for end in (y + 0.012, -y - 0.012):
            self._plate(_Spot(0, end, 0.36, half * 0.86, 0.09), _TRIM)
            self._plate(_Spot(0, end * 1.002, 0.46, 0.26, 0.055), _WHITE)
        if s.belt_m > 1.25:
            self._plate(_Spot(0, y + 0.02, s.belt_m + 0.55, half * 0.86, 0.5), _GLASS)

    def _plate(self, spot: _Spot, colour: F32, glow: float = 0.0) -> None:
        corners = [
            (-spot.half, -spot.tall),
            (spot.half, -spot.tall),
            (spot.half, spot.tall),
            (-spot.half, spot.tall),
        ]
        quad = np.array([[spot.x + a, spot.y, spot.z + b] for a, b in corners])
        self.add(quad[::-1] if spot.y > 0 else quad, colour, 0.05, glow, rank=4)
