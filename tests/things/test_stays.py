"""Who stays where they are, and who has gone on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.things.stays import Box, Stays, overlap, overlaps
from edge.values.tracks import Tracks

BOXES = st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(41, 60)] * 2).map(
    lambda box: tuple(map(float, box))
)


def tracks(*who: tuple[int, Box], seen: bool = True) -> Tracks:
    n, boxes = len(who), np.array([box for _, box in who], np.float32).reshape(-1, 4)
    some, kinds = np.full(n, seen), np.zeros(n, np.int16)
    ids, ages = np.array([track for track, _ in who], np.int64), np.ones(n, np.int32)
    return Tracks(ids, boxes, np.ones(n, np.float32), kinds, ages, np.ones(n, np.bool_), some)


@given(st.lists(st.tuples(BOXES, BOXES)))
def test_overlaps_of_many_are_those_of_each(pairs: list[tuple[Box, Box]]) -> None:
    some, others = (np.array([pair[k] for pair in pairs], np.float64).reshape(-1, 4) for k in (0, 1))
    assert overlaps(some, others).tolist() == pytest.approx([overlap(*pair) for pair in pairs])


def test_whoever_stays_takes_one_row_and_whoever_walks_on_another() -> None:
    stays, still = Stays(), (1, (10.0, 10.0, 20.0, 40.0))
    for k in range(4):
        stays.note(tracks(still, (2, (10.0 + 8 * k, 50.0, 20.0 + 8 * k, 90.0))), float(k))
    rows = list(stays.during(0.0, 9.0))
    assert [(row.track, row.from_s, row.until_s) for row in rows if row.track == 1] == [(1, 0.0, 3.0)]
    assert [(row.from_s, row.until_s) for row in rows if row.track == 2] == [(k, k) for k in range(4)]


@given(
    st.lists(st.tuples(st.integers(0, 3), BOXES), max_size=12), BOXES, st.integers(0, 6), st.integers(0, 6)
)
def test_who_touched_a_place_is_who_was_there_and_overlaps_with_it(
    seen: list[tuple[int, Box]], thing: Box, from_s: int, until_s: int
) -> None:
    stays = Stays()
    for k, who in enumerate(seen):
        stays.note(tracks(who), float(k))
    there = [stay for stay in stays.during(from_s, until_s) if overlap(thing, stay.last) > 0]
    assert list(stays.touching(thing, from_s, until_s)) == there


def test_a_guessed_box_moves_nobody() -> None:
    stays = Stays()
    stays.note(tracks((1, (10.0, 10.0, 20.0, 40.0))), 0.0)
    stays.note(tracks((1, (50.0, 10.0, 60.0, 40.0)), seen=False), 1.0)
    (row,) = stays.during(0.0, 9.0)
    assert (row.box[0], row.last[0], row.until_s) == (10.0, 50.0, 1.0)


def test_nobody_is_nowhere() -> None:
    stays = Stays()
    stays.note(tracks(), 0.0)
    assert not list(stays.here())
