"""One camera within a worker: its capture, its slot, its pipeline, and what became of its frames."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from edge.footage.marking import Marks
from edge.pipeline import Pipeline, Step
from edge.ports import CrowdCounter, Detector
from edge.privacy.reports import Counts, Decoding
from edge.rules.uncounted import Uncounted
from edge.run.capture import Capture
from edge.run.histogram import Histogram
from edge.run.look import look
from edge.run.newest_slot import NewestSlot
from edge.values.detections import NotAnswered
from edge.values.errors import StorageError
from edge.values.event import EndCause
from edge.values.frame import Frame, Size
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from edge.values.segment import SlotId
from edge.view.watch import ViewWatch

log = logging.getLogger("watch")

DELAY_SHARE = 0.15
"""Weight of the newest frame in the mean delay."""
BLIND_AFTER_S = 2.0
"""Without a frame for so long, the pipeline is told that nothing is known."""


@dataclass(slots=True, eq=False)
class Lane:
    """The analysis of one camera, used by one thread.

    Attributes:
        camera: camera id.
        capture: brings frames into `slot`.
        slot: holds the newest frame.
        every_ns: time between two frames as configured, ns.
        pipeline: the analysis.
        decoding: tells which decoder works, None before the first connection.
        keep_place: shown about once a second what is known of the place's look, to keep it once.
        counter: counts crowds by a density map; None where the camera has no model for it.
        mark: told the slots of footage into which a severe event fell; None where nothing is recorded.
        inference: how long the detector took.
        told_after: time from a picture to the commit of the messages that it led to.
        uncounted: which of its crowds are too dense to count.
    """

    camera: str
    capture: Capture
    slot: NewestSlot
    every_ns: int
    pipeline: Pipeline
    decoding: Callable[[], Decoding | None]
    keep_place: Callable[[ViewWatch], None] = lambda _: None
    counter: CrowdCounter | None = None
    mark: Callable[[SlotId], None] | None = None
    inference: Histogram = field(default_factory=Histogram, init=False)
    told_after: Histogram = field(default_factory=Histogram, init=False)
    uncounted: Uncounted = field(default_factory=Uncounted, init=False)
    _marks: Marks = field(init=False)
    _size: Size = field(default=Size(1, 1), init=False)
    _last: Moment | None = field(default=None, init=False)
    _unanswered: int = field(default=0, init=False)
    _refused: int = field(default=0, init=False)
    _looked_ns: int = field(default=0, init=False)
    _delay_s: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._marks = Marks(self.camera)

    @property
    def due_ns(self) -> int | None:
        """Monotonic time by which this camera is to be looked at, ns; None where no frame waits.

        A period after the last look, and not after the frame: else, of more cameras than can be served,
        those whose frames come last would never be.
        """
        return None if self.slot.deadline_ns is None else self._looked_ns + self.every_ns

    def take(self, now: Moment) -> Frame | None:
        """The frame that waits."""
        self._looked_ns = now.mono_ns
        return self.slot.take()

    def analyse(self, frame: Frame, detector: Detector) -> tuple[RedactedMessage, ...]:
        """Take a frame of this camera through all hops; what is to be sent."""
        self._size, self._last = frame.source, frame.moment
        seen = look(frame, detector, self.pipeline, self.counter)
        self._unanswered += isinstance(seen.answer, NotAnswered)
        self.capture.viewed(self.pipeline.reason)
        return self._counted(seen.step, frame.moment)

    def committed(self, now: Moment, told: bool) -> None:
        """What the last analysed frame led to is on the disk; `told` where that was a message."""
        if self._last is not None:
            delay_s = now.seconds_since(self._last)
            self._delay_s += (delay_s - self._delay_s) * (DELAY_SHARE if self._delay_s else 1.0)
            if told:
                self.told_after.note(delay_s)

    @property
    def delay_ms(self) -> int:
        """Time from a picture to the commit of what it led to, mean of the last dozen, ms; 0 before any."""
        return round(self._delay_s * 1000.0)

    def wait(self, now: Moment) -> tuple[RedactedMessage, ...]:
        """Look after things once a second, and let time pass where no frame comes; what is to be sent."""
        self.keep_place(self.pipeline.view)
        if self._last is None or now.seconds_since(self._last) < BLIND_AFTER_S:
            return ()
        return self._counted(self.pipeline.blind(now, self._size), now)

    def close(self, now: Moment, cause: EndCause) -> tuple[RedactedMessage, ...]:
        """Stop capturing; the last messages of what is open, which ends for that cause."""
        self.capture.stop()
        return self.pipeline.close(now, self._size, cause)

    def counts(self) -> Counts:
        """What became of the frames so far."""
        gate = self.pipeline.gate
        return Counts(
            sampled=self.capture.count.frames,
            answered=gate.asked - self._unanswered,
            still=gate.gated,
            unanswered=self._unanswered,
            dropped=self.slot.replaced,
            refused=self._refused,
            reconnects=max(0, self.capture.count.connects - 1),
        )

    def _counted(self, step: Step, now: Moment) -> tuple[RedactedMessage, ...]:
        self._refused += len(step.refused)
        self.uncounted.saw(step.events)
        self._mark(step, now)
        return step.messages

    def _mark(self, step: Step, now: Moment) -> None:
        """Mark footage of severe events; what the disk does not take is tried again with the next frame."""
        if self.mark is None:
            return
        try:
            for slot in self._marks.due(step.events, now):
                self.mark(slot)
                self._marks.told(slot)
        except StorageError as error:
            log.error("camera %s: footage of a severe event is not marked yet: %s", self.camera, error)
