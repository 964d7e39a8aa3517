"""A detector that says what it was told to say."""

from collections.abc import Sequence

from edge.values.detections import Detections, NotAnswered
from edge.values.frame import Frame


class FakeDetector:
    """Gives the scripted answers one after the other, then the last of them for ever.

    Attributes:
        seen: camera and number of every frame that was asked about.
    """

    def __init__(
        self,
        answers: Sequence[Detections | NotAnswered] = (Detections.none(),),
        labels: tuple[str, ...] = ("person", "car"),
    ) -> None:
        self._answers = tuple(answers)
        self._labels = labels
        self.seen: list[tuple[str, int]] = []

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    def detect(self, frame: Frame) -> Detections | NotAnswered:
        self.seen.append((frame.camera, frame.seq))
        return self._answers[min(len(self.seen), len(self._answers)) - 1]
