"""One scene of a place through the whole pipeline behind the detector: what was told, and what was due.

Law: nothing of the pipeline knows the truth. A told event is right if its kind is due then and there; two
events of one thing that is due are one right and one false.
"""

from dataclasses import dataclass

import numpy as np

from edge.detect.motion import MotionGate, MotionSpec
from edge.pipeline import Pipeline
from edge.privacy import ModelRef, Origin, Policy, PrivacySpec, Pseudonyms, Redactor
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.samples.places import Due, PlaceScene
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections, Still
from edge.values.event import Event, Kind, Phase
from edge.values.frame import Frame
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment
from edge.values.truth import TrueFrame

LABELS = ("person", "bicycle", "car", "bus", "truck")
SHOWN = 0.3
"""Share of a body that must be visible for a detector to find it."""
LATE_S = 20.0
"""An event that comes later is no answer to what was due."""
NEAR = 0.04
"""How far beside the event's box the true place may lie, unit square."""
RULES = (
    RuleSpec("left-behind", Kind.ABANDONED, ("floor",), for_s=5.0),
    RuleSpec("taken-away", Kind.REMOVED, ("floor",), for_s=5.0),
)


@dataclass(frozen=True, slots=True)
class Eyes:
    """How well the detector sees.

    Attributes:
        jitter: standard deviation of a box's sides, share of its height.
        missed: share of the bodies that one picture does not show.
    """

    jitter: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True, slots=True)
class PlaceRun:
    """What came of one scene.

    Attributes:
        name: of the scene.
        seconds: its length.
        right: what was due and told, with the event that told it and how much later it came, seconds.
        missed: what was due and never told.
        false: events that nothing was due for.
        messages: all that would have left the box.
    """

    name: str
    seconds: float
    right: tuple[tuple[Due, Event, float], ...]
    missed: tuple[Due, ...]
    false: tuple[Event, ...]
    messages: tuple[RedactedMessage, ...]


def run(place: PlaceScene, eyes: Eyes, seed: int, gated: bool = True) -> PlaceRun:
    """Let a scene be watched from begin to end."""
    pipeline, chance = _pipeline(place, gated), np.random.default_rng([seed, 29])
    starts: list[tuple[float, Event]] = []
    messages: list[RedactedMessage] = []
    for pixels, truth in place.shots(seed):
        ns = round(truth.pts_s * 1e9)
        moment = Moment(ns, 1_800_000_000_000_000_000 + ns, ClockTrust.REPLAY)
        frame = Frame(place.scene.name, "run", truth.index, moment, pixels, place.scene.size)
        answer = _seen(truth, frame, eyes, chance) if pipeline.wants(frame) else Still()
        step = pipeline.step(frame, answer)
        messages += step.messages
        starts += [(truth.pts_s, event) for event in step.events if event.phase is Phase.START]
    return _matched(place, starts, tuple(messages))


def _pipeline(place: PlaceScene, gated: bool) -> Pipeline:
    camera, zones = place.scene.name, tuple(place.scene.zones.items())
    spec = PrivacySpec(
        Origin("evaluation", "evaluation"),
        Policy("0" * 64, 600.0, boxes=True, labels=frozenset(LABELS)),
        ModelRef("truth", "0" * 64),
        "0" * 64,
    )
    scene = SceneSpec(LABELS, tuple(ZoneSpec(name, polygon) for name, polygon in zones))
    return Pipeline(
        MotionGate(MotionSpec(enabled=gated)),
        Tracker(TrackerSpec()),
        Scene(scene),
        Rules(RULES, "evaluation", camera, "run"),
        Redactor(spec, camera, Pseudonyms(b"0" * 32, camera, 600.0)),
        things=ThingWatch(ThingSpec(LABELS, zones)),
    )


def _seen(truth: TrueFrame, frame: Frame, eyes: Eyes, chance: np.random.Generator) -> Detections:
    """What a detector finds of the bodies that can be seen."""
    shown = [o for o in truth.objects if o.visible is not None and o.visibility >= SHOWN]
    shown = [o for o in shown if chance.random() >= eyes.missed]
    boxes = np.array([o.visible for o in shown]).reshape(-1, 4) * [*frame.size, *frame.size]
    if eyes.jitter and len(boxes):
        boxes = boxes + chance.normal(0, eyes.jitter, boxes.shape) * (boxes[:, 3:] - boxes[:, 1:2])
    corners = np.concatenate(
        [np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])], 1
    )
    return Detections.of(corners, np.full(len(shown), 0.9), [LABELS.index(o.label) for o in shown])


def _matched(
    place: PlaceScene, starts: list[tuple[float, Event]], messages: tuple[RedactedMessage, ...]
) -> PlaceRun:
    right, missed, free = [], [], list(starts)
    for due in place.due:
        found = next((each for each in free if _answers(each, due, place)), None)
        if found is None:
            missed.append(due)
            continue
        free.remove(found)
        right.append((due, found[1], found[0] - due.from_s))
    false = tuple(event for _, event in free)
    return PlaceRun(place.scene.name, place.scene.seconds, tuple(right), tuple(missed), false, messages)


def _answers(told: tuple[float, Event], due: Due, place: PlaceScene) -> bool:
    """Whether an event tells what is due: the same kind, then, and there."""
    at_s, event = told
    if event.kind is not due.kind or not due.from_s - 1.0 <= at_s <= due.from_s + LATE_S:
        return False
    if event.thing is None:
        return True
    ground = np.array([*due.at, 1.0])
    seen = place.scene.camera.homography @ ground
    x, y = seen[:2] / seen[2]
    x1, y1, x2, y2 = event.thing.box
    return bool(x1 - NEAR <= x <= x2 + NEAR and y1 - NEAR <= y <= y2 + NEAR)
