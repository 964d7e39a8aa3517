"""Answers of a blurred detector to drawn roads, platforms, yards, fences and entrances, kept for replays.

Written by `python -m tests.golden.driven [SCENE …]`: boxes off by 3 % of their height, a tenth of the bodies
missing in each picture, sides in whole pixels of the source.
"""

import sys
from pathlib import Path

import numpy as np

from edge.evaluate.place_rules import every_place
from edge.evaluate.sight import Drawn, Eyes
from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment
from tests.golden.answers import LABELS, START_NS, Answers

STREETS = Path(__file__).parent / "streets"
SHOWN = {
    "speeds-day": "speed",
    "breakdown": "stopped",
    "wrong-way-day": "line-crossing",
    "platform": "zone-entry",
    "counts-dusk": "line-crossing",
    "after-hours": "occupancy",
    "patrol": "occupancy",
    "perimeter-night": "line-crossing",
    "loitering-dusk": "dwell",
    "ward": "zone-exit",
}
"""Which scenes, and the kind of event that each is for."""
VESTED = (*LABELS, "person-in-vest")
"""Classes of a model that knows uniforms."""
EYES, SEED = Eyes(jitter=0.03, missed=0.1), 21
SOURCE, SMALL = Size(1664, 936), Size(64, 36)
"""Of the camera, and of the frames, at whose pixels nobody looks."""


def driven(name: str) -> Answers:
    """What a blurred detector answers to a scene."""
    (place,) = (each for each in every_place() if each.scene.name == name)
    sight, answers, times = Drawn(EYES, np.random.default_rng([SEED, 6]), VESTED), [], []
    for pixels, truth in place.shots(SEED):
        ns = round(truth.pts_s * 1e9)
        moment = Moment(ns, place.begins_ns + ns, ClockTrust.REPLAY)
        frame = Frame(name, "golden", truth.index, moment, pixels, place.scene.size)
        answers.append(sight.look(frame, truth))
        times.append(ns)
    scale = SOURCE.width / place.scene.size.width
    flat = (np.concatenate([each.boxes for each in answers]) * scale).round() * (SMALL.width / SOURCE.width)
    return Answers(
        name,
        SMALL,
        SOURCE,
        np.array(times),
        np.array([len(each) for each in answers], np.int16),
        flat.astype(np.float32),
        np.concatenate([each.scores for each in answers]),
        np.concatenate([each.classes for each in answers]),
        STREETS,
        place.begins_ns if name == "after-hours" else START_NS,
    )


if __name__ == "__main__":
    for each in sys.argv[1:] or SHOWN:
        driven(each).keep()
