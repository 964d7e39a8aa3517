"""People on measured ground, as the scene tells of them, for tests of rules about crowds."""

import numpy as np

from edge.values.crowd import Floor, Heads, Width
from edge.values.fact import Fact, LinesWatched, Moving, Occupancy
from edge.values.walks import Walks
from tests.fakes.happenings import at

FLOOR = Floor(50.0, 2.0)


def walks(places: np.ndarray, speeds: np.ndarray, noise: float = 0.0) -> Walks:
    """Persons at these places n×2, metres, with these velocities n×2."""
    n = len(places)
    whole, sure = np.zeros(n, np.int64), np.full(n, 0.9)
    return Walks(np.arange(n), ("person",), whole, sure, places, speeds, np.full(n, noise))


def told(seconds: float, seen: Walks, per_m2: float | None = None, floor: Floor = FLOOR) -> tuple[Fact, ...]:
    """What the scene says of the zone `hall` and the line `gate`; the density is theirs unless given."""
    heads = float(len(seen)) if per_m2 is None else per_m2 * floor.m2
    moment = at(seconds)
    there = Occupancy(moment, "hall", (), (), floor, {"person": Heads(heads, 0.0)})
    moving = Moving(moment, seen, {"hall": np.arange(len(seen))})
    return (LinesWatched(moment, {"gate": Width(2.0, 0.05)}), moving, there)


def standing(n: int, spacing_m: float = 0.8, creep_mps: float = 0.05) -> Walks:
    """A straight line of people who hardly move."""
    places = np.column_stack([np.arange(n) * spacing_m, np.zeros(n)])
    return walks(places, np.tile([creep_mps, 0.0], (n, 1)))


def strolling(n: int, mps: float = 1.3, against: int = 0) -> Walks:
    """People who walk along x, some of them the other way."""
    rng = np.random.default_rng(n)
    ways = np.where(np.arange(n) < against, -1.0, 1.0)
    speeds = np.column_stack([ways * mps, rng.normal(0, 0.05, n)])
    return walks(rng.uniform(0, 7, (n, 2)), speeds)
