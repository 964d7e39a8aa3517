"""What is kept of where an object was: nothing from before a step that no object takes."""

import numpy as np

from edge.pace.trails import Trails
from tests.fakes.drive import ground_of_camera

STEP_NS = 200_000_000


def kept(spots: list[tuple[float, float]]) -> int:
    """How many places are known of one object that was seen at these, a fifth of a second apart."""
    trails, ids = Trails(ground_of_camera(None, 1.0)), np.array([7])
    for number, spot in enumerate(spots, start=1):
        trails.add(ids, np.array([spot]), np.array([0.1]), number * STEP_NS)
    return int(trails.window(ids, len(spots) * STEP_NS).known.sum())


def test_a_step_that_nothing_takes_begins_the_trail_anew() -> None:
    steady = [(0.40 + 0.005 * number, 0.8) for number in range(5)]
    assert kept([*steady, (0.425, 0.8)]) == 6
    assert kept([*steady, (0.9, 0.8)]) == 1
