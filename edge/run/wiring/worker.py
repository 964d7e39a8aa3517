"""Wiring of one worker: its cameras, which an order of the supervisor may change while it runs.

Law: a camera whose own part of the configuration stayed as it was keeps its lane, its tracks and its open
events; what else changed is told from then on with the new configuration's hash.
"""

import logging
import queue
import random
import secrets
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import cv2

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import SourceCount
from edge.adapters.clock import SystemClock
from edge.adapters.mark_box import MarkBox
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_counter import OnnxCounter
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.outbox import SqliteOutbox
from edge.config.load import load
from edge.config.spec import CameraSpec, NodeSpec
from edge.privacy.reports import Decoding
from edge.run.capture import Capture, CaptureSpec
from edge.run.lane import Lane
from edge.run.last_day import until_over
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.newest_slot import NewestSlot
from edge.run.order import Order
from edge.run.parts import origin_of, pipeline_of, told_of
from edge.run.places import mark_folder
from edge.run.started import all_started
from edge.run.tidy import Tidy
from edge.run.watch import Watcher
from edge.run.wiring import auditing, governing
from edge.run.wiring.counting import Counters, wide_of
from edge.run.wiring.entering import Entrance
from edge.run.wiring.outbox import fresh_boot, outbox_of
from edge.run.wiring.placing import view_of
from edge.run.wiring.watching import detector_of, fit_of, flight_of, glimpsed, live_source, model_of
from edge.values.audit import Action
from edge.values.camera_state import CameraReport
from edge.values.errors import ConfigError, ModelError
from edge.values.event import EndCause
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S
from edge.values.segment import SlotId

log = logging.getLogger("watch")


def watch(
    config: Path, base: Path | None, cameras: Sequence[str], boot: str, supervised: bool, verbose: bool
) -> None:
    """Watch cameras in this process until told to stop.

    Raises:
        ConfigError: configuration or secrets are wrong, or there is no such camera.
        PolicyError: its policy does not hold, or is over now.
        ModelError: the model is not accepted.
        StorageError: the outbox cannot be used.
    """
    cv2.setNumThreads(1)  # its pool is global, and the cores are shared out already
    lifeline = Lifeline(supervised)
    node = load(config, base)
    configure("watch", node.log, verbose)
    if supervised:
        governing.admit(node, expired_too=True)  # of a running box the supervisor judges the end
    ends = None if supervised else governing.admit_alone(node, "watch")
    chosen = _chosen(node, cameras)
    model, detector = _accepted(node)
    outbox = outbox_of(node, boot or fresh_boot())
    crew = _Crew(model, base, lifeline.orders, detector.glimpse)
    try:
        with until_over(ends, SystemClock(), lifeline) as pulse:
            watcher = Watcher(
                crew.lanes(node, chosen),
                detector,
                outbox,
                origin_of(node),
                SystemClock(),
                crew.reports,
                crew.arrived,
                Tidy(pulse).tell,
                crew.following,
            )
            all_started()
            watcher.serve(
                lifeline.stop,
                _left_open(outbox, node, chosen),
                lambda: EndCause.RETIRED if lifeline.retired else EndCause.INTERRUPTED,
            )
    finally:
        outbox.close()


def _accepted(node: NodeSpec) -> tuple[LoadedModel, OnnxDetector]:
    """The model and its detector; that they may look, or may not, is recorded.

    Raises:
        ModelError: the model is not accepted.
        StorageError: it cannot be recorded.
    """
    with auditing.journal(node, "watch") as journal:
        try:
            choice = model_of(node)
            model, detector = choice.model, detector_of(node, choice)
        except ModelError as failure:
            journal.note_change(Action.MODEL_REFUSED, node.detector.model, type(failure).__name__)
            raise
        log.info("the model %s runs on %s (%s)", model.card.name, choice.engine, choice.why)
        journal.note_change(Action.MODEL_ACCEPTED, model.card.sha256, f"model {model.card.name}")
        return model, detector


_Lanes = dict[str, tuple[CameraSpec, Lane]]
"""By camera: what its lane was made of, and the lane."""


