"""Answers of a blurred detector to simulated gatherings, kept so that a replay needs no simulation.

Written by `python -m tests.golden.gathered [NAME …]`: boxes off by 3 % of their height, a tenth of the people
missing in each picture, sides in whole pixels. A simulation of many steps may end elsewhere on another
processor; what it once made does not.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from edge.evaluate.crowds import SIZE
from edge.samples.gathering import Gathering
from edge.samples.gatherings import blocked, counterflow, panic, queue, rush, stop_and_go, surge, turbulence
from edge.values.frame import Size
from tests.golden.answers import LABELS, Answers

CROWDS = Path(__file__).parent / "crowds"
JITTER, MISSED = 0.03, 0.1
SEED = 21
SMALL = Size(64, 36)
"""Of the frames, at whose pixels nobody looks."""

SHOWN: dict[str, tuple[Callable[[], Gathering], float, float]] = {
    "counter-flow": (counterflow, 22.0, 62.0),
    "queue": (queue, 25.0, 85.0),
    "panic": (panic, 33.0, 51.0),
    "rush": (rush, 28.0, 58.0),
    "surge": (surge, 16.0, 42.0),
    "turbulence": (turbulence, 26.0, 42.0),
    "stop-and-go": (stop_and_go, 14.0, 62.0),
    "blocked-route": (blocked, 24.0, 56.0),
}
"""Which gathering, and from when to when, seconds."""


def gathered(name: str) -> Answers:
    """What a blurred detector answers to a stretch of a gathering."""
    make, begin_s, end_s = SHOWN[name]
    rng, boxes, times = np.random.default_rng([SEED, 5]), [], []
    for shot in make().shots(SEED):
        shown = shot.boxes()[shot.seen() & (rng.random(len(shot.ids)) >= MISSED)]
        off = rng.normal(0, JITTER, shown.shape) * (shown[:, 3:] - shown[:, 1:2])
        if begin_s <= shot.time_s <= end_s:
            boxes.append(np.clip(shown + off, 0, [*SIZE, *SIZE]).round())
            times.append(round((shot.time_s - begin_s) * 1e9))
    counts = np.array([len(some) for some in boxes], np.int16)
    flat = (np.concatenate(boxes) * (SMALL.width / SIZE.width)).astype(np.float32)
    n = len(flat)
    scores, classes = np.full(n, 0.9), np.full(n, LABELS.index("person"), np.int16)
    return Answers(name, SMALL, SIZE, np.array(times), counts, flat, scores, classes, CROWDS)


if __name__ == "__main__":
    for each in sys.argv[1:] or SHOWN:
        gathered(each).keep()
