"""The analysis loop of one worker: one thread, one detector, a set of cameras, the earliest deadline first.

Law: what was seen is committed before the next frame is looked at. A frame that comes too late for its turn
was replaced by a newer one and counted, so that a worker with too much to do sees less often and never later.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict

from edge.ports import Clock, Detector, Outbox
from edge.privacy.redactor import interrupted
from edge.privacy.reports import camera_state
from edge.privacy.spec import Origin
from edge.run.lane import Lane
from edge.run.timed import Timed
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.errors import CameraError, RedactionError
from edge.values.event import EndCause
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from edge.values.pulse import ORDERS, Pulse

log = logging.getLogger("watch")

IDLE_S = 0.25
HOUSEKEEPING_S = 1.0
RETELL_S = 60.0
"""Retained camera states expire after three minutes; they are told again this often."""


class Watcher:
    """Watches the cameras of one worker."""

    def __init__(
        self,
        lanes: Sequence[Lane],
        detector: Detector,
        outbox: Outbox,
        origin: Origin,
        clock: Clock,
        reports: "queue.SimpleQueue[CameraReport]",
        arrived: threading.Event,
        on_pulse: Callable[[Pulse], None],
        following: Callable[[], Sequence[Lane] | None] = lambda: None,
    ) -> None:
        """A worker that has not begun.

        Args:
            lanes: its cameras.
            detector: shared by them.
            outbox: where messages are committed.
            origin: who speaks.
            clock: tells the time.
            reports: where captures put changes of camera state.
            arrived: set with every frame and report.
            on_pulse: gets a sign of life every second, for as long as the loop makes progress.
            following: asked often for an order; its cameras from then on, where there is one, of which those
                that stay as they were are the same lanes as before.
        """
        self._lanes = {lane.camera: lane for lane in lanes}
        self._detector = detector
        self._outbox = outbox
        self._origin = origin
        self._clock = clock
        self._reports = reports
        self._arrived = arrived
        self._on_pulse = on_pulse
        self._following = following
        self._followed = 0
        self._housekept: Moment | None = None
        self._told: dict[str, Moment] = {}

    def serve(
        self,
        stop: threading.Event,
        left_open: Sequence[RedactedMessage],
        cause: Callable[[], EndCause] = lambda: EndCause.INTERRUPTED,
    ) -> None:
        """Watch until `stop` is set.

        Args:
            stop: asks for an orderly end.
            left_open: last messages of events that an earlier process left open; they are ended first.
            cause: why what is open at the end ends then.

        Raises:
            StorageError: what was seen cannot be committed.
            CameraError: so many threads hang in a camera that only a new process helps.
        """
        now = self._clock.now()
        self._commit(_ended(left_open, now))
        for lane in self._lanes.values():
            self._begin(lane, now)
        while not stop.is_set():
            self._turn()
            self._follow()
        now, why = self._clock.now(), cause()
        for lane in self._lanes.values():
            self._part_with(lane, now, why)

    def _begin(self, lane: Lane, now: Moment) -> None:
        self._tell(lane.capture.state, now)
        lane.capture.start()

    def _part_with(self, lane: Lane, now: Moment, why: EndCause) -> None:
        self._commit(lane.close(now, why))
        self._hear_reports()
        self._tell(CameraReport(lane.camera, CameraState.DEAD, Reason.WORKER_STOPPED, now, now), now)

    def _follow(self) -> None:
        """Follow an order, if there is one: what stays as it was does not notice."""
        lanes = self._following()
        if lanes is None:
            return
        now = self._clock.now()
        wanted, before = {lane.camera: lane for lane in lanes}, self._lanes
        for camera, lane in before.items():
            if wanted.get(camera) is not lane:
                self._part_with(lane, now, EndCause.RETIRED)
        self._lanes = wanted
        for camera, lane in wanted.items():
            if before.get(camera) is not lane:
                self._begin(lane, now)
        self._followed += 1
        self._on_pulse(self._pulse(now))

    def _turn(self) -> None:
        self._arrived.clear()
        lane = self._most_urgent()
        frame = None if lane is None else lane.take(self._clock.now())
        if lane is None or frame is None:
            self._arrived.wait(IDLE_S)
        else:
            messages = lane.analyse(frame, Timed(self._detector, self._clock, lane.inference))
            self._commit(messages)
            lane.committed(self._clock.now(), told=bool(messages))
        self._hear_reports()
        self._keep_house()

    def _most_urgent(self) -> Lane | None:
        """The lane that is to be looked at first; None where no frame waits."""
        waiting = [(due, lane) for lane in self._lanes.values() if (due := lane.due_ns) is not None]
        return min(waiting, key=lambda pair: pair[0])[1] if waiting else None

    def _hear_reports(self) -> None:
        while not self._reports.empty():
            report = self._reports.get()
            level = logging.INFO if report.state is CameraState.OK else logging.WARNING
            log.log(level, "camera %s is %s (%s)", report.camera, report.state, report.reason)
            self._tell(report, self._clock.now())

    def _tell(self, report: CameraReport, now: Moment) -> None:
        lane = self._lanes[report.camera]
        self._told[report.camera] = now
        told = CameraReport(report.camera, report.state, report.reason, report.since, now)
        self._commit(
            (camera_state(self._origin, told, lane.counts(), lane.decoding(), lane.pipeline.rules_off),)
        )

    def _keep_house(self) -> None:
        now = self._clock.now()
        if self._housekept is not None and now.seconds_since(self._housekept) < HOUSEKEEPING_S:
            return
        self._housekept = now
        for lane in self._lanes.values():
            self._look_after(lane, now)
        self._on_pulse(self._pulse(now))

    def _look_after(self, lane: Lane, now: Moment) -> None:
        lane.capture.check()
        if lane.capture.fault is not None:
            raise lane.capture.fault
        if lane.capture.stuck:
            raise CameraError(f"camera {lane.camera}: too many reads hang; starting this process anew")
        self._commit(lane.wait(now))
        if now.seconds_since(self._told[lane.camera]) >= RETELL_S:
            self._tell(lane.capture.state, now)

    def _pulse(self, now: Moment) -> Pulse:
        states = {lane.capture.state.state for lane in self._lanes.values()}
        worst = "all cameras ok" if states == {CameraState.OK} else ", ".join(sorted(states))
        counts = {
            f"{name}.{what}": number
            for name, lane in self._lanes.items()
            for what, number in asdict(lane.counts()).items()
        }
        for name, lane in self._lanes.items():
            counts[f"{name}.delay_ms"] = lane.delay_ms
            counts[f"{name}.uncounted"] = len(lane.uncounted.places)
            counts |= lane.inference.counts(f"{name}.inference")
            counts |= lane.told_after.counts(f"{name}.told_after")
        words = {name: _words(lane.capture.state) for name, lane in self._lanes.items()}
        return Pulse("watch", now, worst, {ORDERS: self._followed, **counts}, words)

    def _commit(self, messages: Sequence[RedactedMessage]) -> None:
        if messages:
            self._outbox.put(messages)


def _words(report: CameraReport) -> str:
    """The state of a camera for people, with its reason where that says more."""
    return report.state.value if report.state is CameraState.OK else f"{report.state} ({report.reason})"


def _ended(left_open: Sequence[RedactedMessage], now: Moment) -> list[RedactedMessage]:
    """The ends of events that an earlier process left open; one that cannot be read is left as it is."""
    ends = []
    for last in left_open:
        try:
            ends.append(interrupted(last, now))
        except RedactionError as error:
            log.warning("event %s of an earlier run cannot be ended: %s", last.event_id, error)
    return ends
