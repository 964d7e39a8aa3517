"""Random runs to score; the legacy generator is used because its stream never changes."""

import numpy as np

from edge.evaluate.average_precision import Picture
from edge.evaluate.overlap import overlap
from edge.evaluate.tracking import Seen


def tracked_run(seed: int) -> list[Seen]:
    """Objects that wander, and tracks that jitter, miss, invent, switch and swap."""
    chance = np.random.RandomState(seed)
    n, frames = chance.randint(2, 9), chance.randint(10, 40)
    noise, drop, switch = chance.uniform(0.5, 8), chance.uniform(0, 0.4), chance.uniform(0, 0.08)
    start, pace, size = (
        chance.uniform(0, 200, (n, 2)),
        chance.normal(0, 4, (n, 2)),
        chance.uniform(20, 60, (n, 2)),
    )
    ids, fresh = np.arange(n), n
    run = []
    for frame in range(frames):
        middle = start + pace * frame
        true = np.concatenate([middle - size / 2, middle + size / 2], axis=1)
        for i in range(n):
            if chance.uniform() < switch:
                ids[i], fresh = fresh, fresh + 1
        if chance.uniform() < 2 * switch:
            i, j = chance.permutation(n)[:2]
            ids[i], ids[j] = ids[j], ids[i]
        here = chance.uniform(size=n) < 0.9
        seen = here & (chance.uniform(size=n) > drop)
        boxes = true[seen] + chance.normal(0, noise, (seen.sum(), 4))
        ghosts = chance.randint(0, 2)
        boxes = np.concatenate([boxes, np.tile([210.0, 210.0, 240.0, 260.0], (ghosts, 1))])
        tracks = np.concatenate([ids[seen], np.arange(fresh, fresh + ghosts)])
        fresh += ghosts
        run.append(Seen(np.flatnonzero(here), tracks, overlap(true[here], boxes)))
    return numbered(run)


def numbered(run: list[Seen]) -> list[Seen]:
    """The same run with ids that count from 0 without gaps."""
    truths, tracks = (
        np.unique(np.concatenate([f.truth for f in run])),
        np.unique(np.concatenate([f.tracks for f in run])),
    )
    return [
        Seen(np.searchsorted(truths, f.truth), np.searchsorted(tracks, f.tracks), f.similarity) for f in run
    ]


def pictures(seed: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Pictures with truths (some ignored) and detections (some doubled, some of equal score)."""
    chance = np.random.RandomState(seed)
    found = []
    for _ in range(chance.randint(2, 12)):
        n, ghosts = chance.randint(0, 8), chance.randint(0, 4)
        corner = chance.uniform(0, 200, (n + ghosts, 2))
        boxes = np.concatenate([corner, corner + chance.uniform(10, 80, (n + ghosts, 2))], axis=1)
        truth, ignored = boxes[:n], chance.uniform(size=n) < 0.2
        hit = truth[chance.uniform(size=n) < 0.8]
        hit = hit + chance.normal(0, chance.uniform(1, 10), hit.shape)
        some = np.concatenate([hit, boxes[n:], hit[chance.uniform(size=len(hit)) < 0.2] + 1.0])
        some[:, 2:] = np.maximum(some[:, 2:], some[:, :2] + 1.0)
        found.append((truth, ignored, some, np.round(chance.uniform(size=len(some)), 2)))
    return found


def as_pictures(boxes: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]) -> list[Picture]:
    return [Picture(scores, overlap(some, truth), ignored) for truth, ignored, some, scores in boxes]
