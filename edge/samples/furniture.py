"""Street furniture: lamps, poles, trees and the like, as sprites that hide what is behind them."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge.samples.camera import Pinhole
from edge.samples.capsule import F32, Capsules, paint_body
from edge.samples.light import LAMP_HEIGHT_M, Lit
from edge.samples.scene import Fixture, FixtureKind
from edge.samples.sprite import Sprite

_METAL, _BARK, _SHINE, _GREY, _YELLOW, _SIGN, _LEAF = range(7)
_PALETTE = np.array(
    [
        [0.30, 0.31, 0.32],
        [0.30, 0.24, 0.18],
        [3.0, 2.6, 1.9],
        [0.25, 0.27, 0.26],
        [0.62, 0.52, 0.16],
        [0.16, 0.28, 0.55],
        [0.28, 0.36, 0.17],
    ],
    np.float32,
)


@dataclass(frozen=True, slots=True)
class _Rod:
    start: tuple[float, float, float]
    end: tuple[float, float, float]
    first_m: float
    last_m: float
    material: int


def _rods(kind: FixtureKind) -> list[_Rod]:
    if kind in (FixtureKind.LAMP, FixtureKind.FLICKERING_LAMP):
        return [
            _Rod((0, 0, 0), (0, 0, LAMP_HEIGHT_M), 0.09, 0.05, _METAL),
            _Rod((0, 0, LAMP_HEIGHT_M), (0, -0.9, LAMP_HEIGHT_M + 0.1), 0.05, 0.05, _METAL),
            _Rod((0, -0.7, LAMP_HEIGHT_M), (0, -1.2, LAMP_HEIGHT_M), 0.10, 0.10, _SHINE),
        ]
    if kind is FixtureKind.TREE:
        return [
            _Rod((0, 0, 0), (0, 0, 3), 0.11, 0.11, _BARK),
            _Rod((0, 0, 3.4), (0, 0, 4.2), 1.5, 1.3, _LEAF),
        ]
    if kind is FixtureKind.POLE:
        return [
            _Rod((0, 0, 0), (0, 0, 3.2), 0.05, 0.05, _METAL),
            _Rod((0, -0.06, 2.85), (0, -0.06, 2.9), 0.3, 0.3, _SIGN),
        ]
    if kind is FixtureKind.GATE_POST:
        return [
            _Rod((0, 0, 0), (0, 0, 2.4), 0.16, 0.15, _METAL),
            _Rod((0, 0, 2.4), (0, 0, 2.5), 0.2, 0.2, _METAL),
        ]
    if kind is FixtureKind.BIN:
        return [
            _Rod((0, 0, 0.3), (0, 0, 0.75), 0.24, 0.25, _GREY),
            _Rod((0, 0, 0), (0, 0, 0.3), 0.18, 0.22, _GREY),
        ]
    return [
        _Rod((0, 0, 0), (0, 0, 0.85), 0.07, 0.06, _METAL),
        _Rod((0, 0, 0.7), (0, 0, 0.72), 0.075, 0.075, _YELLOW),
    ]


def paint_fixture(fixture: Fixture, camera: Pinhole, lit: Lit, rng: np.random.Generator) -> Sprite | None:
    """The sprite of a fixture; None if it is behind the camera."""
    if fixture.kind is FixtureKind.TREE:
        return _tree(fixture, camera, lit, rng)
    return paint_body(fixture_body(fixture), _PALETTE, camera, lit, np.ones((4, 4), np.float32))


def fixture_body(fixture: Fixture) -> Capsules:
    """The shape of a fixture; of a tree only an outline, which is enough for its shadow."""
    rods = _rods(fixture.kind)
    place = np.array([fixture.x_m, fixture.y_m, 0.0])
    return Capsules(
        np.array([rod.start for rod in rods]) + place,
        np.array([rod.end for rod in rods]) + place,
        np.array([(rod.first_m, rod.last_m) for rod in rods]),
        np.array([rod.material for rod in rods]),
    )


def _tree(fixture: Fixture, camera: Pinhole, lit: Lit, rng: np.random.Generator) -> Sprite | None:
    """A trunk under a crown of a few hundred tufts, darker inside and below."""
    base = np.array([fixture.x_m, fixture.y_m, 0.0])
    tall, wide = rng.uniform(3.2, 4.4), rng.uniform(1.3, 2.0)
    n = 640
    tufts = rng.standard_normal((n, 3))
    tufts *= (rng.random((n, 1)) ** 0.4) * wide / np.linalg.norm(tufts, axis=1, keepdims=True)
    points = tufts * [1, 1, 0.85] + base + np.array([0, 0, tall])
    pixels, depth = camera.project(np.vstack([points, base, base + np.array([0, 0, tall])]))
    if depth.min() < 1.0:
        return None
    reach = 0.3 * wide * camera.focal_px / depth.min()
    low, high = np.floor(pixels.min(axis=0) - reach), np.ceil(pixels.max(axis=0) + reach)
    width, height = (int(v) for v in high - low)
    if max(width, height) > 4 * camera.width:
        return None
    colour, mask = np.zeros((height, width, 3), np.uint8), np.zeros((height, width), np.uint8)
    trunk = (pixels[n:] - low).astype(int).tolist()
    thick = max(1, int(0.22 * camera.focal_px / depth[-1]))
    light = lit.of((0.0, 0.0, -1.0))
    cv2.line(colour, trunk[0], trunk[1], _rgb(_PALETTE[_BARK] * light), thick)
    cv2.line(mask, trunk[0], trunk[1], 1, thick)
    leaf = _PALETTE[_LEAF] * np.float32(rng.uniform(0.7, 1.2))
    for i in np.argsort(-depth[:n]).tolist():
        toward = tufts[i] / wide
        shade = lit.of(tuple((camera.rotation @ toward).tolist())) * (0.65 + 0.5 * rng.random())
        centre = (pixels[i] - low).astype(int).tolist()
        axes = (
            np.maximum(1, rng.uniform(0.035, 0.09, 2) * wide * camera.focal_px / depth[i])
            .astype(int)
            .tolist()
        )
        angle = float(rng.uniform(0, 180))
        cv2.ellipse(colour, centre, axes, angle, 0, 360, _rgb(leaf * shade), -1)
        cv2.ellipse(mask, centre, axes, angle, 0, 360, 1, -1)
    return Sprite(int(low[0]), int(low[1]), colour, mask.view(np.bool_))


def _rgb(colour: F32) -> list[float]:
    return np.clip(colour * 255, 0, 255).tolist()  # type: ignore[no-any-return]
