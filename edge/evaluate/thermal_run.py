"""One thermal scene through the whole pipeline behind the detector: what was told, and what was due.

Law: nothing of the pipeline knows the truth. A told event is right if its rule is due then and there; two
events of one thing that is due are one right and one false.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from edge.detect.motion import MotionGate, MotionSpec
from edge.pipeline import Pipeline
from edge.privacy import ModelRef, Origin, Policy, PrivacySpec, Pseudonyms, Redactor
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.samples.thermal import HIGH, SCALE, WIDE, HotDue, Shot, ThermalScene
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.thermal.spec import ThermalSpec
from edge.thermal.watch import ThermalWatch
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections, Still
from edge.values.event import Event, Kind, Phase
from edge.values.frame import Frame, Size
from edge.values.hot import Growing, Level
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment

LABELS = ("person", "bicycle", "car", "other-vehicle")
ZONE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LATE_S = {Kind.HOT_SPOT: 10.0, Kind.FIRE_LIKE: 60.0}
"""An event that comes later is no answer to what was due."""
NEAR = 0.05
"""How far beside the event's box the true place may lie, unit square."""
DUE_S = {Kind.HOT_SPOT: 2.0, Kind.FIRE_LIKE: 20.0}
"""What is so hot, or burns, for so long is to be told."""
KELVIN = (
    RuleSpec("hot", Kind.HOT_SPOT, ("yard",), for_s=2.0, hot=Level(above_c=80.0)),
    RuleSpec("fire", Kind.FIRE_LIKE, ("yard",), hot=Level(above_k=15.0, growing=Growing())),
)
GREY = (RuleSpec("fire-grey", Kind.FIRE_LIKE, ("yard",), hot=Level(contrast=0.2, growing=Growing())),)


@dataclass(frozen=True, slots=True)
class ThermalRun:
    """What came of one scene.

    Attributes:
        name: of the scene.
        seconds: its length.
        right: the rule, what was due and told, the event that told it, and how much later it came, seconds.
        missed: the rule, and what was due and never told.
        false: events that nothing was due for.
        messages: all that would have left the box.
    """

    name: str
    seconds: float
    right: tuple[tuple[str, HotDue, Event, float], ...]
    missed: tuple[tuple[str, HotDue], ...]
    false: tuple[Event, ...]
    messages: tuple[RedactedMessage, ...]


def rules_of(scene: ThermalScene) -> tuple[RuleSpec, ...]:
    """The rules for such a camera."""
    return GREY if scene.grey else KELVIN


def run(scene: ThermalScene, seed: int) -> ThermalRun:
    """Let a scene be watched from begin to end."""
    pipeline = _pipeline(scene)
    starts: list[tuple[float, Event]] = []
    messages: list[RedactedMessage] = []
    for index, shot in enumerate(scene.shots(seed)):
        frame = _frame(scene.name, index, shot)
        answer = _seen(shot) if pipeline.wants(frame) else Still()
        step = pipeline.step(frame, answer)
        messages += step.messages
        starts += [(shot.s, event) for event in step.events if event.phase is Phase.START]
    return _matched(scene, starts, tuple(messages))


def _frame(camera: str, index: int, shot: Shot) -> Frame:
    """As a camera's adapter makes it: the counts, and a grey picture for the detector."""
    ns = round(shot.s * 1e9)
    moment = Moment(ns, 1_800_000_000_000_000_000 + ns, ClockTrust.REPLAY)
    low, high = np.percentile(shot.counts, (1, 99.5))
    grey = np.clip((shot.counts - low) * (255.0 / max(high - low, 250.0)), 0, 255).astype(np.uint8)
    pixels = np.repeat(grey[:, :, None], 3, axis=2)
    return Frame(camera, "run", index, moment, pixels, Size(WIDE, HIGH), counts=shot.counts)


def _pipeline(scene: ThermalScene) -> Pipeline:
    spec = PrivacySpec(
        Origin("evaluation", "evaluation"),
        Policy("0" * 64, 600.0, boxes=True, labels=frozenset(LABELS)),
        ModelRef("truth", "0" * 64),
        "0" * 64,
    )
    rules = rules_of(scene)
    levels = tuple(rule.hot for rule in rules if rule.hot is not None)
    return Pipeline(
        MotionGate(MotionSpec()),
        Tracker(TrackerSpec()),
        Scene(SceneSpec(LABELS, (ZoneSpec("yard", ZONE),))),
        Rules(rules, "evaluation", scene.name, "run"),
        Redactor(spec, scene.name, Pseudonyms(b"0" * 32, scene.name, 600.0)),
        thermal=ThermalWatch(ThermalSpec((("yard", ZONE),), levels, None if scene.grey else SCALE)),
    )


def _seen(shot: Shot) -> Detections:
    boxes = np.array([box for _, box in shot.bodies], np.float32).reshape(-1, 4)
    labels = [LABELS.index(label) for label, _ in shot.bodies]
    return Detections.of(boxes, np.full(len(boxes), 0.9), labels)


def _due(scene: ThermalScene) -> Iterator[tuple[RuleSpec, HotDue]]:
    for rule in rules_of(scene):
        assert rule.hot is not None
        for due in scene.due(rule.hot, DUE_S[rule.kind]):
            yield rule, due


def _matched(
    scene: ThermalScene, starts: list[tuple[float, Event]], messages: tuple[RedactedMessage, ...]
) -> ThermalRun:
    right, missed, free = [], [], list(starts)
    for rule, due in _due(scene):
        found = next((each for each in free if _answers(each, rule, due)), None)
        if found is None:
            missed.append((rule.id, due))
            continue
        free.remove(found)
        right.append((rule.id, due, found[1], found[0] - due.from_s))
    false = tuple(event for _, event in free)
    return ThermalRun(scene.name, scene.seconds, tuple(right), tuple(missed), false, messages)


def _answers(told: tuple[float, Event], rule: RuleSpec, due: HotDue) -> bool:
    """Whether an event tells what is due: by the same rule, then, and there."""
    at_s, event = told
    if event.rule != rule.id or not due.from_s - 1.0 <= at_s <= due.from_s + LATE_S[rule.kind]:
        return False
    assert event.spot is not None
    (x, y), (x1, y1, x2, y2) = due.at, event.spot.box
    return x1 - NEAR <= x <= x2 + NEAR and y1 - NEAR <= y <= y2 + NEAR
