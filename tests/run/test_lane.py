"""A lane keeps its camera's place in the queue, lets blind time pass, and accounts for every frame."""

import threading
from dataclasses import replace

import pytest

from edge.rules.rules import Rules
from edge.run.lane import BLIND_AFTER_S, Lane
from edge.run.newest_slot import NewestSlot
from edge.values.camera_state import Reason
from edge.values.crowd import Crowd, DensityTable, Floor
from edge.values.detections import NotAnswered, Unanswered
from edge.values.event import EndCause, Event
from edge.values.fact import Fact
from edge.values.moment import Moment
from tests.fakes.clock import FakeClock
from tests.fakes.detector import FakeDetector
from tests.fakes.lanes import CROWD, NOBODY, PERIOD_NS, PERSON, FakeCapture, frame, lane, phases
from tests.fakes.privacy import SPEC, redactor


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tested(clock: FakeClock) -> Lane:
    return lane("plaza", NewestSlot(PERIOD_NS, threading.Event()), clock)


def test_it_is_due_a_period_after_the_last_look_however_often_frames_are_replaced(
    tested: Lane, clock: FakeClock
) -> None:
    assert tested.due_ns is None
    first = clock.now()
    tested.slot.put(frame(first))
    assert tested.due_ns is not None
    assert tested.due_ns < first.mono_ns, "it was never looked at"
    looked = first.plus(0.05)
    assert tested.take(looked) is not None
    assert tested.due_ns is None
    for seq in range(1, 4):
        newest = frame(first.plus(0.2 * seq), seq=seq)
        tested.slot.put(newest)
        assert tested.due_ns == looked.mono_ns + PERIOD_NS
    assert tested.take(first.plus(1.0)) is newest


def test_blind_time_ends_events_as_unseen(tested: Lane, clock: FakeClock) -> None:
    assert tested.wait(clock.now()) == (), "nothing was ever seen"
    detector = FakeDetector([PERSON])
    assert phases(tested.analyse(frame(clock.now()), detector)) == ["start"]
    clock.pass_s(BLIND_AFTER_S / 2)
    assert tested.wait(clock.now()) == ()
    clock.pass_s(CROWD.blind_s + BLIND_AFTER_S)
    assert phases(tested.wait(clock.now())) == ["end unseen"]


def test_what_the_pictures_show_is_told_to_the_capture(tested: Lane, clock: FakeClock) -> None:
    assert isinstance(tested.capture, FakeCapture)
    tested.analyse(frame(clock.now()), FakeDetector([NOBODY]))
    tested.pipeline.view.reason = Reason.COVERED_PICTURE
    tested.analyse(frame(clock.now().plus(0.2)), FakeDetector([NOBODY]))
    assert tested.capture.views == [Reason.NONE, Reason.COVERED_PICTURE]


def test_frames_are_accounted_for(tested: Lane, clock: FakeClock) -> None:
    capture = tested.capture
    assert isinstance(capture, FakeCapture)
    capture.count.frames, capture.count.connects = 5, 3
    detector = FakeDetector([NOBODY, NotAnswered(Unanswered.FAILED), NOBODY])
    for seq in range(5):
        clock.pass_s(0.2)
        tested.slot.put(frame(clock.now(), seq=seq))
        if seq not in (1, 3):
            taken = tested.take(clock.now())
            assert taken is not None
            tested.analyse(taken, detector)
    counts = tested.counts()
    assert (counts.sampled, counts.answered, counts.unanswered, counts.still) == (5, 2, 1, 0)
    assert (counts.dropped, counts.reconnects) == (2, 2)
    assert counts.sampled == counts.answered + counts.unanswered + counts.still + counts.dropped


def test_what_may_not_leave_is_counted(tested: Lane, clock: FakeClock) -> None:
    tested.pipeline.redactor = redactor(replace(SPEC, policy=replace(SPEC.policy, labels=frozenset({"car"}))))
    assert tested.analyse(frame(clock.now()), FakeDetector([PERSON])) == ()
    assert tested.counts().refused == 1


@pytest.mark.parametrize("cause", [EndCause.INTERRUPTED, EndCause.RETIRED])
def test_closing_stops_the_capture_and_ends_what_is_open(
    tested: Lane, clock: FakeClock, cause: EndCause
) -> None:
    tested.analyse(frame(clock.now()), FakeDetector([PERSON]))
    assert phases(tested.close(clock.now(), cause)) == [f"end {cause}"]
    capture = tested.capture
    assert isinstance(capture, FakeCapture)
    assert capture.done == ["stop"]


def test_before_the_first_frame_there_is_nothing_to_account_for(tested: Lane) -> None:
    counts = tested.counts()
    assert (counts.sampled, counts.reconnects) == (0, 0)


def test_crowds_that_cannot_be_counted_are_known_from_its_events(
    tested: Lane, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd(0.2, 0.12, 10.0, Floor(20.0, 1.0), 0.25, DensityTable.FRUIN_WALKWAY, "A", at_least=True)
    judge = Rules.judge

    def dense(rules: Rules, facts: tuple[Fact, ...], moment: Moment) -> tuple[Event, ...]:
        return tuple(replace(each, crowd=crowd) for each in judge(rules, facts, moment))

    monkeypatch.setattr(Rules, "judge", dense)
    assert tested.uncounted.places == ()
    clock.pass_s(0.2)
    tested.analyse(frame(clock.now()), FakeDetector([PERSON]))
    assert tested.uncounted.places == ("square",)
