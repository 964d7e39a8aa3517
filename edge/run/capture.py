"""The capture of one camera: a thread that opens, reads, and opens again for ever, and a watch over it.

Law: nothing that a camera does stops another camera or this program. A read that blocks beyond its time is
abandoned with its thread, which can do no harm any more; when too many hang, `stuck` asks for the worker's
end, since a thread cannot be killed. What the camera is seen to do becomes `CameraReport` values.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from edge.ports import Camera, Clock
from edge.run.backoff import Backoff
from edge.run.newest_slot import NewestSlot
from edge.values.camera_state import CameraReport, Reason
from edge.values.errors import CameraError
from edge.values.frame import Frame
from edge.values.moment import Moment
from edge.view.health import CameraHealth

Opener = Callable[[int], Camera]
"""Opens the camera; its first frame gets the number given."""


@dataclass(frozen=True, slots=True)
class CaptureSpec:
    """How patient a capture is.

    Attributes:
        hang_s: longest time without a frame that the camera's own adapter lets pass, seconds.
        every_s: time between sampled frames, seconds.
        healthy_s: frames for this long forgive all failures before them, seconds.
        most_abandoned: threads that may hang in a camera before the worker has to go.
    """

    hang_s: float = 8.0
    every_s: float = 0.2
    healthy_s: float = 30.0
    most_abandoned: int = 3

    @property
    def read_s(self) -> float:
        """Longest time that a read may take, seconds: the adapter ought to have given up before."""
        return self.hang_s + max(1.0, self.every_s)

    @property
    def open_s(self) -> float:
        """Longest time that opening may take, seconds: connecting, and then finding the stream."""
        return 2 * self.hang_s + 4.0


@dataclass(slots=True)
class CaptureCount:
    """What one capture lived through."""

    frames: int = 0
    connects: int = 0
    failures: int = 0
    abandoned: int = 0


class Turn:
    """One thread's time in charge; once it is `over`, everything that the thread brings is ignored."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.camera: Camera | None = None
        self.deadline: Moment | None = None
        self.first: Moment | None = None


class Capture:
    """Captures one camera into its slot."""

    def __init__(
        self,
        camera: str,
        opener: Opener,
        slot: NewestSlot,
        report: Callable[[CameraReport], None],
        clock: Clock,
        chance: random.Random,
        spec: CaptureSpec | None = None,
        *,
        sleep: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        """A capture that has not begun.

        Args:
            camera: camera id.
            opener: opens the camera.
            slot: where frames go.
            report: told of every change of state, by the capture thread or within `check`; must not wait.
            clock: tells the time.
            chance: jitter of the back-off.
            spec: how patient it is.
            sleep: waits for an event, so many seconds at most.
        """
        self._camera, self._opener, self._slot, self._report = camera, opener, slot, report
        self._clock, self._spec, self._sleep = clock, spec or CaptureSpec(), sleep
        self._backoff = Backoff(chance)
        self._health = CameraHealth(camera, clock.now())
        self._lock = threading.RLock()
        self._turn = Turn()
        self._hanging: set[Turn] = set()
        self._next_seq = 0
        self.count = CaptureCount()
        self.stuck = False
        self.fault: BaseException | None = None

    @property
    def state(self) -> CameraReport:
        """The state that the camera is in, and since when."""
        return self._health.report

    def viewed(self, view: Reason) -> None:
        """What its pictures were found to show, by whoever looks at them."""
        with self._lock:
            self._tell(self._health.viewed(view, self._clock.now()))

    def start(self) -> None:
        """Begin to capture."""
        with self._lock:
            self._take_turn(0.0)

    def stop(self) -> None:
        """End the capture; a read that blocks ends by itself and brings nothing any more."""
        with self._lock:
            self._relieve(self._turn)

    def check(self) -> None:
        """Abandon the thread if it is stuck; to be called every second by a thread that touches no camera."""
        with self._lock:
            turn, now = self._turn, self._clock.now()
            if turn.deadline is None or now < turn.deadline:
                return
            self._relieve(turn)
            self._hanging.add(turn)
            self.count.abandoned += 1
            self.stuck = self.stuck or len(self._hanging) > self._spec.most_abandoned
            wait_s = self._failed(Reason.HUNG)
            if not self.stuck:
                self._take_turn(wait_s)

    def _take_turn(self, wait_s: float) -> None:
        self._turn = Turn()
        name = f"capture-{self._camera}"
        threading.Thread(target=self._run, args=(self._turn, wait_s), name=name, daemon=True).start()

    def _relieve(self, turn: Turn) -> None:
        turn.over.set()
        turn.deadline = None
        if turn.camera is not None:
            turn.camera.close()

    def _run(self, turn: Turn, wait_s: float | None) -> None:
        try:
            while wait_s is not None:
                self._sleep(turn.over, wait_s)
                wait_s = None if turn.over.is_set() else self._connection(turn)
        except BaseException as error:
            self.fault = error
            raise
        finally:
            with self._lock:
                self._hanging.discard(turn)

    def _connection(self, turn: Turn) -> float | None:
        """From opening to the end; how long to wait for the next one, or None where there is none."""
        try:
            self._open(turn)
            self._read_on(turn)
        except CameraError as error:
            with self._lock:
                return None if turn.over.is_set() else self._failed(error.reason)
        finally:
            turn.deadline = None
            if turn.camera is not None:
                turn.camera.close()
                turn.camera = None
        return None

    def _open(self, turn: Turn) -> None:
        turn.first = None
        turn.deadline = self._clock.now().plus(self._spec.open_s)
        camera = self._opener(self._next_seq)
        with self._lock:
            turn.camera = camera
            self.count.connects += not turn.over.is_set()

    def _read_on(self, turn: Turn) -> None:
        assert turn.camera is not None
        frame: Frame | None = None
        while not turn.over.is_set():
            turn.deadline = self._clock.now().plus(self._spec.read_s)
            frame = turn.camera.read()
            with self._lock:
                if not turn.over.is_set():
                    self._took(turn, frame)

    def _took(self, turn: Turn, frame: Frame | None) -> None:
        now = self._clock.now()
        if frame is None:
            turn.over.set()
            self._tell(self._health.ended(now))
            return
        self.count.frames += 1
        self._next_seq = frame.seq + 1
        self._tell(self._health.saw(now))
        self._slot.put(frame)
        turn.first = turn.first or now
        if now.seconds_since(turn.first) >= self._spec.healthy_s:
            self._backoff.reset()

    def _failed(self, reason: Reason) -> float:
        """Note a failure; how long to wait after it, seconds."""
        self.count.failures += 1
        self._tell(self._health.failed(reason, self._clock.now()))
        return self._backoff.next_s()

    def _tell(self, report: CameraReport | None) -> None:
        if report is not None:
            self._report(report)