@dataclass(slots=True, eq=False)
class _Crew:
    """The lanes of this worker, by the configuration that it follows.

    `glimpse` asks the detector, which stays over a reload, for what it only half sees, or no more.
    """

    model: LoadedModel
    base: Path | None
    orders: "queue.SimpleQueue[str]"
    glimpse: Callable[[bool], None]
    arrived: threading.Event = field(default_factory=threading.Event)
    reports: "queue.SimpleQueue[CameraReport]" = field(default_factory=queue.SimpleQueue)
    counters: Counters = field(default_factory=Counters)
    _lanes: _Lanes = field(default_factory=dict)

    def following(self) -> Sequence[Lane] | None:
        """The lanes that the next order wants; None where none came.

        Raises:
            ConfigError: they cannot be made; a new process under the last good configuration helps.
        """
        if self.orders.empty():
            return None
        order = Order.of(self.orders.get())
        node = load(order.config, self.base)
        lanes = self.lanes(node, _chosen(node, order.cameras))
        self.glimpse(glimpsed(node))
        self.glimpse(glimpsed(node))
        return lanes

    def lanes(self, node: NodeSpec, chosen: Sequence[CameraSpec]) -> Sequence[Lane]:
        """A lane for each of these cameras: the one it has, if nothing changed that it reads."""
        before = self._lanes
        self._lanes = {camera.id: (camera, self._lane_of(node, camera, before)) for camera in chosen}
        return [lane for _, lane in self._lanes.values()]

    def _lane_of(self, node: NodeSpec, camera: CameraSpec, before: _Lanes) -> Lane:
        known, lane = before.get(camera.id, (None, None))
        if lane is None or known != camera:
            counter = self.counters.of(node, camera)
            return _lane(node, camera, self.model, counter, self.arrived, self.reports)
        told_of(lane.pipeline, node, self.model.card)
        lane.mark = _mark_of(node, camera)
        return lane


def _chosen(node: NodeSpec, wanted: Sequence[str]) -> list[CameraSpec]:
    known = {camera.id: camera for camera in node.cameras}
    if unknown := [name for name in wanted if name not in known]:
        raise ConfigError(f"--camera: there is no camera {unknown[0]}; there are {', '.join(known)}")
    return [known[name] for name in wanted] or list(node.cameras)


def _lane(
    node: NodeSpec,
    camera: CameraSpec,
    model: LoadedModel,
    counter: OnnxCounter | None,
    arrived: threading.Event,
    reports: "queue.SimpleQueue[CameraReport]",
) -> Lane:
    """The lane of one camera in this process: a run of its own, with ids that nobody can link to another."""
    run, fit = uuid.uuid4().hex[:12], fit_of(model)
    entrance = Entrance(camera.id, partial(live_source, camera, camera.detect), log)
    clock, count, opened, wide = SystemClock(), SourceCount(), _Opened(), wide_of(counter)

    def opener(first_seq: int) -> AvSource:
        return opened.note(
            AvSource(
                entrance.now(),
                camera.id,
                run,
                fit,
                clock,
                first_seq=first_seq,
                count=count,
                wide=wide,
                flight=flight_of(camera),
            )
        )

    def report(changed: CameraReport) -> None:
        reports.put(changed)
        arrived.set()

    every_ns = round(NS_PER_S / camera.detect_fps)
    slot = NewestSlot(every_ns, arrived)
    spec = CaptureSpec(hang_s=camera.detect.hang_s, every_s=1.0 / camera.detect_fps)
    capture = Capture(camera.id, opener, slot, report, clock, random.SystemRandom(), spec)
    pipeline = pipeline_of(node, camera, model.card, run, secrets.token_bytes(32))
    pipeline.view, keep_place = view_of(node.data_dir, camera.id, camera.ground, pipeline.view)
    decoding = partial(opened.decoding, camera.detect.decode)
    mark = _mark_of(node, camera)
    return Lane(camera.id, capture, slot, every_ns, pipeline, decoding, keep_place, counter, mark)


def _mark_of(node: NodeSpec, camera: CameraSpec) -> Callable[[SlotId], None] | None:
    """Marks footage of severe events; None where nothing is recorded."""
    return MarkBox(mark_folder(node)).drop if camera.id in node.recorded else None


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
