"""The rules that watch every scene of a place, each where the scene has its zone or line."""

from datetime import time
from zoneinfo import ZoneInfo

from edge.rules.schedule import Schedule, Window
from edge.rules.spec import RuleSpec
from edge.samples.scene import Scene
from edge.samples.streets import GATHERED, GATHERED_S, LIMIT_MPS, STOOD_S
from edge.values.event import Kind
from edge.values.fact import Direction
from edge.values.pace import KMH

VEHICLES = frozenset({"bicycle", "car", "bus", "truck", "motorcycle"})
PEOPLE = frozenset({"person"})
AT_NIGHT = Schedule((Window(frozenset(range(7)), time(22), time(5)),), ZoneInfo("Asia/Tashkent"))
RULES = (
    RuleSpec("abandoned", Kind.ABANDONED, ("floor",), for_s=5.0),
    RuleSpec("removed", Kind.REMOVED, ("floor",), for_s=5.0),
    RuleSpec("speed", Kind.SPEED, ("road",), classes=VEHICLES, over_kmh=LIMIT_MPS * KMH),
    RuleSpec("stopped", Kind.STOPPED, ("bay",), classes=VEHICLES, stood_s=STOOD_S, queue_of=3),
    RuleSpec(
        "wrong-way", Kind.LINE_CROSSING, ("lane",), classes=VEHICLES, direction=Direction.BACKWARD
    ),
    RuleSpec("count", Kind.LINE_CROSSING, ("count",), classes=VEHICLES),
    RuleSpec("platform-edge", Kind.ZONE_ENTRY, ("edge",), classes=PEOPLE),
    RuleSpec("track-intrusion", Kind.ZONE_ENTRY, ("tracks",), classes=PEOPLE),
    RuleSpec(
        "after-hours", Kind.OCCUPANCY, ("yard",), classes=PEOPLE, at_least=GATHERED, for_s=GATHERED_S,
        schedule=AT_NIGHT,
    ),
)  # fmt: skip


def rules_of(scene: Scene) -> tuple[RuleSpec, ...]:
    """Those of the rules whose places the scene has."""
    return tuple(rule for rule in RULES if {*rule.places} <= scene.zones.keys() | scene.lines.keys())
