"""One step of a camera: what an answer, no need for one, and a missing one mean down to the message."""

import json
from dataclasses import replace

import numpy as np
import pytest

from edge.pace.spec import PaceSpec
from edge.pace.watch import PaceWatch
from edge.pipeline import Pipeline
from edge.rules.spec import RuleSpec
from edge.thermal.spec import ThermalSpec
from edge.thermal.watch import ThermalWatch
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.values.camera_state import Reason
from edge.values.detections import NotAnswered, Still, Unanswered
from edge.values.errors import RedactionError
from edge.values.event import EndCause, Kind
from edge.values.fact import Speeds, Standing, Things
from edge.values.frame import Frame, Size
from edge.values.hot import Level, Scale
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks
from edge.view.picture import PictureSpec, PictureWatch
from edge.view.watch import ViewWatch
from tests.fakes.clock import FakeClock
from tests.fakes.lanes import CROWD, LINE, NOBODY, PERSON, SIZE, TWO, ZONE, frame, phases, pipeline
from tests.fakes.privacy import SPEC, redactor

FAILED = NotAnswered(Unanswered.FAILED)


class Found(ViewWatch):
    """A view that was found to be so, and stays so."""

    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self.reason = reason

    def look(self, frame: Frame) -> bool:
        return False


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def after(clock: FakeClock, tested: Pipeline, *answers: object, step_s: float = 0.2) -> list[str]:
    """What these answers lead to, a frame each."""
    told: list[str] = []
    for answer in answers:
        clock.pass_s(step_s)
        told += phases(tested.step(frame(clock.now()), answer).messages)  # type: ignore[arg-type]
    return told


def test_a_crowd_starts_and_ends_and_says_so_in_messages(clock: FakeClock) -> None:
    tested = pipeline()
    assert after(clock, tested, PERSON) == ["start"]
    assert after(clock, tested, *[NOBODY] * 25) == ["end cleared"]


def test_a_still_picture_holds_what_was_known(clock: FakeClock) -> None:
    tested = pipeline()
    after(clock, tested, PERSON)
    step = tested.step(frame(clock.now().plus(0.2)), Still())
    assert len(step.tracks.ids) == 1
    assert bool(step.tracks.seen.all())
    clock.pass_s(0.2)
    assert after(clock, tested, *[Still()] * 100) == [], "nobody leaves while nothing moves"


def test_a_missing_answer_is_no_empty_street(clock: FakeClock) -> None:
    tested = pipeline()
    after(clock, tested, PERSON)
    step = tested.step(frame(clock.now().plus(0.2)), FAILED)
    assert len(step.tracks.ids) == 1
    assert not step.tracks.seen.any(), "it is guessed, not seen"
    clock.pass_s(0.2)
    short = round(CROWD.blind_s / 0.2) - 3
    assert after(clock, tested, *[FAILED] * short) == [], "the rules wait"
    assert after(clock, tested, *[FAILED] * 6) == ["end unseen"], "and then say that they do not know"


