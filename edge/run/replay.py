"""A clip through the pipeline of one camera: nothing is dropped, and the same inputs give the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from edge.pipeline import Pipeline
from edge.ports import Camera, CrowdCounter, Detector
from edge.run.look import Look, look
from edge.values.event import EndCause
from edge.values.frame import Frame
from edge.values.message import RedactedMessage

BOOT = "replay"


@dataclass(slots=True)
class Replay:
    """One pass over a clip.

    Attributes:
        source: gives the clip's sampled frames, None at its end.
        detector: looks at them.
        pipeline: of the camera that the clip stands for; fresh.
        counter: counts crowds by a density map; None where the camera has no model for it.
    """

    source: Camera
    detector: Detector
    pipeline: Pipeline
    counter: CrowdCounter | None = None
    _last: Frame | None = field(default=None, init=False)

    def looks(self) -> Iterator[Look]:
        """Every sampled frame with all that came of it.

        Raises:
            CameraError: the clip cannot be read on.
        """
        while (frame := self.source.read()) is not None:
            self._last = frame
            yield look(frame, self.detector, self.pipeline, self.counter)

    def farewell(self) -> tuple[RedactedMessage, ...]:
        """The end of every event that was open when the clip ended."""
        if self._last is None:
            return ()
        return self.pipeline.close(self._last.moment, self._last.source, EndCause.INTERRUPTED)


@dataclass(slots=True)
class Stamp:
    """Stamps messages as the outbox of a run called `replay` would, from sequence number 0."""

    _next: int = 0

    def lines(self, messages: tuple[RedactedMessage, ...]) -> Iterator[bytes]:
        """One JSON object per message, each with its line end."""
        for message in messages:
            yield message.stamped(BOOT, self._next) + b"\n"
            self._next += 1
