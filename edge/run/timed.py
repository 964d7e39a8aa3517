"""A detector that is looked at with a watch in hand."""

from edge.ports import Clock, Detector
from edge.run.histogram import Histogram
from edge.values.detections import Detections, NotAnswered
from edge.values.frame import Frame


class Timed:
    """The `Detector` port over another detector; what an answer took goes into a histogram."""

    def __init__(self, detector: Detector, clock: Clock, took: Histogram) -> None:
        self._detector = detector
        self._clock = clock
        self._took = took

    @property
    def labels(self) -> tuple[str, ...]:
        """Those of the other."""
        return self._detector.labels

    def detect(self, frame: Frame) -> Detections | NotAnswered:
        """What the other answers; no answer takes its time too."""
        began = self._clock.now()
        answer = self._detector.detect(frame)
        self._took.note(self._clock.now().seconds_since(began))
        return answer
