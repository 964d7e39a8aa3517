"""What watches a simulated gathering: a camera that knows its ground, a detector of stated quality,
standard rules.

Law: the whole chain behind the detector runs, tracker (where detections are imperfect), scene and rules;
nothing of it knows the truth.
"""

from dataclasses import dataclass

import numpy as np

from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.rules.spec import RuleSpec
from edge.samples.gathering import CAMERA, Gathering, Shot
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.event import Kind
from edge.values.frame import Size
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks

LABELS = ("person",)
SIZE = Size(CAMERA.width, CAMERA.height)
BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)
POSE_DOUBT = Pose(0.1, 0.004, 0.6, 0.2)
CRITICAL_PER_M2 = 3.57
"""People touch without wanting to (Fruin, 1993): the level before which a warning must come."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """How well the detector sees.

    Attributes:
        jitter: standard deviation of a box's sides, share of its height.
        missed: share of the people that one picture does not show.
        tracked: whether the tracker must follow them; else it is given who is who.
    """

    jitter: float = 0.0
    missed: float = 0.0
    tracked: bool = False


def standard_rules(gathering: Gathering) -> tuple[RuleSpec, ...]:
    """One rule of each kind at the gathering's floor and gate, with the thresholds that the pages
    recommend."""
    floor, gate, people = ("floor",), ("gate",), frozenset(LABELS)
    heading = gathering.heading
    way_out = RuleSpec(
        "route", Kind.ROUTE, gate, classes=people, at_least=60.0, for_s=5, clear_s=10, approach="floor"
    )
    return (
        RuleSpec("density", Kind.DENSITY, floor, classes=people, at_least=2.0, for_s=2, clear_s=5),
        RuleSpec(
            "counter", Kind.COUNTER_FLOW, floor, classes=people, at_least=0.2, for_s=5, clear_s=5,
            min_people=8, heading=heading,
        ),
        RuleSpec("queue", Kind.QUEUE, floor, classes=people, at_least=10, for_s=8, clear_s=10, min_people=8),
        RuleSpec(
            "surge", Kind.SURGE, floor, classes=people, at_least=2.0, for_s=3, clear_s=10, window_s=20.0
        ),
        RuleSpec("flow", Kind.FLOW, gate, classes=people, at_least=49.0, for_s=5, clear_s=10, window_s=20.0),
        RuleSpec("dispersal", Kind.DISPERSAL, floor, classes=people, at_least=1.0, for_s=0.4, clear_s=5),
        RuleSpec("pressure", Kind.PRESSURE, floor, classes=people, at_least=0.02, for_s=3, clear_s=10),
        RuleSpec("stops", Kind.STOP_AND_GO, floor, classes=people, at_least=2.0, for_s=5, clear_s=10),
        *((way_out,) if gathering.exit else ()),
    )  # fmt: skip


def ground() -> Ground:
    """The camera's ground as a careful installer knows it."""
    focal = CAMERA.focal_px / CAMERA.height
    horizon = 0.5 - focal * float(np.tan(np.radians(CAMERA.tilt_deg)))
    view = float(np.degrees(2 * np.arctan(CAMERA.width / 2 / CAMERA.focal_px)))
    pose = Pose(CAMERA.height_m, horizon, view)
    return ground_of(pose, POSE_DOUBT, Lens(CAMERA.width / CAMERA.height))


class Seeing:
    """Makes the tracks of shots."""

    def __init__(self, eyes: Eyes, seed: int) -> None:
        self._eyes, self._rng = eyes, np.random.default_rng([seed, 23])
        self._tracker = Tracker(TrackerSpec()) if eyes.tracked else None
        self._ages: dict[int, int] = {}

    def tracks(self, shot: Shot, moment: Moment) -> Tracks:
        """Who is followed after this shot."""
        shown = np.flatnonzero(shot.seen() & (self._rng.random(len(shot.ids)) >= self._eyes.missed))
        boxes = self._jittered(shot.boxes()[shown])
        n = len(shown)
        scores, classes = np.full(n, 0.9, np.float32), np.zeros(n, np.int16)
        if self._tracker is not None:
            return self._tracker.update(Detections(boxes, scores, classes), moment)
        ids = shot.ids[shown] + 1
        self._ages = {who: self._ages.get(who, 0) + 1 for who in ids.tolist()}
        yes = np.ones(n, dtype=np.bool_)
        age = np.array([self._ages[who] for who in ids.tolist()], dtype=np.int32)
        order = np.argsort(ids)
        return Tracks(ids, boxes, scores, classes, age, yes, yes.copy()).take(order)

    def _jittered(self, boxes: np.ndarray) -> np.ndarray:
        if not self._eyes.jitter:
            return boxes
        reach = self._eyes.jitter * (boxes[:, 3:] - boxes[:, 1:2])
        off = self._rng.normal(0, 1, boxes.shape) * reach
        return np.asarray(np.clip(boxes + off, 0, [*SIZE, *SIZE]), np.float32)
