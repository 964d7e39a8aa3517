"""One look at a frame: the same for a live camera and for a replay."""

from dataclasses import dataclass

from edge.pipeline import Pipeline, Step
from edge.ports import Detector
from edge.values.detections import Answer, Still
from edge.values.frame import Frame


@dataclass(frozen=True, slots=True)
class Look:
    """A frame, what the detector said, and what came of it."""

    frame: Frame
    answer: Answer
    step: Step


def look(frame: Frame, detector: Detector, pipeline: Pipeline) -> Look:
    """Ask the detector unless the gate says that nothing moved, then take the frame through all hops."""
    answer: Answer = detector.detect(frame) if pipeline.wants(frame) else Still()
    return Look(frame, answer, pipeline.step(frame, answer))
