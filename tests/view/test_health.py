"""A camera's state: what its capture lives through and what its pictures show, told once for each change."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.values.camera_state import CameraState, Reason
from edge.values.moment import ClockTrust, Moment
from edge.view.health import OF_LAST, OF_PICTURE, CameraHealth, told_of

START = Moment(0, 0, ClockTrust.REPLAY)
VIEWS = tuple(set(OF_PICTURE) - {Reason.DARK_PICTURE, Reason.SAME_PICTURE})


def health() -> CameraHealth:
    watched = CameraHealth("gate", START)
    watched.saw(START.plus(1))
    return watched


@pytest.mark.parametrize("view", sorted(set(VIEWS) - {Reason.NONE}))
def test_what_the_pictures_show_is_told_and_withdrawn(view: Reason) -> None:
    watched = health()
    told = watched.viewed(view, START.plus(5))
    assert told is not None
    assert (told.state, told.reason, told.since) == (CameraState.IMPAIRED, view, START.plus(5))
    assert watched.viewed(view, START.plus(6)) is None, "told once"
    assert watched.saw(START.plus(6)) is None, "a picture that comes does not withdraw it"
    back = watched.viewed(Reason.NONE, START.plus(9))
    assert back is not None
    assert (back.state, back.since) == (CameraState.OK, START.plus(9))


def test_a_lost_camera_is_dead_whatever_was_seen_and_impaired_again_when_it_comes_back() -> None:
    watched = health()
    watched.viewed(Reason.COVERED_PICTURE, START.plus(2))
    watched.failed(Reason.HUNG, START.plus(3))
    assert watched.report.state is CameraState.DEAD
    assert watched.viewed(Reason.MOVED_PICTURE, START.plus(4)) is None, "no picture comes"
    back = watched.saw(START.plus(5))
    assert back is not None
    assert (back.state, back.reason) == (CameraState.IMPAIRED, Reason.MOVED_PICTURE)


@pytest.mark.parametrize("last", sorted(OF_LAST))
def test_another_connection_is_not_dark_or_frozen_before_its_pictures_are(last: Reason) -> None:
    watched = health()
    watched.viewed(last, START.plus(2))
    assert watched.report.state is OF_PICTURE[last]
    watched.failed(Reason.HUNG, START.plus(3))
    back = watched.saw(START.plus(5))
    assert back is not None
    assert back.state is CameraState.OK


def test_a_dark_picture_is_black_first_of_all_and_a_drawn_one_is_neither_dark_nor_frozen() -> None:
    for view in VIEWS:
        drawn = view is Reason.NO_SIGNAL_PICTURE
        assert told_of(Reason.NONE, view) is view
        assert told_of(Reason.DARK_PICTURE, view) is (view if drawn else Reason.DARK_PICTURE)
        assert told_of(Reason.SAME_PICTURE, view) is (view if drawn else Reason.SAME_PICTURE)


@given(st.lists(st.one_of(st.none(), st.sampled_from(Reason))))
def test_each_report_differs_from_the_last(steps: list[Reason | None]) -> None:
    watched = CameraHealth("gate", START)
    reports = [watched.report]
    for second, reason in enumerate(steps, 1):
        now = START.plus(second)
        if reason is None:
            report = watched.saw(now)
        else:
            report = watched.viewed(reason, now) if reason in OF_PICTURE else watched.failed(reason, now)
        reports.extend([report] if report is not None else [])
    assert all((one.state, one.reason) != (two.state, two.reason) for one, two in pairwise(reports))
