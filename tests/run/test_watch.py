"""The analysis loop: whose turn it is, what is committed when, and what ends it."""

import json
import queue
import threading
from collections import Counter
from collections.abc import Sequence

import pytest

from edge.rules.spec import RuleSpec
from edge.run.lane import Lane
from edge.run.newest_slot import NewestSlot
from edge.run.watch import HOUSEKEEPING_S, RETELL_S, Watcher
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.detections import Detections, NotAnswered
from edge.values.errors import CameraError, StorageError
from edge.values.event import Kind
from edge.values.frame import Frame
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from edge.values.pulse import Pulse
from tests.fakes.clock import FakeClock
from tests.fakes.lanes import CROWD, NOBODY, ORIGIN, PERIOD_NS, PERSON, FakeCapture, frame, lane, phases
from tests.fakes.privacy import message

SERVICE_S = 0.05


class World:
    """A watcher whose detector takes time on a clock of our own, and whose cameras send by a timetable.

    `arrivals` are camera and time of each frame; the world ends with the last one.
    """

    def __init__(self, *cameras: str, rules: Sequence[RuleSpec] = (CROWD,)) -> None:
        self.clock = FakeClock()
        self.stop = threading.Event()
        self.arrived = threading.Event()
        self.reports: queue.SimpleQueue[CameraReport] = queue.SimpleQueue()
        self.committed: list[RedactedMessage] = []
        self.pulses: list[Pulse] = []
        self.looked: list[tuple[str, float, float]] = []
        self.answer: Detections | NotAnswered = NOBODY
        self.service_s = SERVICE_S
        self.timetable: list[tuple[float, str]] = []
        self.began = self.clock.now()
        slots = {name: NewestSlot(PERIOD_NS, self.arrived) for name in cameras}
        self.lanes = {name: lane(name, slot, self.clock, *rules) for name, slot in slots.items()}
        self.watcher = Watcher(
            list(self.lanes.values()),
            self,
            self,
            ORIGIN,
            self,
            self.reports,
            self.arrived,
            self.pulses.append,
            self.following,
        )

    labels = ("person", "car")
    order: tuple[float, Sequence[Lane]] | None = None

    def following(self) -> Sequence[Lane] | None:
        """The lanes of the order, once its time has come."""
        if self.order is None or self.seconds(self.clock.now()) < self.order[0]:
            return None
        (_, lanes), self.order = self.order, None
        self.lanes |= {one.camera: one for one in lanes}
        return lanes

    def capture(self, name: str) -> FakeCapture:
        capture = self.lanes[name].capture
        assert isinstance(capture, FakeCapture)
        return capture

    def seconds(self, moment: Moment) -> float:
        return round(moment.seconds_since(self.began), 6)

    def detect(self, seen: Frame) -> Detections | NotAnswered:
        self.looked.append((seen.camera, self.seconds(self.clock.now()), self.seconds(seen.moment)))
        self._pass(self.service_s)
        return self.answer

    def put(self, messages: Sequence[RedactedMessage]) -> None:
        self.committed.extend(messages)

    def now(self) -> Moment:
        """Every look at the clock takes a millisecond, so that an idle world moves on too."""
        self._pass(0.001)
        return self.clock.now()

    def play(self, timetable: list[tuple[float, str]], until_s: float) -> None:
        """Let frames come by the timetable and serve until then."""
        self.timetable, self.until_s = sorted(timetable), until_s
        self.arrived.wait = lambda timeout=None: self._pass(0.01)  # type: ignore[method-assign,assignment]
        self.watcher.serve(self.stop, self.left_open)

    left_open: Sequence[RedactedMessage] = ()

    def _pass(self, seconds: float) -> bool:
        self.clock.pass_s(seconds)
        now_s = self.seconds(self.clock.now())
        while self.timetable and self.timetable[0][0] <= now_s:
            at_s, name = self.timetable.pop(0)
            self.lanes[name].slot.put(frame(self.began.plus(at_s), name))
            self.capture(name).count.frames += 1
        if now_s >= getattr(self, "until_s", float("inf")):
            self.stop.set()
        return True

    def states(self, name: str) -> list[tuple[str, str]]:
        told = [json.loads(one.body)["data"] for one in self.committed if not one.event_id]
        return [(data["state"], data["reason"]) for data in told if data["camera"] == name]


