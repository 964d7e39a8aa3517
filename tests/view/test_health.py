"""A camera's state: what its capture lives through and what its pictures show, told once for each change."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.values.camera_state import CameraState, Reason
from edge.values.moment import ClockTrust, Moment
from edge.view.health import OF_PICTURE, CameraHealth

START = Moment(0, 0, ClockTrust.REPLAY)
PICTURES = (Reason.NONE, Reason.DARK_PICTURE, Reason.SAME_PICTURE)
VIEWS = tuple(set(OF_PICTURE) - {Reason.DARK_PICTURE, Reason.SAME_PICTURE})


def health() -> CameraHealth:
    watched = CameraHealth("gate", START)
    watched.saw(Reason.NONE, START.plus(1))
    return watched


@pytest.mark.parametrize("view", sorted(set(VIEWS) - {Reason.NONE}))
def test_what_the_pictures_show_is_told_and_withdrawn(view: Reason) -> None:
    watched = health()
    told = watched.viewed(view, START.plus(5))
    assert told is not None
    assert (told.state, told.reason, told.since) == (CameraState.IMPAIRED, view, START.plus(5))
    assert watched.viewed(view, START.plus(6)) is None, "told once"
    assert watched.saw(Reason.NONE, START.plus(6)) is None, "a picture that comes does not withdraw it"
    back = watched.viewed(Reason.NONE, START.plus(9))
    assert back is not None
    assert (back.state, back.since) == (CameraState.OK, START.plus(9))


def test_a_lost_camera_is_dead_whatever_was_seen_and_impaired_again_when_it_comes_back() -> None:
    watched = health()
    watched.viewed(Reason.COVERED_PICTURE, START.plus(2))
    watched.failed(Reason.HUNG, START.plus(3))
    assert watched.report.state is CameraState.DEAD
    assert watched.viewed(Reason.MOVED_PICTURE, START.plus(4)) is None, "no picture comes"
    back = watched.saw(Reason.NONE, START.plus(5))
    assert back is not None
    assert (back.state, back.reason) == (CameraState.IMPAIRED, Reason.MOVED_PICTURE)


def test_a_dark_picture_is_black_first_of_all_and_a_drawn_one_is_no_frozen_one() -> None:
    watched = health()
    watched.viewed(Reason.COVERED_PICTURE, START.plus(2))
    watched.saw(Reason.DARK_PICTURE, START.plus(3))
    assert watched.report.state is CameraState.BLACK
    watched = health()
    watched.viewed(Reason.NO_SIGNAL_PICTURE, START.plus(2))
    assert watched.saw(Reason.SAME_PICTURE, START.plus(60)) is None


def test_a_screen_of_pure_blue_is_a_lost_signal_and_no_dark_picture() -> None:
    watched = health()
    watched.viewed(Reason.NO_SIGNAL_PICTURE, START.plus(3))
    assert watched.saw(Reason.DARK_PICTURE, START.plus(5)) is None, "there is no light in its green"
    watched = health()
    watched.saw(Reason.DARK_PICTURE, START.plus(2))
    watched.viewed(Reason.NO_SIGNAL_PICTURE, START.plus(3))
    watched.saw(Reason.DARK_PICTURE, START.plus(4))
    assert watched.report.reason is Reason.NO_SIGNAL_PICTURE


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(PICTURES), st.sampled_from(VIEWS))))
def test_each_report_differs_from_the_last(steps: list[tuple[bool, Reason, Reason]]) -> None:
    watched = CameraHealth("gate", START)
    reports = [watched.report]
    for second, (by_view, picture, view) in enumerate(steps, 1):
        now = START.plus(second)
        report = watched.viewed(view, now) if by_view else watched.saw(picture, now)
        reports.extend([report] if report is not None else [])
    assert all((one.state, one.reason) != (two.state, two.reason) for one, two in pairwise(reports))
