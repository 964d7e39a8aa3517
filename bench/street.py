"""Procedural streets for the tracker's benchmark: boxes with exact truth, and what a detector makes of them.

People, cyclists and cars move over a ground plane before a tilted camera, nearer ones hide farther ones, and
the simulated detector misses, jitters, invents, and scores low what it half sees.
"""

from dataclasses import dataclass

import numpy as np

from edge.values.detections import Detections
from edge.values.moment import Moment

FPS = 5.0
WIDTH, HEIGHT, FOCAL, CAMERA_M, TILT = 640, 360, 480.0, 6.0, np.radians(22.0)


@dataclass(frozen=True)
class Kind:
    code: int
    high_m: float
    wide_m: float
    speed_ms: tuple[float, float]
    street_m: float = 0.0  # keeps to a street at this distance


PERSON = Kind(0, 1.72, 0.62, (0.9, 1.7))
RUNNER = Kind(0, 1.72, 0.75, (2.8, 4.0))
CYCLIST = Kind(1, 1.75, 1.5, (3.5, 6.0), 11.0)
CAR = Kind(2, 1.5, 4.2, (6.0, 14.0), 15.0)


@dataclass(frozen=True)
class Scene:
    name: str
    who: tuple[tuple[Kind, int], ...]
    frames: int = 200
    gaps: float = 0.0  # share of sampled frames that never reach the tracker


STREET = ((PERSON, 8), (CYCLIST, 4), (CAR, 5))
SCENES = (
    Scene("plaza, 14", ((PERSON, 12), (RUNNER, 2))),
    Scene("street, 17", STREET),
    Scene("street, 40 % of frames lost", STREET, gaps=0.4),
    Scene("crowd of 40", ((PERSON, 40),)),
    Scene("crowd of 150", ((PERSON, 150),), frames=100),
)


@dataclass(frozen=True)
class Shot:
    moment: Moment
    ids: np.ndarray
    boxes: np.ndarray
    detections: Detections


def shots(scene: Scene, seed: int) -> list[Shot]:
    rng = np.random.default_rng(seed)
    kinds = [kind for kind, n in scene.who for _ in range(n)]
    n = len(kinds)
    high, wide = (np.array([(k.high_m, k.wide_m) for k in kinds]) * rng.uniform(0.9, 1.1, (n, 2))).T
    codes, ids = np.array([k.code for k in kinds]), np.arange(n)
    place = anywhere(rng, n)
    goal, pace = goals(rng, kinds, place)
    out = []
    for frame in range(scene.frames):
        for _ in range(5):
            place, there = walked(place, goal, pace / (5 * FPS))
            new_goal, new_pace = goals(rng, kinds, place)
            goal, pace = np.where(there[:, None], new_goal, goal), np.where(there, new_pace, pace)
        boxes, depth = projected(place, high, wide)
        inside = (boxes[:, 2] > 8) & (boxes[:, 0] < WIDTH - 8)
        ids = np.where(inside, ids, ids + n)  # who left the picture comes back as somebody else
        if frame and rng.random() < scene.gaps:
            continue
        visible = uncovered(boxes, depth) * inside
        clear, at = visible >= 0.25, round(frame / FPS * 1e9)
        out.append(Shot(Moment(at, at), ids[clear], boxes[clear], detected(rng, boxes, codes, visible)))
    return out


def anywhere(rng, n):
    deep = rng.uniform(8.0, 30.0, n)
    return np.stack([rng.uniform(-0.62, 0.62, n) * deep, deep], axis=1)


def goals(rng, kinds, place):
    """Persons go anywhere and may nearly stand; the others along their street to beyond the picture."""
    goal = anywhere(rng, len(kinds))
    side = np.sign(place[:, 0])
    street = np.array([k.street_m for k in kinds])
    deep = street + 4.0 * (side > 0)
    goal = np.where(street[:, None] > 0, np.stack([-side * deep, deep], axis=1), goal)
    pace = np.array([rng.uniform(*k.speed_ms) for k in kinds])
    return goal, np.where((rng.random(len(kinds)) < 0.15) & (street == 0), 0.25, pace)


def walked(place, goal, step):
    way = goal - place
    far = np.maximum(np.hypot(*way.T), 1e-9)
    return place + way / far[:, None] * np.minimum(step, far)[:, None], far < 0.3


def projected(place, high, wide):
    def row(up):
        drop = CAMERA_M - up
        depth = place[:, 1] * np.cos(TILT) + drop * np.sin(TILT)
        return HEIGHT / 2 + FOCAL * (drop * np.cos(TILT) - place[:, 1] * np.sin(TILT)) / depth, depth

    (foot, depth), (head, _) = row(0.0), row(high)
    x, half = WIDTH / 2 + FOCAL * place[:, 0] / depth, 0.5 * FOCAL * wide / depth
    return np.stack([x - half, head, x + half, foot], axis=1), depth


def uncovered(boxes, depth):
    """Share of each box that no nearer box covers, on an 8×8 grid of points."""
    grid = (np.arange(8) + 0.5) / 8
    x, y = (boxes[:, a, None] + (boxes[:, a + 2] - boxes[:, a])[:, None] * grid for a in (0, 1))
    inside = [
        (at[:, None] > boxes[None, :, a, None]) & (at[:, None] < boxes[None, :, a + 2, None])
        for a, at in ((0, x), (1, y))
    ]
    nearer = (depth[None, :] < depth[:, None])[:, :, None]
    hidden = np.einsum("ijx,ijy->ixy", (inside[0] & nearer).astype(float), inside[1].astype(float)) > 0
    return 1.0 - hidden.mean(axis=(1, 2))


def detected(rng, boxes, codes, visible) -> Detections:
    n, ghosts = len(boxes), rng.poisson(0.15)
    hit = rng.random(n) < np.clip((visible - 0.15) / 0.45, 0.0, 0.96)
    size = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    jitter = (0.04 + 0.08 * (1.0 - visible))[:, None] * size * rng.normal(0, 1, (n, 4))
    score = np.clip(0.3 + 0.5 * visible + rng.normal(0, 0.1, n), 0.1, 0.97)
    called = np.where((codes == 2) & (rng.random(n) < 0.1), 3, codes)  # one car in ten is called a truck
    corner = rng.uniform((0, 80), (WIDTH - 40, HEIGHT - 80), (ghosts, 2))
    ghost = np.concatenate([corner, corner + rng.uniform(15, 70, (ghosts, 2))], axis=1)
    found = np.concatenate([(boxes + jitter)[hit], ghost])
    found[:, 2:] = np.maximum(found[:, 2:], found[:, :2] + 2.0)
    scores = np.concatenate([score[hit], rng.uniform(0.15, 0.55, ghosts)])
    return Detections.of(found, scores, np.concatenate([called[hit], np.zeros(ghosts)]))