def every(name: str, step_s: float, until_s: float, phase_s: float = 0.0) -> list[tuple[float, str]]:
    return [(phase_s + k * step_s, name) for k in range(int((until_s - phase_s) / step_s))]


def test_the_frame_with_the_earliest_deadline_is_looked_at_first() -> None:
    world = World("a", "b", "c")
    world.play([(0.10, "c"), (0.11, "a"), (0.12, "b")], 1.0)
    assert [name for name, _, _ in world.looked] == ["c", "a", "b"]


@pytest.mark.parametrize("phase_s", [0.0, 0.0007])
def test_too_many_cameras_see_less_often_all_alike_and_never_later(phase_s: float) -> None:
    """Ten cameras, five frames a second, twenty looks a second: two of five frames each."""
    names = [f"c{k}" for k in range(10)]
    world = World(*names)
    world.play([row for k, name in enumerate(names) for row in every(name, 0.2, 21.0, k * phase_s)], 20.0)
    share = Counter(name for name, _, _ in world.looked)
    assert max(share.values()) - min(share[name] for name in names) <= 2
    delays = [looked_s - taken_s for _, looked_s, taken_s in world.looked]
    assert max(delays[len(delays) // 2 :]) <= 0.2 + SERVICE_S, "newest wins: the delay does not grow"
    for name in names:
        counts = world.lanes[name].counts()
        assert 0 <= counts.sampled - counts.answered - counts.dropped <= 1, "what is not looked at is counted"


def test_what_was_seen_is_committed_before_the_next_look() -> None:
    world = World("a")
    committed_at_look: list[int] = []
    looked = world.detect

    def detect(seen: Frame) -> Detections | NotAnswered:
        committed_at_look.append(len([one for one in world.committed if one.event_id]))
        return looked(seen)

    world.detect = detect  # type: ignore[method-assign]
    world.answer = PERSON
    world.play([(0.1, "a"), (0.3, "a")], 1.0)
    assert committed_at_look == [0, 1]


def test_a_disk_that_fails_ends_the_worker() -> None:
    world = World("a")

    def put(_: Sequence[RedactedMessage]) -> None:
        raise StorageError("the disk is full")

    world.put = put  # type: ignore[method-assign]
    with pytest.raises(StorageError):
        world.play([], 1.0)


def test_too_many_hanging_reads_end_the_worker() -> None:
    world = World("a", "b")
    world.capture("b").stuck = True
    with pytest.raises(CameraError, match="camera b"):
        world.play([], 5.0)


def test_a_fault_in_a_capture_ends_the_worker() -> None:
    world = World("a")
    world.capture("a").fault = RuntimeError("a bug")
    with pytest.raises(RuntimeError, match="a bug"):
        world.play([], 5.0)


def test_a_camera_that_falls_silent_has_its_events_ended_as_unseen_while_another_goes_on() -> None:
    world = World("a", "b")
    world.answer = PERSON
    world.play([(0.1, "a"), *every("b", 0.2, 12.0)], 12.0)
    of_a = [one for one in world.committed if "/event/a/" in one.topic]
    of_b = [one for one in world.committed if "/event/b/" in one.topic]
    assert phases(of_a) == ["start", "end unseen"]
    assert phases(of_b) == ["start", "end interrupted"]


def test_states_are_told_at_the_start_with_every_change_and_again_before_they_expire() -> None:
    world = World("a")
    now = world.clock.now()
    world.reports.put(CameraReport("a", CameraState.DEAD, Reason.UNREACHABLE, now, now))
    world.play([], 2.5 * RETELL_S)
    starting, dead = ("connecting", "starting"), ("dead", "unreachable")
    assert world.states("a") == [starting, dead, starting, starting, ("dead", "worker-stopped")]
    assert all(one.retain and one.expiry_s for one in world.committed)


def test_it_gives_a_sign_of_life_every_second_that_tells_what_became_of_frames() -> None:
    world = World("a", "b")
    world.play(every("a", 0.2, 10.0), 10.0)
    assert abs(len(world.pulses) - 10.0 / HOUSEKEEPING_S) <= 2
    last = world.pulses[-1]
    assert len(world.looked) - 10 < last.counts["a.answered"] <= len(world.looked)
    assert last.counts["b.sampled"] == last.counts["a.uncounted"] == 0
    assert last.state == "connecting"


def test_captures_are_looked_after_even_when_there_is_always_something_to_do() -> None:
    world = World("a", "b")
    world.service_s = 0.3
    world.play([*every("a", 0.05, 6.0), *every("b", 0.05, 6.0)], 6.0)
    assert world.capture("b").done.count("check") >= 4


def test_the_end_closes_every_lane_and_says_that_nobody_watches() -> None:
    world = World("a", "b")
    world.answer = PERSON
    world.play([(0.1, "a"), (0.1, "b")], 1.0)
    for name in ("a", "b"):
        assert world.capture(name).done[0] == "start"
        assert world.capture(name).done[-1] == "stop"
        assert world.states(name)[-1] == ("dead", "worker-stopped")
    assert phases(world.committed).count("end interrupted") == 2


def test_an_order_is_followed_without_the_notice_of_what_stays_as_it_was() -> None:
    world = World("a", "b", "c")
    world.answer = PERSON
    a, b = world.lanes["a"], world.lanes["b"]
    fresh = [lane(name, NewestSlot(PERIOD_NS, world.arrived), world.clock) for name in ("b", "d")]
    world.order = (2.0, [a, *fresh])
    now = world.clock.now()
    timetable = [row for name in "abc" for row in every(name, 0.2, 4.0)]
    world.play([row for row in timetable if row[1] != "c" or row[0] < 2.0], 4.0)
    told = {
        name: phases([one for one in world.committed if f"/event/{name}/" in one.topic]) for name in "abc"
    }
    assert told["a"] == ["start", "end interrupted"], "one event over all of it"
    assert told["b"] == ["start", "end retired", "start", "end interrupted"]
    assert told["c"] == ["start", "end retired"]
    assert b.capture.done[-1] == "stop"  # type: ignore[attr-defined]
    assert world.states("c")[-1] == ("dead", "worker-stopped")
    assert world.states("d")[0] == ("connecting", "starting")
    assert [pulse.counts["orders"] for pulse in world.pulses[:1] + world.pulses[-1:]] == [0, 1]
    assert now < world.pulses[-1].moment


def test_what_a_camera_said_before_it_was_let_go_is_told_before_its_end() -> None:
    world = World("a", "b")
    now = world.clock.now()
    world.order = (0.5, [world.lanes["a"]])
    world.lanes["b"].capture.stop = lambda: world.reports.put(  # type: ignore[method-assign]
        CameraReport("b", CameraState.OK, Reason.NONE, now, now)
    )
    world.play([], 2.0)
    assert world.states("b") == [("connecting", "starting"), ("ok", "none"), ("dead", "worker-stopped")]


def test_what_an_earlier_process_left_open_is_ended_first() -> None:
    world = World("a")
    world.left_open = [message(), message(id="0f3c9a7e-11d2-8b60-9a4c-2d5e8f7b1a31")]
    world.play([], 0.5)
    assert phases(world.committed[:2]) == ["end interrupted"] * 2


def test_an_unreadable_leftover_stops_nothing() -> None:
    world = World("a")
    world.left_open = [RedactedMessage(message().topic, b"{}", message().urgency, "x", 0, closes=False)]
    world.play([], 0.5)
    assert world.states("a")[0] == ("connecting", "starting")


def test_rules_of_instants_need_no_end() -> None:
    world = World("a", rules=(RuleSpec("entry", Kind.ZONE_ENTRY, ("square",)),))
    world.answer = PERSON
    world.play([(0.1, "a")], 1.0)
    assert phases(world.committed) == ["end instant"]
