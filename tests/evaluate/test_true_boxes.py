"""With perfect boxes every event is told that the truth knows, in time, and hardly any other.

What tracker, scene and rules do to the events of the sample clips, without what the detector does.
"""

import functools
import json

import numpy as np
import pytest

from edge.evaluate.events import EventScore, event_scores
from edge.evaluate.expected import expected_events
from edge.evaluate.matching import LABELS, Matching, TrueBoxes
from edge.evaluate.record import Look, RunRecord
from edge.rules.rules import Rules
from edge.run.from_truth import node_for
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.event import Kind
from edge.values.frame import Size
from edge.values.moment import ClockTrust, Moment
from edge.values.truth import TrueFrame, Truth
from tests.fakes.replays import CLIPS

NAMES = ("calm", "dusk", "gate", "night", "plaza", "street")
CLASSES = tuple(sorted(LABELS))
BEGAN = Moment(0, 1_767_268_800_000_000_000, ClockTrust.REPLAY)
ANALYSED_FPS = 5.0


def perfect(frame: TrueFrame, size: Size) -> Detections:
    """What a detector finds that misses nobody who can be seen, and invents nobody."""
    true = TrueBoxes.of(frame, LABELS, Matching())
    rows = np.flatnonzero(~true.ignored)
    boxes = true.boxes[rows] * np.array([*size, *size])
    return Detections.of(boxes, np.full(len(rows), 0.9), [CLASSES.index(true.labels[row]) for row in rows])


@functools.cache
def scores(clip: str) -> dict[Kind, EventScore]:
    """What is told of a clip against what should have been."""
    truth = Truth.from_json(json.loads((CLIPS / f"{clip}.truth.json").read_text(encoding="utf-8")))
    camera, size = node_for(truth, "street-nano", gated=False).cameras[0], Size(*truth.size)
    spec = SceneSpec(CLASSES, camera.zones, camera.lines, camera.masks)
    tracker, scene, rules = Tracker(TrackerSpec()), Scene(spec), Rules(camera.rules, "box", clip, "run")
    told, looks = [], []
    for frame in truth.frames[:: round(truth.fps / ANALYSED_FPS)]:
        now = BEGAN.plus(frame.pts_s)
        found = perfect(frame, size)
        tracks = tracker.update(found, now)
        facts = scene.observe(tracks, size, now)
        told += rules.judge(facts, now)
        looks.append(Look.of(frame.pts_s, found, tracks, facts, size, CLASSES))
    record = RunRecord(BEGAN, CLASSES, spec, camera.rules, tuple(looks), tuple(told), 0.0, 0.0)
    return event_scores(expected_events(truth, record), told, BEGAN, Matching())


def together(kind: Kind) -> EventScore:
    return functools.reduce(EventScore.plus, (scores(clip).get(kind, EventScore()) for clip in NAMES))


@pytest.mark.parametrize(
    "kind", [Kind.ZONE_ENTRY, Kind.ZONE_EXIT, Kind.LINE_CROSSING, Kind.DWELL, Kind.OCCUPANCY]
)
def test_what_is_told_is_true(kind: Kind) -> None:
    assert together(kind).precision == 1.0


@pytest.mark.parametrize(
    ("kind", "missed"),
    [
        (Kind.ZONE_ENTRY, 2),
        (Kind.ZONE_EXIT, 2),
        (Kind.LINE_CROSSING, 0),
        (Kind.DWELL, 0),
        (Kind.OCCUPANCY, 0),
    ],
)
def test_all_but_a_few_of_what_is_true_is_told(kind: Kind, missed: int) -> None:
    assert together(kind).missed <= missed
