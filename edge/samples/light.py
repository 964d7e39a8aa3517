"""Light: sun, sky and lamps of an hour of the day, and what of it falls on one place.

Colours are RGB factors on albedo in the display's own (gamma-encoded) space: plausible, not radiometric.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from edge.samples.camera import Pinhole
from edge.samples.scene import Fixture, FixtureKind, Hour, Wall

F32 = npt.NDArray[np.float32]
RGB = tuple[float, float, float]
LAMP_HEIGHT_M = 5.5


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a scene.

    Attributes:
        sun: world direction towards the sun, unit length.
        sun_rgb: its light; black when it is down.
        sky_rgb: light from everywhere.
        zenith: colour of the sky.
        shadow: darkness of cast shadows, 0..1.
        softness_m: blur of shadow edges.
        lamp_rgb: light of a street lamp right under it.
        lit_windows: share of windows with light in them.
        headlights: cars drive with lamps on.
        grey: the picture has no colour.
        grain: factor on the sensor's noise.
        exposure: mean brightness of the picture that the camera's automatic exposure aims at, 0..1.
    """

    sun: tuple[float, float, float]
    sun_rgb: RGB
    sky_rgb: RGB
    zenith: RGB
    shadow: float
    softness_m: float
    lamp_rgb: RGB = (0.0, 0.0, 0.0)
    lit_windows: float = 0.0
    headlights: bool = False
    grey: bool = False
    grain: float = 1.0
    exposure: float = 0.5


_UP = (0.0, 0.0, 1.0)
_BY_HOUR = {
    Hour.DAY: Light(
        sun=_UP,
        sun_rgb=(0.78, 0.73, 0.64),
        sky_rgb=(0.56, 0.60, 0.67),
        zenith=(0.68, 0.79, 0.92),
        shadow=0.5,
        softness_m=0.04,
    ),
    Hour.OVERCAST: Light(
        sun=_UP,
        sun_rgb=(0.2, 0.2, 0.2),
        sky_rgb=(0.92, 0.94, 0.97),
        zenith=(0.84, 0.86, 0.88),
        shadow=0.22,
        softness_m=0.35,
    ),
    Hour.DUSK: Light(
        sun=_UP,
        sun_rgb=(0.2, 0.14, 0.09),
        sky_rgb=(0.46, 0.46, 0.54),
        zenith=(0.46, 0.42, 0.52),
        shadow=0.2,
        softness_m=0.4,
        lamp_rgb=(0.42, 0.34, 0.2),
        lit_windows=0.35,
        headlights=True,
        grain=1.7,
        exposure=0.34,
    ),
    Hour.NIGHT: Light(
        sun=_UP,
        sun_rgb=(0.02, 0.02, 0.03),
        sky_rgb=(0.22, 0.225, 0.25),
        zenith=(0.06, 0.06, 0.10),
        shadow=0.1,
        softness_m=0.4,
        lamp_rgb=(0.78, 0.62, 0.38),
        lit_windows=0.16,
        headlights=True,
        grain=2.0,
        exposure=0.24,
    ),
    Hour.INFRARED: Light(
        sun=_UP,
        sun_rgb=(0.62, 0.62, 0.62),
        sky_rgb=(0.3, 0.3, 0.3),
        zenith=(0.07, 0.07, 0.07),
        shadow=0.0,
        softness_m=0.2,
        lamp_rgb=(0.25, 0.25, 0.25),
        lit_windows=0.06,
        headlights=True,
        grey=True,
        grain=2.0,
        exposure=0.30,
    ),
}


def light_of(hour: Hour, rng: np.random.Generator) -> Light:
    """The light of an hour, the sun standing where the seed says."""
    azimuth, height = rng.uniform(-2.6, 2.6), np.radians(rng.uniform(34, 64))
    sun = (
        float(np.cos(height) * np.sin(azimuth)),
        float(-np.cos(height) * np.cos(azimuth)),
        float(np.sin(height)),
    )
    if hour is Hour.INFRARED:
        sun = (0.0, -0.8, 0.6)  # the camera's own lamp
    return replace(_BY_HOUR[hour], sun=sun)


