"""A plaza whose exact truth fits in a head: two persons walk through a zone and over a line, a car passes."""

from dataclasses import replace

import numpy as np

from edge.evaluate.expected import expected_events
from edge.evaluate.record import Answered, Look, RunRecord
from edge.rules.spec import RuleSpec
from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.values.event import Kind
from edge.values.fact import Direction
from edge.values.frame import Size
from edge.values.moment import ClockTrust, Moment
from edge.values.truth import TrueCrossing, TrueFrame, TrueObject, TrueVisit, Truth

BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)
LABELS = ("person", "bicycle", "car")
FPS, FRAMES = 10.0, 60
ZONE = ((0.4, 0.2), (0.6, 0.2), (0.6, 0.9), (0.4, 0.9))
LINE = ((0.5, 0.0), (0.5, 1.0))
SPEED = 0.1  # of the picture's width per second: at x = 0.5 after 4 s
STARTS = {1: (0.1, 0.5, "person"), 2: (0.05, 0.8, "person"), 3: (0.3, 0.3, "car")}
RULES = (
    RuleSpec("gate", Kind.LINE_CROSSING, ("line",), classes=frozenset({"person"})),
    RuleSpec("busy", Kind.OCCUPANCY, ("zone",), at_least=2, clear_s=0.5),
    RuleSpec("entry", Kind.ZONE_ENTRY, ("zone", "elsewhere")),
)
SCENE = SceneSpec(LABELS, (ZoneSpec("zone", ZONE),), (LineSpec("line", LINE),))


def truth(name: str = "plaza") -> Truth:
    """Six seconds; everybody walks to the right at the same pace."""
    frames = tuple(TrueFrame(k, k / FPS, tuple(_object(i, k / FPS) for i in STARTS)) for k in range(FRAMES))
    visits = sorted((_visit(i) for i in STARTS), key=lambda v: v.entered_s)
    passes = sorted((0.5 - x) / SPEED for x, _, _ in STARTS.values())
    who = sorted(STARTS, key=lambda i: (0.5 - STARTS[i][0]) / SPEED)
    identity = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    return Truth(
        name,
        Size(640, 360),
        FPS,
        ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)),
        identity,
        {"zone": ZONE},
        {"line": LINE},
        {i: label for i, (_, _, label) in STARTS.items()},
        frames,
        {"zone": tuple(_persons_inside(k / FPS) for k in range(FRAMES))},
        tuple(TrueCrossing(t, "line", i, Direction.FORWARD) for t, i in zip(passes, who, strict=True)),
        tuple(visits),
    )


def perfect(of: Truth) -> RunRecord:
    """A run at 5 frames a second that saw and said everything."""
    looks = tuple(_look(frame, of) for frame in of.frames[::2])
    silent = RunRecord(BEGAN, LABELS, SCENE, RULES, looks, (), wall_s=2.0, cpu_s=3.0)
    return replace(silent, events=expected_events(of, silent))


def _look(frame: TrueFrame, of: Truth) -> Look:
    boxes = np.array([o.full for o in frame.objects], np.float32)
    labels = tuple(o.label for o in frame.objects)
    ids = np.array([o.id for o in frame.objects])
    scores = np.full(len(boxes), 0.9, np.float32)
    persons = {zone: counts[frame.index] for zone, counts in of.counts.items()}
    return Look(frame.pts_s, Answered.YES, boxes, scores, labels, ids, boxes, labels, persons)


def _object(i: int, seconds: float) -> TrueObject:
    x, y, label = STARTS[i]
    x += SPEED * seconds
    half, high = (0.02, 0.2) if label == "person" else (0.08, 0.1)
    box = (x - half, y - high, x + half, y)
    return TrueObject(i, label, (x, y), (x, y), box, box, 1.0)


def _visit(i: int) -> TrueVisit:
    x = STARTS[i][0]
    left = (0.6 - x) / SPEED
    return TrueVisit("zone", i, (0.4 - x) / SPEED, left if left < (FRAMES - 1) / FPS else None)


def _persons_inside(seconds: float) -> int:
    return sum(0.4 <= x + SPEED * seconds < 0.6 for x, _, label in STARTS.values() if label == "person")
