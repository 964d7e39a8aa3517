"""Who stays where they are, and who has gone on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.things.stays import MOST_ROWS, Box, Stays, meeting, overlap, overlaps
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
    each = [overlap(*pair) for pair in pairs]
    assert overlaps(some, others).tolist() == pytest.approx(each)
    assert meeting(some, others).diagonal().tolist() == [share > 0 for share in each]


def test_whoever_stays_takes_one_row_and_whoever_walks_on_another() -> None:
    stays, still = Stays(), (1, (10.0, 10.0, 20.0, 40.0))
    for k in range(4):
        stays.note(tracks(still, (2, (10.0 + 8 * k, 50.0, 20.0 + 8 * k, 90.0))), float(k))
    rows = stays.during(0.0, 9.0)
    one, two = (rows[rows["track"] == track] for track in (1, 2))
    assert one[["from_s", "until_s"]].tolist() == [(0.0, 3.0)]
    assert two[["from_s", "until_s"]].tolist() == [(k, k) for k in range(4)]
    assert stays.here()["track"].tolist() == [1, 2]
    assert stays.here()["last"][1].tolist() == [34.0, 50.0, 44.0, 90.0]


@given(st.lists(st.frozensets(st.integers(0, 3)), max_size=12), st.integers(0, 6), st.integers(0, 6))
def test_who_was_there_is_who_came_before_and_left_after(
    seen: list[frozenset[int]], from_s: int, until_s: int
) -> None:
    stays, box = Stays(), (10.0, 10.0, 20.0, 40.0)
    for k, who in enumerate(seen):
        stays.note(tracks(*((track, box) for track in sorted(who))), float(k))
    there = {track for k in range(from_s, until_s + 1) if k < len(seen) for track in seen[k]}
    assert set(stays.during(from_s, until_s)["track"].tolist()) >= there
    assert set(stays.here()["track"].tolist()) == set(seen[-1] if seen else ())


def test_of_those_who_have_gone_the_oldest_are_forgotten_and_nobody_who_is_there() -> None:
    stays, parked = Stays(), (1, (10.0, 10.0, 20.0, 40.0))
    for k in range(3 * MOST_ROWS):
        stays.note(tracks(parked, (k + 2, (50.0, 10.0, 60.0, 40.0))), float(k))
    rows = stays.during(0.0, 3.0 * MOST_ROWS)
    assert MOST_ROWS <= len(rows) < 1.6 * MOST_ROWS
    assert rows["track"][0] == 1
    assert rows["from_s"][0] == 0.0
    assert rows["track"][1:].tolist() == list(range(3 * MOST_ROWS + 3 - len(rows), 3 * MOST_ROWS + 2))


def test_a_guessed_box_moves_nobody() -> None:
    stays = Stays()
    stays.note(tracks((1, (10.0, 10.0, 20.0, 40.0))), 0.0)
    stays.note(tracks((1, (50.0, 10.0, 60.0, 40.0)), seen=False), 1.0)
    (row,) = stays.during(0.0, 9.0)
    assert (row["box"][0], row["last"][0], row["until_s"]) == (10.0, 50.0, 1.0)


def test_nobody_is_nowhere() -> None:
    stays = Stays()
    stays.note(tracks(), 0.0)
    assert not len(stays.here())
