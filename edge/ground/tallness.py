"""How tall people are by a ground that was measured without them: a wrong unit makes them giants, or dwarfs.

Law: of each sighting the height that reaches from the feet to the seen head; of each person the median, and
of those the median. Feet that reach towards the camera make it some percent too much (`stature.DEPTH_M`).
"""

import numpy as np

from edge.ground.above import seen_above
from edge.ground.plane import Ground
from edge.ground.stature import STATURE_M, Standing

FEWEST = 5
"""People; fewer may be children."""
TALLEST_OFF = 1.3
"""By this factor nobody's mean height differs: adult means range from 1.60 to 1.78 m in shoes."""
ROUNDS = 12


def tallness_m(people: Standing, ground: Ground) -> float | None:
    """Median height of people over a ground, metres; None of fewer than five, or where it cannot be told."""
    tall = (people.feet - people.heads)[:, 1]
    height = STATURE_M
    for _ in range(ROUNDS):
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = tall / (people.feet - seen_above(ground, people.feet, height))[:, 1]
        sound = np.isfinite(ratio) & (ratio > 0)
        each = [np.median(ratio[sound & (people.who == who)]) for who in np.unique(people.who[sound])]
        if len(each) < FEWEST:
            return None
        height *= float(np.median(each))
    return height