@pytest.mark.parametrize("view", [Reason.COVERED_PICTURE, Reason.BRIGHT_PICTURE, Reason.NO_SIGNAL_PICTURE])
def test_nobody_before_a_covered_camera_is_no_empty_street(clock: FakeClock, view: Reason) -> None:
    tested = pipeline()
    after(clock, tested, PERSON)
    tested.view = Found(view)
    waits = round(CROWD.blind_s / 0.2) - 2
    assert after(clock, tested, *[NOBODY, Still()] * (waits // 2)) == [], "the rules wait"
    assert after(clock, tested, *[NOBODY] * 6) == ["end unseen"]
    assert after(clock, tested, PERSON) == ["start"], "whoever is found beside the cloth is believed"


def lively(clock: FakeClock, tested: Pipeline, frames: int) -> None:
    """Somebody stands in a picture that is never quite the same."""
    for seq in range(frames):
        clock.pass_s(0.2)
        tested.step(frame(clock.now(), grey=114 + 5 * (seq % 2)), PERSON)


def frozen(clock: FakeClock, tested: Pipeline, seconds: float, answer: object) -> list[dict[str, object]]:
    """What is told while the same picture comes all the time."""
    still, told = frame(Moment(0, 0, ClockTrust.REPLAY), grey=90), []
    for _ in range(round(seconds / 0.2)):
        clock.pass_s(0.2)
        step = tested.step(replace(still, moment=clock.now()), answer)  # type: ignore[arg-type]
        told += [json.loads(message.body)["data"] for message in step.messages]
    return told


@pytest.mark.parametrize("answer", [PERSON, NOBODY, Still()])
def test_a_frozen_camera_ends_what_lasts_and_its_picture_counts_for_nothing(
    clock: FakeClock, answer: object
) -> None:
    patient = replace(CROWD, clear_s=600.0)
    tested = pipeline("plaza", patient)
    lively(clock, tested, 25)
    *_, end = frozen(clock, tested, 75.0, answer)
    assert (end["phase"], end["cause"]) == ("end", "unseen")
    assert tested.reason is Reason.SAME_PICTURE
    assert end["duration_s"] == pytest.approx(4.8, abs=0.21), (
        "and not the minute in which nobody saw anything"
    )
    assert frozen(clock, tested, 20.0, PERSON) == [], "who stands in a frozen picture may be gone"
    clock.pass_s(30.0)
    assert after(clock, tested, PERSON) == ["start"]
    assert tested.reason is Reason.NONE


def test_nobody_stays_for_longer_because_the_camera_is_frozen(clock: FakeClock) -> None:
    waits = RuleSpec("waits", Kind.DWELL, (ZONE.id,), dwell_s=4.0, clear_s=600.0)
    tested = pipeline("plaza", waits)
    lively(clock, tested, 30)
    (end,) = [told for told in frozen(clock, tested, 61.0, Still()) if told["phase"] == "end"]
    assert end["dwell_s"] == pytest.approx(5.8, abs=0.21)


def test_the_detector_is_not_asked_about_every_frozen_picture(clock: FakeClock) -> None:
    tested = pipeline(gate=True)
    still, asked = frame(clock.now()), 0
    for _ in range(500):
        clock.pass_s(0.2)
        shown = replace(still, moment=clock.now())
        wanted = tested.wants(shown)
        asked += wanted and tested.frozen
        tested.step(shown, NOBODY if wanted else Still())
    assert tested.frozen
    assert 0 < asked < 30


def test_a_frozen_thermal_camera_tells_nothing_hot(clock: FakeClock) -> None:
    level = Level(above_c=80.0)
    tested = pipeline("plaza", RuleSpec("hot", Kind.HOT_SPOT, (ZONE.id,), hot=level))
    tested.picture = PictureWatch(PictureSpec(thermal=True))
    tested.thermal = ThermalWatch(ThermalSpec(((ZONE.id, ZONE.polygon),), (level,), Scale(0.04)))
    counts = np.full((36, 64), 7200, np.uint16)
    counts[15:20, 30:35] = 9500
    told: list[str] = []
    for second in range(80):
        clock.pass_s(1.0)
        counts = counts.copy()
        counts[0, 0] += second < 5
        told += phases(tested.step(replace(frame(clock.now()), counts=counts), NOBODY).messages)
    assert told == ["start", "end unseen"]


def test_the_dark_is_no_empty_street(clock: FakeClock) -> None:
    tested = pipeline()
    after(clock, tested, PERSON)
    told: list[str] = []
    for seq in range(100):
        clock.pass_s(0.2)
        night = np.full((36, 64, 3), seq % 2, np.uint8)
        shown = Frame("plaza", "run", seq, clock.now(), night, SIZE)
        told += phases(tested.step(shown, PERSON if seq < 30 else NOBODY).messages)
        assert tested.reason is (Reason.DARK_PICTURE if seq >= 25 else Reason.NONE)
    assert told == ["end unseen"], "whoever is found in it is believed"


@pytest.mark.parametrize("view", [Reason.MOVED_PICTURE, Reason.BLURRED_PICTURE, Reason.CHANGED_PICTURE])
def test_a_camera_that_shows_something_is_believed(clock: FakeClock, view: Reason) -> None:
    tested = pipeline()
    after(clock, tested, PERSON)
    tested.view = Found(view)
    assert after(clock, tested, *[NOBODY] * 25) == ["end cleared"]


def test_a_camera_that_was_turned_measures_nothing(clock: FakeClock) -> None:
    tested = pipeline()
    for view, holds in ((Reason.MOVED_PICTURE, False), (Reason.CHANGED_PICTURE, False), (Reason.NONE, True)):
        tested.view = Found(view)
        after(clock, tested, PERSON)
        assert tested.scene.ground_holds is holds


class Noted(ThingWatch):
    """Notes the pictures that it is shown."""

    def __init__(self) -> None:
        super().__init__(ThingSpec(("person", "car"), (("square", ZONE.polygon),)))
        self.shown = 0

    def look(self, frame: Frame, tracks: Tracks) -> tuple[Things, ...]:
        self.shown += 1
        return super().look(frame, tracks)


def test_things_are_looked_for_while_the_gate_is_shut_and_never_where_nothing_is_known(
    clock: FakeClock,
) -> None:
    tested = pipeline()
    tested.things = noted = Noted()
    after(clock, tested, NOBODY, Still(), Still())
    assert noted.shown == 3
    after(clock, tested, FAILED)
    assert noted.shown == 3, "nobody says who stands there"
    for view in (Reason.COVERED_PICTURE, Reason.MOVED_PICTURE):
        tested.view = Found(view)
        after(clock, tested, NOBODY)
    assert noted.shown == 3, "it is another picture"


class Paced(PaceWatch):
    """A watch over pace that notes how often it was shown a picture."""

    def __init__(self) -> None:
        super().__init__(PaceSpec(("person",), watched=((ZONE.id, ZONE.polygon),)))
        self.shown = 0

    def look(self, tracks: Tracks, size: Size, now: Moment) -> tuple[Speeds | Standing, ...]:
        self.shown += 1
        return super().look(tracks, size, now)


def test_pace_is_watched_while_nothing_moves_and_never_where_nothing_is_known(clock: FakeClock) -> None:
    tested = pipeline("plaza", RuleSpec("stands", Kind.STOPPED, (ZONE.id,), stood_s=3.0))
    tested.pace = noted = Paced()
    assert after(clock, tested, PERSON, PERSON, *[Still()] * 10) == []
    (start,) = after(clock, tested, *[Still()] * 10)
    assert "start" in start
    assert noted.shown == 22
    after(clock, tested, FAILED)
    tested.view = Found(Reason.MOVED_PICTURE)
    after(clock, tested, NOBODY)
    assert noted.shown == 22


def test_after_a_missing_answer_the_detector_is_asked_at_once(clock: FakeClock) -> None:
    tested = pipeline(gate=True)
    for _ in range(3):
        clock.pass_s(0.2)
        first = frame(clock.now())
        tested.step(first, NOBODY if tested.wants(first) else Still())
    clock.pass_s(1.0)
    tested.wants(frame(clock.now()))
    clock.pass_s(0.2)
    assert not tested.wants(frame(clock.now())), "nothing moves"
    tested.step(frame(clock.now()), FAILED)
    clock.pass_s(0.2)
    assert tested.wants(frame(clock.now()))


def test_somebody_lost_from_sight_keeps_the_gate_open(clock: FakeClock) -> None:
    tested = pipeline(gate=True)
    clock.pass_s(0.2)
    tested.wants(frame(clock.now()))
    tested.step(frame(clock.now()), PERSON)
    tested.step(frame(clock.now().plus(0.1)), NOBODY)
    clock.pass_s(1.5)
    assert tested.wants(frame(clock.now())), "who is not seen may stand still"


def test_blindness_ends_events_as_unseen_and_only_once(clock: FakeClock) -> None:
    tested = pipeline()
    after(clock, tested, PERSON)
    told: list[str] = []
    for _ in range(30):
        clock.pass_s(1.0)
        told += phases(tested.blind(clock.now(), SIZE).messages)
    assert told == ["end unseen"]


def test_a_close_ends_what_is_open_for_the_cause_given(clock: FakeClock) -> None:
    tested = pipeline()
    after(clock, tested, PERSON)
    assert phases(tested.close(clock.now(), SIZE, EndCause.INTERRUPTED)) == ["end interrupted"]
    assert tested.close(clock.now(), SIZE, EndCause.INTERRUPTED) == ()


def test_what_may_not_leave_is_counted_and_not_sent(clock: FakeClock) -> None:
    tested = pipeline("plaza", CROWD, RuleSpec("cars", Kind.OCCUPANCY, ("square",), at_least=2))
    policy = replace(SPEC.policy, labels=frozenset({"car"}))
    tested.redactor = redactor(replace(SPEC, policy=policy))
    clock.pass_s(0.2)
    step = tested.step(frame(clock.now()), TWO)
    assert len(step.events) == 2
    assert step.messages == ()
    assert [type(refusal) for refusal in step.refused] == [RedactionError] * 2


def test_messages_stand_in_the_order_of_the_events(clock: FakeClock) -> None:
    entry = RuleSpec("entry", Kind.ZONE_ENTRY, ("square",))
    tested = pipeline("plaza", entry, CROWD, RuleSpec("passage", Kind.LINE_CROSSING, (LINE.id,)))
    clock.pass_s(0.2)
    step = tested.step(frame(clock.now()), PERSON)
    assert [event.id for event in step.events] == [message.event_id for message in step.messages]
    assert [json.loads(message.body)["data"]["rule"] for message in step.messages] == ["entry", "crowd"]


def test_every_camera_knows_its_own_people_only(clock: FakeClock) -> None:
    one, other = pipeline("plaza"), pipeline("gate")
    clock.pass_s(0.2)
    assert phases(one.step(frame(clock.now(), "plaza"), PERSON).messages) == ["start"]
    assert other.step(frame(clock.now(), "gate"), NOBODY).messages == ()
