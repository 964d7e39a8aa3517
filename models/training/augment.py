"""Random training pictures: scale, place, mosaics, light, blur, noise, grey, compression; in plain OpenCV.

A picture comes out at the network's size with its boxes; boxes that are too small, too cut off or too
doubtful to teach anything are kept as places to ignore. Every draw comes from the generator given, so a
seed repeats a training.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from models.training.data import DOUBT, SURE, Bytes, Floats, Ints, Labelled

Window = tuple[int, int, int, int]

PAD = 114
MOST_CLOSE = 4.0
"""Most that a picture is enlarged for a close view; beyond it there is nothing but blur."""
SMALLEST = 5.0
"""Shortest side sum (width + height) / 2, in pixels, of a box that is a label; smaller ones are ignored."""


@dataclass(frozen=True, slots=True)
class Variety:
    """How strongly to vary: shares of pictures 0..1.

    Scales are against a picture that just covers its place or, where `own_pixels`, against its own size.
    """

    four: float = 0.40
    nine: float = 0.10
    plain: float = 0.10
    close: float = 0.10
    least_scale: float = 0.75
    most_scale: float = 1.9
    own_pixels: bool = False
    grey: float = 0.08
    night: float = 0.10
    blur: float = 0.15
    noise: float = 0.25
    jpeg: float = 0.25


@dataclass(frozen=True, slots=True)
class Example:
    """Pixels RGB uint8 H×W×3; boxes n×4 corners, kinds n, weights n (teacher's score); ignore m×4 corners."""

    pixels: Bytes
    boxes: Floats
    kinds: Ints
    weights: Floats
    ignore: Floats


class Augment:
    """Makes one training picture at a time out of one, four or nine labelled ones."""

    def __init__(self, width: int, height: int, variety: Variety) -> None:
        self._width, self._height, self._variety = width, height, variety
        self._grain = np.random.default_rng(0).normal(0, 1, (2 * height, 2 * width, 3)).astype(np.float32)

    def wanted(self, rng: np.random.Generator) -> int:
        """How many pictures the next one takes: 1, 4 or 9."""
        one = 1 - self._variety.four - self._variety.nine
        return int(rng.choice((1, 4, 9), p=(one, self._variety.four, self._variety.nine)))

    def make(self, pictures: list[Labelled], rng: np.random.Generator) -> Example:
        """One picture, or a square number of them side by side with random borders."""
        canvas = np.full((self._height, self._width, 3), PAD, np.uint8)
        if rng.random() < 0.3:
            canvas[:] = rng.integers(0, 256, 3, dtype=np.uint8)
        parts = [
            self._place(picture, canvas, window, rng)
            for picture, window in zip(pictures, self._windows(math.isqrt(len(pictures)), rng), strict=True)
        ]
        boxes, kinds, scores, ignore = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Example(self._lit(canvas, rng), boxes, kinds, scores, ignore)

    def _windows(self, grid: int, rng: np.random.Generator) -> list[Window]:
        inner = np.arange(1, grid) / grid
        xs, ys = (
            [0, *(side * (inner + rng.uniform(-0.12, 0.12, grid - 1))).astype(int).tolist(), side]
            for side in (self._width, self._height)
        )
        return [(x1, y1, x2, y2) for y1, y2 in pairwise(ys) for x1, x2 in pairwise(xs)]

    def _place(
        self, picture: Labelled, canvas: Bytes, window: Window, rng: np.random.Generator
    ) -> tuple[Floats, Ints, Floats, Floats]:
        x1, y1, x2, y2 = window
        size = (x2 - x1, y2 - y1)
        matrix = self._matrix(picture, size, len(canvas) == y2 - y1, rng)
        shrinks = abs(np.linalg.det(matrix[:, :2])) < 0.3
        source = picture.pixels
        if shrinks:  # linear sampling below half size would alias; halve first
            source = _bytes(cv2.resize(source, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
        warp = matrix @ np.diag((2.0, 2.0, 1.0)) if shrinks else matrix
        canvas[y1:y2, x1:x2] = cv2.warpAffine(
            source, warp, size, dst=canvas[y1:y2, x1:x2].copy(), borderMode=cv2.BORDER_TRANSPARENT
        )
        return _labels(picture, matrix, size, np.array([x1, y1] * 2, np.float32))

    def _matrix(
        self, picture: Labelled, size: tuple[int, int], alone: bool, rng: np.random.Generator
    ) -> Floats:
        height, width = picture.pixels.shape[:2]
        variety = self._variety
        if alone and rng.random() < variety.plain:
            fit = min(size[0] / width, size[1] / height)
            return np.array([[fit, 0, 0], [0, fit, 0]], np.float32)
        focus, side = self._focus(picture, rng)
        cover = 1.0 if variety.own_pixels else max(size[0] / width, size[1] / height)
        scale = cover * np.exp(rng.uniform(np.log(variety.least_scale), np.log(variety.most_scale)))
        if rng.random() < variety.close and side:  # as near as people come to a door camera
            scale = np.clip(size[1] * rng.uniform(0.4, 1.3) / side, scale, MOST_CLOSE * cover)
        sx, sy = scale * rng.uniform(0.85, 1.15, 2)
        flip, tilt = rng.random() < 0.5, rng.normal(0, 0.03)
        turn = np.array([[-sx if flip else sx, sx * tilt], [-sy * tilt, sy]])
        low = np.minimum(0, turn @ [width, 0]) + np.minimum(0, turn @ [0, height])
        free = np.array(size) - np.abs(turn) @ [width, height]
        wish = np.array(size) * rng.uniform(0.2, 0.8, 2) - turn @ focus + low
        return np.column_stack((turn, np.clip(wish, np.minimum(free, 0), np.maximum(free, 0)) - low)).astype(
            np.float32
        )

    def _focus(self, picture: Labelled, rng: np.random.Generator) -> tuple[Floats, float]:
        """The point to look at, and the longer side of the object there; 0 for a place by chance."""
        height, width = picture.pixels.shape[:2]
        sure = picture.boxes[picture.scores >= SURE]
        if len(sure) and rng.random() < 0.7:
            box = sure[rng.integers(len(sure))]
            return np.asarray((box[:2] + box[2:]) / 2), float((box[2:] - box[:2]).max())
        return np.array([rng.random() * width, rng.random() * height], np.float32), 0.0

    def _lit(self, pixels: Bytes, rng: np.random.Generator) -> Bytes:
        variety = self._variety
        night = rng.random() < variety.night
        pixels = _toned(pixels, night, rng.random() < variety.grey, rng)
        if rng.random() < variety.blur:
            pixels = _bytes(cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.4, 1.3)))
        if night or rng.random() < variety.noise:
            pixels = self._grainy(pixels, rng.uniform(2, 14), rng)
        return _compressed(pixels, int(rng.integers(25, 90))) if rng.random() < variety.jpeg else pixels

    def _grainy(self, pixels: Bytes, strength: float, rng: np.random.Generator) -> Bytes:
        y, x = rng.integers(self._height), rng.integers(self._width)
        grain = self._grain[y : y + self._height, x : x + self._width] * np.float32(strength)
        return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def _toned(pixels: Bytes, night: bool, grey: bool, rng: np.random.Generator) -> Bytes:
    """Other light: gamma, contrast, brightness, tint and saturation, in one table and one mix."""
    tint = np.ones(3) if grey else rng.uniform(0.85, 1.15, 3)
    gain = rng.uniform(0.15, 0.5) if night else rng.uniform(0.7, 1.3)
    level = np.arange(256)[:, None] / 255
    curve = 255 * np.clip((level ** rng.uniform(0.75, 1.35) - 0.5) * rng.uniform(0.7, 1.25) + 0.5, 0, 1)
    table = np.clip(curve * tint * gain + rng.uniform(-12, 12), 0, 255).astype(np.uint8)
    pixels = _bytes(cv2.LUT(pixels, table[None]))
    if not grey and rng.random() < 0.5:
        return pixels
    flat = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    colour = 0.0 if grey else rng.uniform(0.2, 1.6)
    return _bytes(cv2.addWeighted(pixels, colour, flat, 1 - colour, 0))


def _compressed(pixels: Bytes, quality: int) -> Bytes:
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return _bytes(cv2.imdecode(encoded, cv2.IMREAD_COLOR))


def _bytes(pixels: object) -> Bytes:
    """What OpenCV gives, whose stubs promise any type of numbers."""
    return np.asarray(pixels, dtype=np.uint8)


def _labels(
    picture: Labelled, matrix: Floats, size: tuple[int, int], offset: Floats
) -> tuple[Floats, Ints, Floats, Floats]:
    corners = picture.boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    moved = corners @ matrix[:, :2].T + matrix[:, 2]
    whole = np.concatenate((moved.min(1), moved.max(1)), 1)
    seen = np.clip(whole, 0, np.array(size * 2))
    sides, full = seen[:, 2:] - seen[:, :2], whole[:, 2:] - whole[:, :2]
    share = sides.prod(1) / np.maximum(full.prod(1), 1e-6)
    there = (share > 0.1) & (sides.min(1) > 1) & (picture.scores >= DOUBT)
    teaches = there & (picture.scores >= SURE) & (share > 0.35) & (sides.mean(1) >= SMALLEST)
    seen = (seen + offset).astype(np.float32)
    return seen[teaches], picture.kinds[teaches], picture.scores[teaches], seen[there & ~teaches]
