"""Who listens, lane by lane, and what may go out until that is known."""

import pytest

from edge.run.publish_listening import Listening
from edge.run.publish_pace import Pace
from edge.values.delivery import Pending
from edge.values.lanes import FREE, Passage

PACE = Pace(unheard_s=10.0, retry_s=0.5)
C1, C2 = "camera/c1", "camera/c2"


def said(key: int, camera: str = "c1", branch: str = "event", retain: bool = False) -> Pending:
    return Pending(key, f"safecity/v1/r/n/{branch}/{camera}/x", b"{}", retain, None, 0)


@pytest.fixture
def listening() -> Listening:
    made = Listening(PACE)
    made.connected(100.0)
    return made


def unheard(listening: Listening, message: Pending, now_s: float) -> bool:
    listening.went_out(message)
    listening.judged(message)
    return listening.may_wait(message, now_s)


def heard(listening: Listening, message: Pending) -> None:
    listening.went_out(message)
    listening.judged(message)
    listening.heard(message)


def test_at_first_one_message_of_each_lane_may_go_and_then_nothing_until_the_word_on_it(
    listening: Listening,
) -> None:
    assert listening.passage(100.0) == Passage(frozenset())
    assert not listening.asks(100.0)
    listening.went_out(said(1))
    assert listening.asks(100.0)
    listening.judged(said(1))
    assert not listening.asks(100.0)


def test_a_lane_that_is_heard_is_open_and_says_nothing_of_another(listening: Listening) -> None:
    heard(listening, said(1))
    assert listening.passage(100.0).heard == {C1}
    assert unheard(listening, said(2, "c2"), 100.1)
    assert listening.passage(100.2) == Passage(frozenset({C1}), frozenset({C2}))


def test_an_unheard_lane_tries_again_after_a_pause_and_the_others_do_not_wait_for_it(
    listening: Listening,
) -> None:
    assert unheard(listening, said(1), 100.0)
    assert listening.passage(100.4).resting == {C1}
    assert listening.passage(100.5) == Passage(frozenset())
    listening.went_out(said(1))
    assert not listening.asks(100.5), "only the first word on a lane is waited for"
    assert listening.passage(100.6).resting == {C1}, "one at a time"
    listening.judged(said(1))
    listening.heard(said(1))
    assert listening.passage(100.7) == Passage(frozenset({C1}))


def test_it_waits_no_longer_than_that_after_the_connection_was_made(listening: Listening) -> None:
    assert unheard(listening, said(1), 109.9)
    assert listening.waits(109.9)
    assert not unheard(listening, said(1), 110.0)
    assert not listening.waits(110.0)
    assert listening.passage(110.0) == FREE
    listening.went_out(said(2, "c2"))
    assert not listening.asks(110.0)


def test_once_heard_a_lane_waits_no_more_on_this_connection(listening: Listening) -> None:
    heard(listening, said(1))
    assert not unheard(listening, said(2), 100.1)


def test_a_retained_message_needs_no_listener_and_proves_none(listening: Listening) -> None:
    state = said(1, branch="state", retain=True)
    assert not unheard(listening, state, 100.0)
    heard(listening, state)
    assert listening.passage(100.0) == Passage(frozenset())
    assert unheard(listening, said(2), 100.1)


def test_a_new_connection_knows_nothing_of_who_listens(listening: Listening) -> None:
    heard(listening, said(1))
    unheard(listening, said(2, "c2"), 100.0)
    listening.went_out(said(3, "c3"))
    listening.connected(200.0)
    assert listening.passage(200.0) == Passage(frozenset())
    assert not listening.asks(200.0)
    assert not listening.waits(200.0)
