"""Who is told from the air, where the boxes of several lie one upon the other."""

import numpy as np

from edge.evaluate.flights import who_is_who
from edge.samples.overflight import Overflight, Shot
from edge.values.tracks import Tracks

CAR, WALKER, CAR_TRACK, WALKER_TRACK = 18, 3, 70, 71


def shot(boxes: dict[int, list[float]]) -> Shot:
    flight = Overflight(1)
    ids, pixels = np.array(list(boxes), np.int64), np.zeros((216, 384, 3), np.uint8)
    where = np.array(list(boxes.values()), np.float32)
    return Shot(
        0.0, pixels, flight.fix(0.0), ids, np.zeros(len(ids), np.int16), where, np.zeros((len(ids), 2))
    )


def tracks(boxes: dict[int, list[float]], unseen: frozenset[int] = frozenset()) -> Tracks:
    n, yes = len(boxes), np.ones(len(boxes), np.bool_)
    ids, where = np.array(list(boxes), np.int64), np.array(list(boxes.values()), np.float32)
    seen = np.array([track not in unseen for track in boxes])
    return Tracks(
        ids, where, yes.astype(np.float32), np.zeros(n, np.int16), np.full(n, 9, np.int32), yes, seen
    )


def test_a_car_that_is_told_beside_a_walker_is_the_car_though_the_walker_is_nearer_to_its_middle() -> None:
    there = shot({WALKER: [18, 6, 22, 16], CAR: [0, 0, 40, 20]})
    assert who_is_who(there, tracks({CAR_TRACK: [1, 1, 42, 22]})) == {CAR_TRACK: CAR}
    both = tracks({CAR_TRACK: [1, 1, 42, 22], WALKER_TRACK: [18, 7, 22, 17]})
    assert who_is_who(there, both) == {CAR_TRACK: CAR, WALKER_TRACK: WALKER}


def test_nobody_is_followed_by_two_and_who_is_not_seen_follows_nobody() -> None:
    there = shot({CAR: [0, 0, 40, 20]})
    twice = {CAR_TRACK: [0.0, 0, 40, 20], WALKER_TRACK: [2.0, 0, 44, 20]}
    assert who_is_who(there, tracks(twice)) == {CAR_TRACK: CAR}
    assert who_is_who(there, tracks(twice, frozenset({CAR_TRACK}))) == {WALKER_TRACK: CAR}
    assert who_is_who(there, tracks({CAR_TRACK: [60, 60, 80, 80]})) == {}
