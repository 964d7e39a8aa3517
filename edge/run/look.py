"""One look at a frame: the same for a live camera and for a replay."""

from dataclasses import dataclass

from edge.pipeline import Pipeline, Step
from edge.ports import CrowdCounter, Detector
from edge.values.detections import Answer, Still
from edge.values.frame import Frame


@dataclass(frozen=True, slots=True)
class Look:
    """A frame, what the detector said, and what came of it."""

    frame: Frame
    answer: Answer
    step: Step


def look(frame: Frame, detector: Detector, pipeline: Pipeline, counter: CrowdCounter | None = None) -> Look:
    """Ask the detector unless the gate says that nothing moved, then take the frame through all hops.

    The counter is asked on its own schedule, gate or not: a crowd that cannot move is the one to count.
    """
    answer: Answer = detector.detect(frame) if pipeline.wants(frame) else Still()
    told = counter.count(frame) if counter is not None and pipeline.counts(frame) else None
    return Look(frame, answer, pipeline.step(frame, answer, told))
