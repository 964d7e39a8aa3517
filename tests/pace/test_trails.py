"""What is kept of where an object was: nothing from before a step that no object takes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.pace.trails import KEEP_S, Trails
from tests.fakes.drive import ground_of_camera

STEP_NS = 200_000_000


def kept(spots: list[tuple[float, float]]) -> int:
    """How many places are known of one object that was seen at these, a fifth of a second apart."""
    trails, ids = Trails(ground_of_camera(None, 1.0)), np.array([7])
    for number, spot in enumerate(spots, start=1):
        trails.add(ids, np.array([spot]), np.array([[0.1], [0.1]]), number * STEP_NS)
    return int(trails.places(ids, len(spots) * STEP_NS).window(np.array([True])).known.sum())


def test_a_step_that_nothing_takes_begins_the_trail_anew() -> None:
    steady = [(0.40 + 0.005 * number, 0.8) for number in range(5)]
    assert kept([*steady, (0.425, 0.8)]) == 6
    assert kept([*steady, (0.9, 0.8)]) == 1


@given(st.lists(st.frozensets(st.integers(1, 12)), min_size=1, max_size=40))
def test_whoever_comes_and_goes_has_the_places_where_they_were_seen_and_nobody_elses(
    seen: list[frozenset[int]],
) -> None:
    trails, last = Trails(ground_of_camera(None, 1.0)), dict[int, int]()
    for k, who in enumerate(seen):
        ids = np.array(sorted(who), np.int64)
        trails.add(
            ids, np.stack([ids / 20, np.full(len(ids), 0.8)], axis=1), np.stack([ids, ids]) / 100, k * STEP_NS
        )
        last |= dict.fromkeys(who, k)
        known = {each for each, at in last.items() if (k - at) * STEP_NS <= KEEP_S * 1e9}
        assert known == set(trails.ids.tolist())
        everyone = np.array(sorted(known), np.int64)
        window = trails.places(everyone, k * STEP_NS).window(np.ones(len(everyone), np.bool_))
        lately = seen[: k + 1][-len(window.times_s) :]
        for column, each in enumerate(everyone.tolist()):
            heights = [each / 100 if each in who else 0.0 for who in lately]
            assert window.heights[:, column].tolist() == heights


def test_who_has_gone_is_forgotten_though_nobody_new_comes() -> None:
    trails = Trails(ground_of_camera(None, 1.0))
    for k in range(17):
        ids = np.array([1, 2] if k == 0 else [2])
        trails.add(ids, np.stack([ids / 20, ids / 2.5], axis=1), np.stack([ids, ids]) / 100, k * STEP_NS)
        assert trails.ids.tolist() == ([1, 2] if k * STEP_NS <= KEEP_S * 1e9 else [2])
