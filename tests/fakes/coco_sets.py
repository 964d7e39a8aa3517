"""Random labelled pictures with answers of a middling detector, for figures that two programs compute."""

import numpy as np

from edge.evaluate.coco import Labelled

CLASSES = 3
SIDE = 640


def labelled(seed: int, count: int = 20) -> list[Labelled]:
    """Pictures with objects of all sizes, some of them crowds, and detections near and far from them."""
    chance = np.random.default_rng(seed)
    return [_picture(chance) for _ in range(count)]


def _picture(chance: np.random.Generator) -> Labelled:
    m = int(chance.integers(0, 12))
    boxes = _boxes(chance, m)
    classes = chance.integers(0, CLASSES, m)
    kept = chance.random(m) < 0.8
    near = (
        boxes[kept]
        + chance.normal(0, 1, (int(kept.sum()), 4)) * (boxes[kept][:, 2:3] - boxes[kept][:, :1]) * 0.12
    )
    near[:, 2:] = np.maximum(near[:, 2:], near[:, :2] + 1)
    far = _boxes(chance, int(chance.integers(0, 10)))
    found = np.concatenate([near, near[: len(near) // 3] + 2, far])
    wrong = chance.integers(0, CLASSES, len(found) - len(near))
    sides = boxes[:, 2:] - boxes[:, :2]
    return Labelled(
        found=found,
        scores=chance.choice(np.linspace(0.05, 0.95, 19), len(found)),
        found_classes=np.concatenate([classes[kept], wrong]),
        boxes=boxes,
        classes=classes,
        areas=sides.prod(axis=1) * chance.uniform(0.5, 1.0, m),
        crowd=chance.random(m) < 0.1,
    )


def _boxes(chance: np.random.Generator, n: int) -> np.ndarray:
    sides = np.exp(chance.uniform(np.log(8), np.log(250), (n, 2)))
    corner = chance.uniform(0, SIDE - 250, (n, 2))
    return np.concatenate([corner, corner + sides], axis=1)
