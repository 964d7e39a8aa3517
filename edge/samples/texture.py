"""Texture: tileable noise and antialiased joints, sampled by ground metres."""

import cv2
import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
TILE = 256
_ROW = 1024  # remap takes no side longer than 32767


def noise_tile(rng: np.random.Generator, octaves: int = 6) -> F32:
    """Square float32 tile of fractal noise, mean 0, about -1..1, seamless at its edges."""
    tile = np.zeros((TILE, TILE), np.float32)
    for octave in range(1, octaves + 1):
        cells = 2 ** (octave + 1)
        small = rng.standard_normal((cells, cells), dtype=np.float32)
        padded = np.pad(small, 2, mode="wrap")
        scale = TILE // cells
        large = cv2.resize(padded, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        tile += large[2 * scale : 2 * scale + TILE, 2 * scale : 2 * scale + TILE] * np.float32(0.6**octave)
    return np.asarray(tile / np.float32(max(1e-6, 2.2 * float(tile.std()))))


def sample(tile: F32, x: F32, y: F32, period_m: float) -> F32:
    """The tile laid out over the ground, repeating every `period_m`, at points (x, y) of any shape."""
    scale = np.float32(TILE / period_m)
    count = x.size
    maps = np.zeros((2, -(-max(count, 1) // _ROW), _ROW), np.float32)
    for plane, values in zip(maps.reshape(2, -1), (x, y), strict=True):
        plane[:count] = np.mod(values.ravel() * scale, TILE)
    found = cv2.remap(tile, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(found.ravel()[:count].reshape(x.shape), np.float32)


def ground_noise(tile: F32, x: F32, y: F32, footprint: F32) -> F32:
    """Noise of three scales, each fading where a pixel covers more ground than its grain."""
    total = np.zeros_like(x)
    for period, weight in ((1.3, 0.45), (7.0, 0.4), (41.0, 0.5)):
        fade = np.clip(period / (60 * np.maximum(footprint, 1e-4)), 0, 1)
        total += np.float32(weight) * fade * sample(tile, x, y, period)
    return total


def joints(along: F32, pitch_m: float, width_m: float, footprint: F32) -> F32:
    """Share of each pixel covered by joints of a width, repeating every pitch; antialiased."""
    distance = np.abs(np.mod(along + np.float32(pitch_m / 2), np.float32(pitch_m)) - np.float32(pitch_m / 2))
    half = np.maximum(footprint / 2, np.float32(1e-4))
    cover = np.clip((np.float32(width_m / 2) + half - distance) / (2 * half), 0, 1)
    return np.asarray(cover * np.minimum(1.0, np.float32(width_m) / (2 * half) + np.float32(0.05)))


def band(value: F32, low: float, high: float, footprint: F32) -> F32:
    """1 where low < value < high, with antialiased edges."""
    half = np.maximum(footprint / 2, np.float32(1e-4))
    return np.asarray(np.clip((value - low) / half + 0.5, 0, 1) * np.clip((high - value) / half + 0.5, 0, 1))


def cell_hash(i: F32, j: F32, salt: float) -> F32:
    """A number 0..1 for every whole-numbered cell (i, j), the same each time."""
    wave = np.sin(i * np.float32(12.9898) + j * np.float32(78.233) + np.float32(salt)) * np.float32(43758.547)
    return np.asarray(wave - np.floor(wave))
