"""Wiring of the analysis: video in, model, outbox; live and in replay."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Decode, Pace, SourceSpec, ThermalPicture, Transport
from edge.adapters.av_stream import AvStream
from edge.adapters.clock import SystemClock
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_detector import OnnxDetector
from edge.config.spec import CameraSpec, NodeSpec, StreamSpec
from edge.detect.letterbox import content_size
from edge.ground.flight_log import FlightLog
from edge.ground.telemetry import Telemetry
from edge.run.parts import needs_glimpses, pipeline_of, replay_seed, thresholds_of
from edge.run.replay import BOOT, Replay
from edge.run.wiring.counting import Counters, wide_of
from edge.run.wiring.engines import Chosen, chosen
from edge.run.wiring.placing import known_view
from edge.values.frame import Size
from edge.values.moment import Moment

LEAST_SPAN_K = 10.0
"""A thermal picture is spread over at least so many kelvin, so that noise stays grey."""


def model_of(node: NodeSpec, *, measured: bool = True) -> Chosen:
    """The configured model, its weights proven to be those of its card, and the engine that runs it.

    Raises:
        ModelError: there is none, it is damaged, or it may not run here.
    """
    return chosen(node, measured=measured)


def detector_of(node: NodeSpec, choice: Chosen) -> OnnxDetector:
    """The detector, accepted by its self-test.

    Raises:
        ModelError: the model is not accepted.
    """
    card = choice.model.card
    thresholds, glimpses = thresholds_of(node, card), glimpsed(node)
    return OnnxDetector(choice.model, engine=choice.engine, thresholds=thresholds, glimpses=glimpses)


def glimpsed(node: NodeSpec) -> bool:
    """Whether the detector of this configuration is to tell what it only half sees."""
    return any(map(needs_glimpses, node.cameras))


def fit_of(model: LoadedModel) -> Callable[[Size], Size]:
    """Size at which the model looks at a picture of a given size."""
    wanted = model.card.input
    return lambda source: content_size(source, wanted.size, wanted.fit)


def live_source(camera: CameraSpec, stream: StreamSpec) -> SourceSpec:
    """A stream as it comes; files play in real time.

    Raises:
        SecretError: its password cannot be read.
    """
    return SourceSpec(
        url=stream.url,
        detect_fps=camera.detect_fps,
        username=stream.username,
        password=None if stream.password is None else stream.password.read(),
        transport=Transport(stream.transport),
        decode=Decode(stream.decode),
        pace=Pace.REALTIME,
        loop=stream.loop,
        hang_s=stream.hang_s,
        thermal=thermal_of(camera),
        telemetry=tells(camera),
    )


def thermal_of(camera: CameraSpec) -> ThermalPicture | None:
    """How the pictures of a thermal camera are taken; None for other cameras."""
    if camera.thermal is None:
        return None
    scale = camera.thermal.scale
    least = None if scale is None else LEAST_SPAN_K / scale.kelvin_per_count
    return ThermalPicture(least, camera.thermal.black_hot)


def flight_of(camera: CameraSpec) -> FlightLog | Telemetry | None:
    """Where a moving camera is, for one connection; None where it does not say."""
    if camera.moving is None:
        return None
    return Telemetry() if camera.moving.from_stream else camera.moving.log


def tells(camera: CameraSpec) -> bool:
    """Whether the camera's own stream says where it is."""
    return camera.moving is not None and camera.moving.from_stream


def clip_source(
    clip: Path, detect_fps: float, start_ns: int, thermal: ThermalPicture | None = None
) -> SourceSpec:
    """A recording as fast as it can be decoded, on its own time line."""
    return SourceSpec(str(clip), detect_fps, pace=Pace.FAST, clip_start_ns=start_ns, thermal=thermal)


def replay_of(
    node: NodeSpec, camera: CameraSpec, clip: Path, start_ns: int, *, landmarks: bool = False
) -> Replay:
    """A pass over a clip with the rules of one camera.

    With `landmarks` it knows what the place looked like when its ground was measured, as the box kept it.

    Raises:
        CameraError: the clip cannot be opened.
        ModelError: the model is not accepted.
        ConfigError: a rule counts a class that the model does not know, or no landmarks are kept.
    """
    choice = model_of(node, measured=False)
    model = choice.model
    seed = replay_seed(node.sha256, model.card.sha256, camera.id)
    source = replace(
        clip_source(clip, camera.detect_fps, start_ns, thermal_of(camera)), telemetry=tells(camera)
    )
    counter = Counters().of(node, camera)
    pipeline = pipeline_of(node, camera, model.card, BOOT, seed)
    if landmarks:
        pipeline.view = known_view(node.data_dir, camera.id, camera.ground, pipeline.view)
    return Replay(
        AvSource(
            source,
            camera.id,
            BOOT,
            fit_of(model),
            SystemClock(),
            wide=wide_of(counter),
            flight=flight_of(camera),
        ),
        detector_of(node, choice),
        pipeline,
        counter,
    )


def clip_seconds(clip: Path) -> float | None:
    """Length of a clip as it announces it, seconds; None where it does not.

    Raises:
        CameraError: it cannot be opened.
    """
    stream = AvStream(SourceSpec(url=str(clip)))
    try:
        return stream.duration_s
    finally:
        stream.close()


def now() -> Moment:
    """The time by this box's clock."""
    return SystemClock().now()
