"""Wiring of the verb `calibrate`: a camera watched for a while, every picture analysed, nothing published."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace
from edge.adapters.clock import SystemClock
from edge.config.spec import CameraSpec, NodeSpec
from edge.run.look import Look
from edge.run.parts import pipeline_of, replay_seed
from edge.run.replay import Replay
from edge.run.wiring.watching import detector_of, fit_of, live_source, model_of

RUN = "calibrate"


@contextmanager
def watched(node: NodeSpec, camera: CameraSpec) -> Iterator[tuple[tuple[str, ...], Iterator[Look]]]:
    """The labels of the model, and what it sees on a camera; files are played once, as fast as they go.

    Raises:
        CameraError: the stream cannot be opened or breaks.
        ModelError: the model is not accepted.
        ConfigError: the camera's password cannot be read.
    """
    choice = model_of(node)
    model = choice.model
    ungated, bare = replace(node, gate=False), replace(camera, rules=(), ground=None)
    file = "://" not in camera.detect.url and not camera.detect.url.startswith("/dev/")
    source = replace(
        live_source(camera, camera.detect), loop=False, pace=Pace.FAST if file else Pace.REALTIME
    )
    pipeline = pipeline_of(ungated, bare, model.card, RUN, replay_seed(RUN, camera.id))
    with closing(AvSource(source, camera.id, RUN, fit_of(model), SystemClock())) as stream:
        yield model.card.labels, Replay(stream, detector_of(node, choice), pipeline).looks()