def in_shade(light: Light, walls: tuple[Wall, ...], x: F32, y: F32) -> npt.NDArray[np.bool_]:
    """Whether a building hides the sun from ground points (x, y)."""
    shaded = np.zeros(np.shape(x), np.bool_)
    sx, sy, sz = light.sun
    for wall in walls:
        (x0, y0), (x1, y1) = wall.start, wall.end
        wx, wy = x1 - x0, y1 - y0
        det = sx * -wy + sy * wx
        if abs(det) < 1e-6:
            continue
        ex, ey = x0 - x, y0 - y
        reach = (ex * -wy + ey * wx) / det
        along = (sx * ey - sy * ex) / det
        shaded |= (reach > 0.01) & (along > 0) & (along < 1) & (reach * sz < wall.height_m)
    return shaded


def lamps(fixtures: tuple[Fixture, ...], kind: FixtureKind) -> tuple[tuple[float, float], ...]:
    """Ground points of the lamps of a kind."""
    return tuple((f.x_m, f.y_m) for f in fixtures if f.kind is kind)


def lamp_pool(points: tuple[tuple[float, float], ...], x: F32, y: F32, z: F32 | float = 0.0) -> F32:
    """How much lamplight reaches points, 1 right under a lamp (inverse square, Lambert's cosine)."""
    total = np.zeros(np.shape(x), np.float32)
    for lx, ly in points:
        rise = np.maximum(LAMP_HEIGHT_M - z, 0.5)
        square = (x - lx) ** 2 + (y - ly) ** 2 + rise**2
        total += (LAMP_HEIGHT_M**3 / square**1.5 * np.minimum(rise / LAMP_HEIGHT_M, 1)).astype(np.float32)
    return np.minimum(total, np.float32(1.6))


@dataclass(frozen=True, slots=True)
class Lit:
    """Light as it falls on one object.

    Attributes:
        key: direction to the strongest light, camera axes (right, down, forward), unit length.
        key_rgb: its light.
        fill_rgb: light from everywhere.
    """

    key: tuple[float, float, float]
    key_rgb: RGB
    fill_rgb: RGB

    def shade(self, normal: F32) -> F32:
        """Light h×w×3 on surfaces with normals 3×h×w in camera axes."""
        kx, ky, kz = (np.float32(k) for k in self.key)
        key = np.maximum(normal[0] * kx + normal[1] * ky + normal[2] * kz, 0)
        fill = np.float32(0.74) - np.float32(0.26) * normal[1]
        light = key[:, :, None] * np.array(self.key_rgb, np.float32)
        return np.asarray(light + fill[:, :, None] * np.array(self.fill_rgb, np.float32))

    def of(self, normal: tuple[float, float, float]) -> F32:
        """Light, RGB, on one surface with the normal given in camera axes."""
        return np.asarray(self.shade(np.array(normal, np.float32).reshape(3, 1, 1))[0, 0])


def lit_at(
    light: Light,
    camera: Pinhole,
    place: tuple[float, float],
    sunny: bool,
    lamp: float,
) -> Lit:
    """The light on an object at a ground point, `lamp` as from `lamp_pool`."""
    world = np.array(light.sun if sunny else (0.0, 0.0, 1.0))
    key_rgb = np.array(light.sun_rgb) * (1.0 if sunny else 0.15) + np.array(light.lamp_rgb) * lamp * 0.75
    fill_rgb = np.array(light.sky_rgb) + np.array(light.lamp_rgb) * lamp * 0.25
    if light.grey:
        key_rgb *= 14.0 / max(8.0, float(np.hypot(*place)))
    key = camera.rotation @ world
    return Lit(tuple(key.tolist()), tuple(key_rgb.tolist()), tuple(fill_rgb.tolist()))
