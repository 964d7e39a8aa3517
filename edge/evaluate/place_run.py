"""One scene of a place through the whole pipeline behind the detector: what was told, and what was due.

Law: nothing of the pipeline knows the truth. A told event is right if its kind is due then and there; two
events of one thing that is due are one right and one false.
"""

from dataclasses import dataclass, replace

import numpy as np

from edge.detect.motion import MotionGate, MotionSpec
from edge.evaluate.clocking import Clocked, Clocking
from edge.evaluate.crowds import POSE_DOUBT
from edge.evaluate.place_rules import rules_of
from edge.evaluate.sight import Drawn, Eyes, Real, Sight
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.pace.spec import PaceSpec
from edge.pace.watch import PaceWatch
from edge.pipeline import Pipeline
from edge.privacy import ModelRef, Origin, Policy, PrivacySpec, Pseudonyms, Redactor
from edge.rules.rules import Rules
from edge.samples.camera import Pinhole
from edge.samples.places import Due, PlaceScene
from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Still
from edge.values.event import EndCause, Event, Phase
from edge.values.frame import Frame
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment

LATE_S = 20.0
"""An event that comes later is no answer to what was due."""
SOON_S = 1.0
"""An event that comes so much before what was due, or after it is over, is one."""
NEAR = 0.04
"""How far beside the event's box the true place may lie, unit square."""


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
        speeds: every speed that was measured, beside the true one.
    """

    name: str
    seconds: float
    right: tuple[tuple[Due, Event, float], ...]
    missed: tuple[Due, ...]
    false: tuple[Event, ...]
    messages: tuple[RedactedMessage, ...]
    speeds: tuple[Clocked, ...] = ()


def run(place: PlaceScene, eyes: Eyes, seed: int, gated: bool = True, model: Real | None = None) -> PlaceRun:
    """Let a scene be watched from begin to end, by a drawn detector or by a real one.

    What only a class tells that the model does not know is not due.
    """
    chance = np.random.default_rng([seed, 29])
    sight: Sight = model or Drawn(eyes, chance)
    tracker = TrackerSpec() if model is None else model.tracker
    pipeline, clocking = _pipeline(place, gated, sight.labels, tracker, chance), Clocking(place.scene.fps)
    starts: list[tuple[float, Event]] = []
    messages: list[RedactedMessage] = []
    speeds: list[Clocked] = []
    for pixels, truth in place.shots(seed):
        ns = round(truth.pts_s * 1e9)
        moment = Moment(ns, place.begins_ns + ns, ClockTrust.REPLAY)
        frame = Frame(place.scene.name, "run", truth.index, moment, pixels, place.scene.size)
        step = pipeline.step(frame, sight.look(frame, truth) if pipeline.wants(frame) else Still())
        messages += step.messages
        starts += [(truth.pts_s, event) for event in step.events if _begins(event)]
        speeds += clocking.read(step.facts, truth)
    told_by = {rule.id for rule in rules_of(place.scene, sight.labels)}
    known = replace(place, due=tuple(due for due in place.due if due.told_by in told_by))
    return _matched(known, starts, tuple(messages), tuple(speeds))


def _begins(event: Event) -> bool:
    return event.phase is Phase.START or event.cause is EndCause.INSTANT


def _pipeline(
    place: PlaceScene, gated: bool, labels: tuple[str, ...], tracker: TrackerSpec, chance: np.random.Generator
) -> Pipeline:
    camera, rules = place.scene.name, rules_of(place.scene, labels)
    zones = tuple(place.scene.zones.items())
    spec = PrivacySpec(
        Origin("evaluation", "evaluation"),
        Policy("0" * 64, 600.0, boxes=True, labels=frozenset(labels)),
        ModelRef("truth", "0" * 64),
        "0" * 64,
    )
    lines = tuple(LineSpec(name, points) for name, points in place.scene.lines.items())
    scene = SceneSpec(labels, tuple(ZoneSpec(name, polygon) for name, polygon in zones), lines)
    floor, road, bay = (tuple(z for z in zones if z[0] == name) for name in ("floor", "road", "bay"))
    ground = known_ground(place.scene.camera, chance) if road or bay else None
    return Pipeline(
        MotionGate(MotionSpec(enabled=gated)),
        Tracker(tracker),
        Scene(scene),
        Rules(rules, "evaluation", camera, "run"),
        Redactor(spec, camera, Pseudonyms(b"0" * 32, camera, 600.0)),
        things=ThingWatch(ThingSpec(labels, floor)) if floor else None,
        pace=PaceWatch(PaceSpec(labels, road, bay, ground=ground)) if ground else None,
    )


def known_ground(camera: Pinhole, chance: np.random.Generator) -> Ground:
    """The ground under a camera as an installer measured it: off by chance by as much as he says."""
    focal = camera.focal_px / camera.height
    view = float(np.degrees(2 * np.arctan(camera.width / 2 / camera.focal_px)))
    horizon = 0.5 - focal * float(np.tan(np.radians(camera.tilt_deg)))
    pose = Pose(camera.height_m, horizon, view).vector + chance.normal(0, 1, 4) * POSE_DOUBT.vector
    return ground_of(Pose(*pose), POSE_DOUBT, Lens(camera.width / camera.height))


def _matched(
    place: PlaceScene,
    starts: list[tuple[float, Event]],
    messages: tuple[RedactedMessage, ...],
    speeds: tuple[Clocked, ...],
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
    found_s = place.scene.name, place.scene.seconds
    return PlaceRun(*found_s, tuple(right), tuple(missed), false, messages, speeds)


def _answers(told: tuple[float, Event], due: Due, place: PlaceScene) -> bool:
    """Whether an event tells what is due: by the same rule, of the same class, then, and there."""
    at_s, event = told
    latest_s = min(due.from_s + LATE_S, due.until_s + SOON_S)
    if event.rule != due.told_by or not due.from_s - SOON_S <= at_s <= latest_s:
        return False
    if due.label is not None and [who.label for who in event.evidence] != [due.label]:
        return False
    if event.thing is None:
        return True
    ground = np.array([*due.at, 1.0])
    seen = place.scene.camera.homography @ ground
    x, y = seen[:2] / seen[2]
    x1, y1, x2, y2 = event.thing.box
    return bool(x1 - NEAR <= x <= x2 + NEAR and y1 - NEAR <= y <= y2 + NEAR)
