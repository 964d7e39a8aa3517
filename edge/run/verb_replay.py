"""The verb `replay`: a clip's events as they would have been published, and how long that took."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from edge.config import times
from edge.config.load import load
from edge.config.spec import CameraSpec, NodeSpec
from edge.messages.line import readable
from edge.messages.parse import parse
from edge.privacy.redaction import Redaction
from edge.privacy.reports import Counts
from edge.privacy.trails import Hold
from edge.run.choose import camera_for
from edge.run.draw import Drawing
from edge.run.look import Look
from edge.run.parts import origin_of
from edge.run.redact import planned
from edge.run.replay import Replay, Stamp
from edge.run.replay_states import States
from edge.run.wiring import redacting, watching
from edge.values.errors import ConfigError
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S

REDACTED_FPS = 10.0
"""Pictures per second that are looked at, at least, before a clip is drawn."""


@dataclass(slots=True)
class Summary:
    """What a replay did.

    Attributes:
        frames: sampled frames.
        asked: frames that the detector answered.
        gated: frames that the motion gate spared the detector.
        unanswered: frames that the detector did not answer.
        events: different events.
        messages: messages of these events.
        others: messages of other sorts: how the camera is doing, heat maps.
        refused: events that the allow-list refused.
        clip_s: length of what was played, seconds of presentation time.
        wall_s, cpu_s: how long it took.
    """

    frames: int = 0
    asked: int = 0
    gated: int = 0
    unanswered: int = 0
    events: int = 0
    messages: int = 0
    others: int = 0
    refused: int = 0
    clip_s: float = 0.0
    wall_s: float = 0.0
    cpu_s: float = 0.0

    def count(self, counts: Counts, sink: "_Sink") -> None:
        """Take over what was counted."""
        self.frames, self.asked, self.gated = counts.sampled, counts.answered, counts.still
        self.unanswered, self.refused = counts.unanswered, counts.refused
        self.events, self.others = len(sink.events), sink.messages - sink.of_events
        self.messages = sink.of_events

    def __str__(self) -> str:
        speed = self.clip_s / self.wall_s if self.wall_s else 0.0
        per_frame = 1000 * self.cpu_s / self.frames if self.frames else 0.0
        return (
            f"{self.frames} frames in {self.wall_s:.1f} s ({speed:.1f} times real time, "
            f"{per_frame:.1f} ms CPU a frame), {self.gated} gated, {self.unanswered} unanswered; "
            f"{self.events} events in {self.messages} messages"
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; None where nothing is to be written."""

    clip: Path
    config: Path
    camera: str | None
    start: str
    events: Path | None
    draw: Path | None
    landmarks: bool
    as_json: bool


def replay(request: Request) -> None:
    """Play the clip, write what was asked for, and tell how it went.

    Raises:
        SafecityError: configuration, model or clip are not as they should be.
    """
    node = load(request.config)
    camera = camera_for(node, request.clip, request.camera)
    run = watching.replay_of(
        node, camera, request.clip, times.utc_ns("--start", request.start), landmarks=request.landmarks
    )
    states, summary = States(camera.id, origin_of(node)), Summary()
    began, cpu = time.monotonic(), time.process_time()
    with ExitStack() as stack:
        sink = stack.enter_context(_Sink.to(request, node))
        drawing = None
        if request.draw is not None:
            redaction = _redaction(node, camera, request.clip)
            drawing = stack.enter_context(Drawing(request.draw, camera, run.detector.labels, redaction))
        for seen in _with_progress(run, watching.clip_seconds(request.clip), stack):
            sink.write(seen.step.messages)
            sink.write(states.told(seen, run.pipeline.reason, run.pipeline.rules_off))
            if drawing is not None:
                drawing.add(seen)
            summary.clip_s = seen.frame.moment.mono_ns / NS_PER_S
        sink.write(run.farewell())
        sink.write(states.farewell())
    summary.wall_s, summary.cpu_s = time.monotonic() - began, time.process_time() - cpu
    summary.count(states.counts, sink)
    _tell(summary, request.as_json)


def _redaction(node: NodeSpec, camera: CameraSpec, clip: Path) -> Redaction:
    """What is filled of the clip: it is looked at to its end before the first picture is drawn."""
    fps = max(REDACTED_FPS, camera.detect_fps)
    with Console(stderr=True).status("looking who is in the clip"):
        return planned(redacting.reading_of(node, clip, fps, Hold()), lambda _: None)


def _with_progress(run: Replay, seconds: float | None, stack: ExitStack) -> Iterator[Look]:
    """The looks of a replay, with a bar on a terminal."""
    bar = stack.enter_context(
        Progress(
            TextColumn("replay"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f} s"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
    )
    task = bar.add_task("replay", total=seconds or 0.0)
    for seen in run.looks():
        bar.update(task, completed=seen.frame.moment.mono_ns / NS_PER_S)
        yield seen


@dataclass(slots=True)
class _Sink:
    """Writes messages as JSON lines to a file, or as readable lines to the terminal."""

    file: BinaryIO | None
    node: NodeSpec
    stamp: Stamp
    messages: int
    of_events: int
    events: set[str]

    @classmethod
    def to(cls, request: Request, node: NodeSpec) -> "_Sink":
        file = None if request.events is None else _open(request.events)
        return cls(file, node, Stamp(), 0, 0, set())

    def __enter__(self) -> "_Sink":
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()

    def write(self, messages: tuple[RedactedMessage, ...]) -> None:
        """Write each message once, in order."""
        of_events = [message.event_id for message in messages if message.event_id]
        self.messages += len(messages)
        self.of_events += len(of_events)
        self.events.update(of_events)
        for message, line in zip(messages, self.stamp.lines(messages), strict=True):
            if self.file is not None:
                self.file.write(line)
            else:
                print(readable(parse(message.topic, line), self.node.timezone))


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as failure:
        raise ConfigError(f"--events: {path} cannot be written: {failure.strerror}") from failure


def _tell(summary: Summary, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(summary)))
    else:
        print(summary, file=sys.stderr)
