"""Cameras are spread over workers, each exactly once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.run.assign import Move, halves, regroup, spread

names = st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, max_size=20)


@given(names, st.integers(1, 8), st.data())
def test_every_camera_is_in_exactly_one_group(cameras: list[str], workers: int, data: st.DataObject) -> None:
    alone = data.draw(st.sets(st.sampled_from(cameras))) if cameras else set()
    groups = spread(cameras, alone, workers)
    assert sorted(camera for group in groups for camera in group) == sorted(cameras)
    assert all(group for group in groups)
    assert all(len(group) == 1 for group in groups if set(group) & alone)
    shared = [group for group in groups if not set(group) & alone]
    assert len(shared) <= workers
    assert max(map(len, shared), default=0) - min(map(len, shared), default=0) <= 1


@given(names, names, st.integers(1, 8), st.data())
def test_who_is_watched_stays_where_he_is(
    before: list[str], cameras: list[str], workers: int, data: st.DataObject
) -> None:
    alone = data.draw(st.sets(st.sampled_from(cameras))) if cameras else set()
    served = spread(before, (), workers)
    moves = regroup(served, cameras, alone, workers)
    assert sorted(camera for move in moves for camera in move.after) == sorted(cameras)
    assert all(move.before in (*served, ()) for move in moves)
    stayed = {camera for move in moves for camera in move.before if camera in move.after}
    assert stayed >= set(before) & set(cameras) - alone
    assert len([move for move in moves if not set(move.after) & alone]) <= workers


def test_a_new_camera_goes_to_a_new_worker_else_to_the_one_with_fewest() -> None:
    assert regroup([("a",)], ["a", "b"], (), 2) == (Move(("a",), ("a",)), Move((), ("b",)))
    assert regroup([("a", "c"), ("b",)], ["d", "a", "b", "c"], (), 2)[1] == Move(("b",), ("b", "d"))


def test_a_worker_whose_cameras_are_gone_has_nothing_left_to_do() -> None:
    assert regroup([("a",), ("b",)], ["a"], (), 2) == (Move(("a",), ("a",)),)


def test_no_worker_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1 worker"):
        spread(["a"], (), 0)


@given(names.filter(bool))
def test_halving_isolates_any_camera_in_few_steps(cameras: list[str]) -> None:
    group, steps = tuple(cameras), 0
    while len(group) > 1:
        group = next(part for part in halves(group) if cameras[-1] in part)
        steps += 1
    assert group == (cameras[-1],)
    assert steps <= max(len(cameras) - 1, 0).bit_length()
