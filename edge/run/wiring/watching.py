"""Wiring of the analysis: video in, model, outbox; live and in replay."""

import queue
import random
import secrets
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from edge.adapters import model_folder
from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Decode, Pace, SourceCount, SourceSpec, Transport
from edge.adapters.av_stream import AvStream
from edge.adapters.clock import SystemClock
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.outbox import SqliteOutbox
from edge.config.load import load
from edge.config.spec import CameraSpec, NodeSpec, StreamSpec
from edge.detect.capability import check_allowed
from edge.detect.letterbox import content_size
from edge.privacy.reports import Decoding
from edge.run.capture import Capture, CaptureSpec
from edge.run.lane import Lane
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.models import folder_of
from edge.run.newest_slot import NewestSlot
from edge.run.parts import check_permitted, origin_of, pipeline_of, replay_seed, thresholds_of
from edge.run.replay import BOOT, Replay
from edge.run.watch import Watcher
from edge.run.wiring import governing
from edge.run.wiring.outbox import fresh_boot, outbox_of
from edge.values.camera_state import CameraReport
from edge.values.engine import Engine
from edge.values.errors import ConfigError
from edge.values.event import EndCause
from edge.values.frame import Size
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S, Moment


def model_of(node: NodeSpec) -> LoadedModel:
    """The configured model, its weights proven to be those of its card, and allowed by the policy.

    Raises:
        ModelError: there is none, it is damaged, or it may not run here.
    """
    model = model_folder.load(folder_of(node.detector.model))
    check_allowed(node.detector.door, model.card.name, model.card.sha256)
    check_permitted(node.policy, model.card)
    return model


def detector_of(node: NodeSpec, model: LoadedModel) -> OnnxDetector:
    """The detector, accepted by its self-test.

    Raises:
        ModelError: the model is not accepted.
    """
    return OnnxDetector(
        model,
        engine=Engine(provider=node.detector.provider, threads=node.detector.threads),
        thresholds=thresholds_of(node, model.card),
    )


def fit_of(model: LoadedModel) -> Callable[[Size], Size]:
    """Size at which the model looks at a picture of a given size."""
    wanted = model.card.input
    return lambda source: content_size(source, wanted.size, wanted.fit)


def live_source(camera: CameraSpec, stream: StreamSpec) -> SourceSpec:
    """A stream as it comes; files play in real time.

    Raises:
        ConfigError: its password cannot be read.
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
    )


def clip_source(clip: Path, detect_fps: float, start_ns: int) -> SourceSpec:
    """A recording as fast as it can be decoded, on its own time line."""
    return SourceSpec(url=str(clip), detect_fps=detect_fps, pace=Pace.FAST, clip_start_ns=start_ns)


def replay_of(node: NodeSpec, camera: CameraSpec, clip: Path, start_ns: int) -> Replay:
    """A pass over a clip with the rules of one camera.

    Raises:
        CameraError: the clip cannot be opened.
        ModelError: the model is not accepted.
        ConfigError: a rule counts a class that the model does not know.
    """
    model = model_of(node)
    seed = replay_seed(node.sha256, model.card.sha256, camera.id)
    source = clip_source(clip, camera.detect_fps, start_ns)
    return Replay(
        AvSource(source, camera.id, BOOT, fit_of(model), SystemClock()),
        detector_of(node, model),
        pipeline_of(node, camera, model.card, BOOT, seed),
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


def watch(
    config: Path, base: Path | None, cameras: Sequence[str], boot: str, supervised: bool, verbose: bool
) -> None:
    """Watch cameras in this process until told to stop.

    Raises:
        ConfigError: configuration or secrets are wrong, or there is no such camera.
        ModelError: the model is not accepted.
        StorageError: the outbox cannot be used.
    """
    configure("watch", verbose)
    cv2.setNumThreads(1)  # its pool is global, and the cores are shared out already
    lifeline = Lifeline(supervised)
    node = load(config, base)
    governing.admit(node)
    chosen = _chosen(node, cameras)
    model = model_of(node)
    detector = detector_of(node, model)
    outbox = outbox_of(node, boot or fresh_boot())
    arrived, reports = threading.Event(), queue.SimpleQueue[CameraReport]()
    lanes = [_lane(node, camera, model, arrived, reports) for camera in chosen]
    watcher = Watcher(
        lanes, detector, outbox, origin_of(node), SystemClock(), reports, arrived, lifeline.tell
    )
    try:
        watcher.serve(
            lifeline.stop,
            _left_open(outbox, node, chosen),
            lambda: EndCause.RETIRED if lifeline.retired else EndCause.INTERRUPTED,
        )
    finally:
        outbox.close()


def _chosen(node: NodeSpec, wanted: Sequence[str]) -> list[CameraSpec]:
    known = {camera.id: camera for camera in node.cameras}
    if unknown := [name for name in wanted if name not in known]:
        raise ConfigError(f"--camera: there is no camera {unknown[0]}; there are {', '.join(known)}")
    return [known[name] for name in wanted] or list(node.cameras)


def _lane(
    node: NodeSpec,
    camera: CameraSpec,
    model: LoadedModel,
    arrived: threading.Event,
    reports: "queue.SimpleQueue[CameraReport]",
) -> Lane:
    """The lane of one camera in this process: a run of its own, with ids that nobody can link to another."""
    run, source, fit = uuid.uuid4().hex[:12], live_source(camera, camera.detect), fit_of(model)
    clock, count, opened = SystemClock(), SourceCount(), _Opened()

    def opener(first_seq: int) -> AvSource:
        return opened.note(AvSource(source, camera.id, run, fit, clock, first_seq=first_seq, count=count))

    def report(changed: CameraReport) -> None:
        reports.put(changed)
        arrived.set()

    every_ns = round(NS_PER_S / camera.detect_fps)
    slot = NewestSlot(every_ns, arrived)
    spec = CaptureSpec(hang_s=camera.detect.hang_s, every_s=1.0 / camera.detect_fps)
    capture = Capture(camera.id, opener, slot, report, clock, random.SystemRandom(), spec)
    pipeline = pipeline_of(node, camera, model.card, run, secrets.token_bytes(32))
    return Lane(camera.id, capture, slot, every_ns, pipeline, lambda: opened.decoding(camera.detect.decode))


@dataclass(slots=True)
class _Opened:
    """Remembers the last connection of a camera, to tell which decoder works."""

    source: AvSource | None = None

    def note(self, source: AvSource) -> AvSource:
        self.source = source
        return source

    def decoding(self, wanted: str) -> Decoding | None:
        return None if self.source is None else Decoding(wanted, self.source.device.value)


def _left_open(outbox: SqliteOutbox, node: NodeSpec, cameras: Sequence[CameraSpec]) -> list[RedactedMessage]:
    """Last messages of events that an earlier process left open.

    Those of these cameras; who watches the node's first also ends those of cameras that are no more.
    """
    mine, known = _topics(node, cameras), _topics(node, node.cameras)
    heir = node.cameras[0] in cameras
    return [
        message
        for message in outbox.open_messages("")
        if message.topic.startswith(mine) or (heir and not message.topic.startswith(known))
    ]


def _topics(node: NodeSpec, cameras: Sequence[CameraSpec]) -> tuple[str, ...]:
    """Beginnings of the topics of these cameras' events."""
    return tuple(origin_of(node).topic("event", camera.id, "") for camera in cameras)
