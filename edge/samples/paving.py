"""Paving: what the ground is made of, as albedo over ground metres."""

from dataclasses import dataclass

import numpy as np

from edge.samples.scene import Ground, Place
from edge.samples.texture import F32, TILE, band, cell_hash, ground_noise, joints, sample

KERB_M = 0.15
PAVEMENT_M = 3.2


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Ground points H×W, how many metres a pixel covers there, and the scene's noise."""

    x: F32
    y: F32
    footprint: F32
    tile: F32

    def noise(self) -> F32:
        """Fine and coarse unevenness, about -1..1."""
        return ground_noise(self.tile, self.x, self.y, self.footprint)


@dataclass(frozen=True, slots=True, eq=False)
class _Slabs:
    """Colour and size of the slabs of one scene."""

    stone: F32
    pitch_x: float
    pitch_y: float
    salt: float
    shift: float


def paved(ground: Ground, surface: Surface, rng: np.random.Generator) -> F32:
    """Albedo H×W×3 of the ground."""
    stones = np.array(
        [[0.60, 0.58, 0.54], [0.52, 0.50, 0.48], [0.62, 0.54, 0.46], [0.45, 0.45, 0.47]], np.float32
    )
    pitch = float(rng.choice([0.4, 0.6, 0.9, 1.2]))
    slabs = _Slabs(
        stones[int(rng.integers(len(stones)))] * np.float32(rng.uniform(0.75, 1.1)),
        pitch,
        pitch * float(rng.choice([0.5, 1.0])),
        float(rng.uniform(0, 50)),
        float(rng.choice([0.0, 0.5])),
    )
    tar = np.float32(rng.uniform(0.24, 0.40)) * np.array([1.0, 0.99, 0.98], np.float32)
    noise = surface.noise()
    if ground.place is Place.STREET:
        albedo = _street(ground, surface, slabs, tar, noise)
    elif ground.place is Place.PARK:
        albedo = _park(ground, surface, slabs, noise)
    elif ground.place is Place.YARD:
        albedo = _yard(surface, tar, noise)
    else:
        albedo = _slabs(surface, slabs, noise)
    return _blotches(albedo, surface)


def _slabs(surface: Surface, slabs: _Slabs, noise: F32) -> F32:
    row = np.floor(surface.y / np.float32(slabs.pitch_y))
    x = surface.x + row * np.float32(slabs.shift * slabs.pitch_x)
    column = np.floor(x / np.float32(slabs.pitch_x))
    fade = np.clip(slabs.pitch_x / (3 * np.maximum(surface.footprint, 1e-3)), 0, 1)
    tone = 1 + 0.14 * (cell_hash(column, row, slabs.salt) - 0.5) * fade + 0.09 * noise
    gap = np.maximum(
        joints(x, slabs.pitch_x, 0.014, surface.footprint),
        joints(surface.y, slabs.pitch_y, 0.014, surface.footprint),
    )
    return np.asarray(slabs.stone * (tone * (1 - 0.42 * gap))[:, :, None])


def _asphalt(surface: Surface, tar: F32, noise: F32) -> F32:
    patch = sample(surface.tile, surface.x, surface.y, 23.0) > 0.55
    crack = np.abs(sample(surface.tile, surface.x + 3, surface.y, 13.0)) < 0.02
    tone = 1 + 0.13 * noise - 0.10 * patch - 0.16 * crack * (surface.footprint < 0.05)
    return np.asarray(tar * tone[:, :, None])


def _street(ground: Ground, surface: Surface, slabs: _Slabs, tar: F32, noise: F32) -> F32:
    across = surface.y - np.float32(ground.road_y_m)
    half, fp = ground.road_width_m / 2, surface.footprint
    road = _asphalt(surface, tar, noise)
    wheel = np.exp(-(((np.abs(across) - half * 0.5) / 0.9) ** 2))
    road = road * (1 - 0.07 * wheel)[:, :, None]
    dash = band(np.mod(surface.x, np.float32(6.0)), 0.0, 3.0, fp) * band(across, -0.07, 0.07, fp)
    edge = band(np.abs(across), half - 0.35, half - 0.22, fp)
    worn = 0.75 + 0.25 * np.clip(noise, -1, 1)
    road = road + (np.maximum(dash, edge * 0.7) * worn * 0.38)[:, :, None]
    albedo = np.where((np.abs(across) < half)[:, :, None], road, _slabs(surface, slabs, noise))
    kerb = band(np.abs(across), half, half + KERB_M, fp)
    gutter = band(np.abs(across), half - 0.12, half, fp)
    albedo = albedo * (1 - 0.25 * gutter)[:, :, None]
    return np.asarray(albedo * (1 - kerb)[:, :, None] + (kerb * (0.62 + 0.05 * noise))[:, :, None])


def _yard(surface: Surface, tar: F32, noise: F32) -> F32:
    albedo = _asphalt(surface, tar, noise)
    bay = joints(surface.x, 2.6, 0.1, surface.footprint) * band(surface.y, 19.0, 24.0, surface.footprint)
    return np.asarray(albedo + (bay * 0.32)[:, :, None])


def _park(ground: Ground, surface: Surface, slabs: _Slabs, noise: F32) -> F32:
    blade = sample(surface.tile, surface.x, surface.y, 0.7) * np.clip(
        0.012 / np.maximum(surface.footprint, 1e-3), 0, 1
    )
    green = np.array([0.40, 0.45, 0.27], np.float32) * (1 + 0.22 * noise + 0.25 * blade)[:, :, None]
    dry = np.clip(sample(surface.tile, surface.x, surface.y, 31.0), 0, 1)[:, :, None]
    green = green * (1 - 0.4 * dry) + np.array([0.48, 0.44, 0.27], np.float32) * 0.4 * dry
    across = np.abs(surface.y - np.float32(ground.road_y_m)) + 0.12 * noise
    path = band(across, -9.0, ground.road_width_m / 2, surface.footprint)[:, :, None]
    return np.asarray(green * (1 - path) + _slabs(surface, slabs, noise) * path)


def _blotches(albedo: F32, surface: Surface) -> F32:
    """Stains, wet spots and manhole covers that break up the evenness."""
    stain = np.clip(sample(surface.tile, surface.x + 7, surface.y + 3, float(TILE) / 14) - 0.35, 0, 1)
    albedo = albedo * (1 - 0.22 * stain)[:, :, None]
    cover = (np.mod(surface.x + 4, 11.0) - 5.5) ** 2 + (np.mod(surface.y + 2, 9.0) - 4.5) ** 2 < 0.3**2
    return np.asarray(np.clip(albedo * (1 - 0.35 * cover)[:, :, None], 0.02, 0.95).astype(np.float32))
