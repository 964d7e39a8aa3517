"""Lanes for tests: a whole pipeline behind a capture that only says what it is told to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from edge.detect.motion import MotionGate, MotionSpec
from edge.pipeline import Pipeline
from edge.privacy import Origin
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.run.capture import CaptureCount
from edge.run.lane import Lane
from edge.run.newest_slot import NewestSlot
from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.detections import Detections
from edge.values.event import Kind
from edge.values.frame import Frame, Size
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from tests.fakes.clock import FakeClock
from tests.fakes.privacy import SPEC, redactor

SIZE = Size(64, 36)
LABELS = ("person", "car")
PERIOD_NS = 200_000_000
ZONE = ZoneSpec("square", ((0.2, 0.2), (0.8, 0.2), (0.8, 0.9), (0.2, 0.9)))
CROWD = RuleSpec("crowd", Kind.OCCUPANCY, ("square",), at_least=1, clear_s=1.0)
LINE = LineSpec("middle", ((0.5, 0.0), (0.5, 1.0)))
ORIGIN: Origin = SPEC.origin

PERSON = Detections.of([[28, 10, 36, 28]], [0.9], [0])
TWO = Detections.of([[28, 10, 36, 28], [40, 10, 48, 28]], [0.9, 0.9], [0, 0])
NOBODY = Detections.none()


def pipeline(camera: str = "plaza", *rules: RuleSpec, gate: bool = False) -> Pipeline:
    """A pipeline that tells when one person or more is in the square."""
    return Pipeline(
        MotionGate(MotionSpec(enabled=gate)),
        Tracker(TrackerSpec(confirm_hits=1)),
        Scene(SceneSpec(LABELS, (ZONE,), (LINE,))),
        Rules(rules or (CROWD,), SPEC.origin.node, camera, "run"),
        redactor(camera=camera),
    )


def frame(moment: Moment, camera: str = "plaza", seq: int = 0, grey: int = 114) -> Frame:
    """A picture of one grey with a sensor's grain, the same at the same time of a minute."""
    grain = np.random.default_rng(5).integers(-12, 13, (SIZE.height, SIZE.width, 3))
    grain = np.roll(grain, moment.mono_ns // 30_000_000_000, axis=1)
    pixels = np.clip(grain + grey, 0, 255).astype(np.uint8)
    return Frame(camera, "run", seq, moment, pixels, SIZE)


@dataclass
class FakeCapture:
    """Captures nothing; a test sets what it says."""

    camera: str
    clock: FakeClock
    count: CaptureCount = field(default_factory=CaptureCount)
    stuck: bool = False
    fault: BaseException | None = None
    done: list[str] = field(default_factory=list)
    views: list[Reason] = field(default_factory=list)

    def __post_init__(self) -> None:
        now = self.clock.now()
        self.state = CameraReport(self.camera, CameraState.CONNECTING, Reason.STARTING, now, now)

    def start(self) -> None:
        self.done.append("start")

    def viewed(self, view: Reason) -> None:
        self.views.append(view)

    def stop(self) -> None:
        self.done.append("stop")

    def check(self) -> None:
        self.done.append("check")


def lane(camera: str, slot: NewestSlot, clock: FakeClock, *rules: RuleSpec) -> Lane:
    """A lane with nothing behind its slot."""
    capture = FakeCapture(camera, clock)
    analysis = pipeline(camera, *rules)
    return Lane(camera, capture, slot, PERIOD_NS, analysis, lambda: None)  # type: ignore[arg-type]


def phases(messages: Sequence[RedactedMessage]) -> list[str]:
    """Phase of each event, with the cause of an end."""
    told = [json.loads(message.body)["data"] for message in messages if message.event_id]
    return [f"{data['phase']} {data.get('cause', '')}".strip() for data in told]
