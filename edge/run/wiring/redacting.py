"""Wiring of the redaction: a clip that is read again and again, and a detector that tells what it doubts."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from edge.adapters.av_source import AvSource
from edge.adapters.clock import SystemClock
from edge.adapters.onnx_detector import OnnxDetector
from edge.config.spec import NodeSpec
from edge.privacy.trails import Hold
from edge.run.parts import doubted_of, doubted_on_of
from edge.run.redact import Reading, tracker_of
from edge.run.wiring.watching import clip_seconds, clip_source, fit_of, model_of
from edge.values.frame import Frame, Size

__all__ = ["clip_seconds", "frames_of", "reading_of"]

RUN = "redact"
EVERY_PICTURE = 1e6
"""Sampled pictures per second; a clip has fewer."""


def reading_of(node: NodeSpec, clip: Path, fps: float, hold: Hold) -> Reading:
    """A clip, and the model of a configuration to look at it.

    Raises:
        ModelError: the model is not accepted.
    """
    choice = model_of(node, measured=False)
    card = choice.model.card
    begins, continues = doubted_of(node, card), doubted_on_of(node, card)
    detector = OnnxDetector(choice.model, engine=choice.engine, thresholds=continues)
    return Reading(
        partial(frames_of, clip, fit_of(choice.model)),
        partial(frames_of, clip, _even),
        detector,
        tracker_of(
            tuple(begins.of(label) for label in card.labels),
            min(continues.of(label) for label in card.labels),
            hold,
        ),
        fps,
        hold,
    )


def frames_of(clip: Path, fit: Callable[[Size], Size]) -> Iterator[Frame]:
    """Every picture of a clip.

    Raises:
        CameraError: it cannot be opened or read on.
    """
    source = AvSource(clip_source(clip, EVERY_PICTURE, 0), RUN, RUN, fit, SystemClock())
    with closing(source):
        while (frame := source.read()) is not None:
            yield frame


def _even(size: Size) -> Size:
    """The size that a video of halved colour planes can have."""
    return Size(max(2, size.width // 2 * 2), max(2, size.height // 2 * 2))
