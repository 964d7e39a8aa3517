"""The backdrop: sky, building fronts and ground, cast once per scene by a ray through every pixel."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.light import Light, in_shade, lamp_pool, lamps
from edge.samples.paving import Surface, paved
from edge.samples.scene import FixtureKind, Scene, Wall
from edge.samples.texture import F32, band, cell_hash, noise_tile, sample
from edge.values.frame import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """The empty scene.

    Attributes:
        steady: uint8 H×W×3, lit by all that shines steadily.
        flicker: uint8 H×W×3, what flickering lamps add at full power.
        flickers: whether there are such lamps.
        ground: float32 of the size of the scene's pictures, 1 where the ground is seen, 0 elsewhere.
    """

    steady: Pixels
    flicker: Pixels
    flickers: bool
    ground: F32


@dataclass(slots=True, eq=False)
class _Layers:
    """What each pixel looks at: albedo, world point, light received and distance."""

    albedo: F32
    x: F32
    y: F32
    z: F32
    sun: F32
    distance: F32


@dataclass(frozen=True, slots=True, eq=False)
class _Mason:
    """What building fronts are made from."""

    light: Light
    tile: F32
    rng: np.random.Generator


def bake(scene: Scene, light: Light, factor: int, rng: np.random.Generator) -> Backdrop:
    """Cast the empty scene, `factor` times as large as its pictures; its textures are antialiased already."""
    camera = scene.camera
    rays = camera.rays()
    tile = noise_tile(rng)
    layers = _ground(scene, light, rays, tile, rng)
    for wall in scene.ground.walls:
        _front(wall, camera, rays, layers, _Mason(light, tile, rng))
    steady = _lit(scene, light, layers, FixtureKind.LAMP, ambient=True)
    sky = ~np.isfinite(layers.distance)
    steady[sky] = _sky(rays[sky], light, tile)
    extra = lamps(scene.fixtures, FixtureKind.FLICKERING_LAMP)
    flicker = _lit(scene, light, layers, FixtureKind.FLICKERING_LAMP, ambient=False)
    flicker[sky] = 0
    ground = (np.isfinite(layers.distance) & (layers.z == 0)).astype(np.float32)
    return Backdrop(_bytes(steady, factor), _bytes(flicker, factor), bool(extra), ground)


def _bytes(colour: F32, factor: int) -> Pixels:
    exact = np.clip(colour * 255 + np.float32(0.5), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(exact, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR), np.uint8)


def _ground(scene: Scene, light: Light, rays: F32, tile: F32, rng: np.random.Generator) -> _Layers:
    camera = scene.camera
    down = -rays[:, :, 2]
    hits = down > 1e-3
    reach = np.where(hits, camera.height_m / np.where(hits, down, 1), 1e3).astype(np.float32)
    reach = np.asarray(np.minimum(reach, 300), np.float32)
    x, y = rays[:, :, 0] * reach, rays[:, :, 1] * reach
    footprint: F32 = np.asarray(reach / camera.focal_px / np.clip(down, 0.05, 1), np.float32)
    albedo = paved(scene.ground, Surface(x, y, footprint, tile), rng)
    sun = np.where(in_shade(light, scene.ground.walls, x, y), 0, light.sun[2]).astype(np.float32)
    distance = np.where(hits & (reach < 299), reach, np.inf).astype(np.float32)
    return _Layers(albedo, x, y, np.zeros_like(x), sun, distance)


def _front(wall: Wall, camera: Pinhole, rays: F32, layers: _Layers, mason: _Mason) -> None:
    """Put a building front over all that is farther away."""
    (x0, y0), (x1, y1) = wall.start, wall.end
    length = float(np.hypot(x1 - x0, y1 - y0))
    wx, wy = (x1 - x0) / length, (y1 - y0) / length
    dx, dy, dz = rays[:, :, 0], rays[:, :, 1], rays[:, :, 2]
    det = dx * wy - dy * wx
    reach = (x0 * wy - y0 * wx) / np.where(np.abs(det) < 1e-6, np.float32(1e-6), det)
    along = (dx * reach - x0) * wx + (dy * reach - y0) * wy
    up = camera.height_m + dz * reach
    here = (reach > 0.1) & (along > 0) & (along < length) & (up > 0) & (up < wall.height_m)
    here &= reach < layers.distance
    if not here.any():
        return
    u, v, d = (np.asarray(values[here], np.float32) for values in (along, up, reach))
    layers.albedo[here] = _masonry(u, v, d / np.float32(camera.focal_px), mason)
    normal = np.array([wy, -wx])
    if normal @ np.array([-x0, -y0]) < 0:
        normal = -normal
    facing = max(0.0, float(normal @ np.array(mason.light.sun[:2])))
    layers.x[here], layers.y[here], layers.z[here] = dx[here] * d, dy[here] * d, v
    layers.sun[here], layers.distance[here] = facing, d


def _masonry(u: F32, v: F32, per_px: F32, mason: _Mason) -> F32:
    """Albedo n×3 of a plastered or brick front with rows of windows over a ground floor of shops."""
    rng, tile, light = mason.rng, mason.tile, mason.light
    base = np.array(
        [[0.66, 0.62, 0.55], [0.58, 0.42, 0.35], [0.72, 0.70, 0.66], [0.48, 0.47, 0.46]], np.float32
    )
    stone = base[int(rng.integers(len(base)))] * np.float32(rng.uniform(0.75, 1.1))
    pitch, storey, salt = (
        float(rng.uniform(2.2, 4.0)),
        float(rng.uniform(2.9, 3.6)),
        float(rng.uniform(0, 99)),
    )
    dirt = sample(tile, u, v, 9.0) * 0.10 + sample(tile, u, v * 3, 2.0) * 0.05
    albedo = stone * (1 + dirt)[:, None]
    column, row = np.floor(u / pitch), np.floor((v - 0.4) / storey)
    du, dv = u - column * np.float32(pitch), v - 0.4 - row * np.float32(storey)
    wide, tall = rng.uniform(0.22, 0.38) * pitch, rng.uniform(0.42, 0.6) * storey
    shop = row < 1
    left = np.where(shop, 0.15, pitch / 2 - wide)
    bottom = np.where(shop, 0.05, 0.85)
    top = np.where(shop, storey * 0.78, 0.85 + tall)
    half = np.maximum(per_px / 2, np.float32(1e-3))
    inside = np.minimum(np.minimum(du - left, pitch - left - du), np.minimum(dv - bottom, top - dv))
    glass = np.clip(inside / (2 * half) + 0.5, 0, 1)
    frame = np.clip((inside + 0.09) / (2 * half) + 0.5, 0, 1) - glass
    chance = cell_hash(column, row, salt)
    pane = np.array([0.16, 0.19, 0.23], np.float32) * (0.5 + chance)[:, None]
    warm = np.array([1.5, 1.2, 0.75], np.float32) / np.float32(max(light.sky_rgb)) * 0.5
    pane = np.where((cell_hash(column, row, salt + 5) < light.lit_windows)[:, None], warm, pane)
    albedo = albedo * (1 - glass)[:, None] + pane * glass[:, None]
    albedo = albedo * (1 - 0.3 * frame)[:, None]
    return np.asarray(albedo * (1 - 0.25 * band(v, storey - 0.05, storey + 0.25, per_px))[:, None])


def _lit(scene: Scene, light: Light, layers: _Layers, kind: FixtureKind, ambient: bool) -> F32:
    """Albedo under the lamps of a kind, with sun and sky if `ambient`."""
    pool = lamp_pool(lamps(scene.fixtures, kind), layers.x, layers.y, layers.z)
    received = pool[:, :, None] * np.array(light.lamp_rgb, np.float32)
    if ambient:
        sun = layers.sun
        if light.grey:
            sun = np.clip(14.0 / np.maximum(layers.distance, 6.0), 0, 1.4).astype(np.float32) * np.float32(
                0.8
            )
        received += sun[:, :, None] * np.array(light.sun_rgb, np.float32) + np.array(
            light.sky_rgb, np.float32
        )
    colour = layers.albedo * received
    if ambient and not light.grey:
        haze = np.clip((layers.distance - 25) / 260, 0, 0.6)[:, :, None]
        haze = np.where(np.isfinite(haze), haze, 0)
        colour = colour * (1 - haze) + np.array(light.zenith, np.float32) * haze
    return np.asarray(colour.astype(np.float32))


def _sky(rays: F32, light: Light, tile: F32) -> F32:
    up = np.clip(rays[:, 2] / np.linalg.norm(rays, axis=1), 0, 1)
    over = np.maximum(rays[:, 2], 0.02)
    east, north = (np.asarray(rays[:, i] / over, np.float32) for i in (0, 1))
    cloud = sample(tile, east, north, 30.0)
    colour = np.array(light.zenith, np.float32) * (1.12 - 0.35 * up + 0.06 * np.clip(cloud, -1, 1))[:, None]
    return np.asarray(colour.astype(np.float32))
