"""The rules that watch every scene of a place, each where the scene has its zone or line."""

from collections.abc import Collection
from datetime import time
from zoneinfo import ZoneInfo

from edge.rules.schedule import Schedule, Window
from edge.rules.spec import RuleSpec
from edge.samples.places import PlaceScene, all_places
from edge.samples.precincts import LOITERS_S, all_precincts
from edge.samples.scene import Scene
from edge.samples.streets import GATHERED, GATHERED_S, LIMIT_MPS, STOOD_S, all_streets
from edge.values.event import Kind
from edge.values.fact import Direction
from edge.values.pace import KMH

VEHICLES = frozenset({"bicycle", "car", "bus", "truck", "motorcycle"})
PEOPLE, PATROLS = frozenset({"person"}), frozenset({"person-in-vest"})
AT_NIGHT = Schedule((Window(frozenset(range(7)), time(22), time(5)),), ZoneInfo("Asia/Tashkent"))
COUNT = "count"
"""The rule whose events are counted by class."""
RULES = (
    RuleSpec("abandoned", Kind.ABANDONED, ("floor",), for_s=5.0),
    RuleSpec("removed", Kind.REMOVED, ("floor",), for_s=5.0),
    RuleSpec("speed", Kind.SPEED, ("road",), classes=VEHICLES, over_kmh=LIMIT_MPS * KMH),
    RuleSpec("stopped", Kind.STOPPED, ("bay",), classes=VEHICLES, stood_s=STOOD_S, queue_of=3),
    RuleSpec(
        "wrong-way", Kind.LINE_CROSSING, ("lane",), classes=VEHICLES, direction=Direction.BACKWARD
    ),
    RuleSpec(COUNT, Kind.LINE_CROSSING, ("count",), classes=VEHICLES),
    RuleSpec("platform-edge", Kind.ZONE_ENTRY, ("edge",), classes=PEOPLE),
    RuleSpec("track-intrusion", Kind.ZONE_ENTRY, ("tracks",), classes=PEOPLE),
    RuleSpec(
        "after-hours", Kind.OCCUPANCY, ("yard",), classes=PEOPLE, at_least=GATHERED, for_s=GATHERED_S,
        schedule=AT_NIGHT,
    ),
    RuleSpec("patrol", Kind.OCCUPANCY, ("red",), classes=PATROLS, clear_s=3.0),
    RuleSpec("perimeter", Kind.LINE_CROSSING, ("fence",), classes=PEOPLE, direction=Direction.BACKWARD),
    RuleSpec("loitering", Kind.DWELL, ("entrance",), classes=PEOPLE, dwell_s=LOITERS_S),
    RuleSpec("ward-left", Kind.ZONE_EXIT, ("ward",), classes=PEOPLE, lost=False),
)  # fmt: skip


def every_place() -> tuple[PlaceScene, ...]:
    """Every scene of a place, whatever it is about."""
    return (*all_places(), *all_streets(), *all_precincts())


def rules_of(scene: Scene, labels: Collection[str]) -> tuple[RuleSpec, ...]:
    """Those of the rules whose places the scene has, and of which a model with these classes can tell."""
    places = scene.zones.keys() | scene.lines.keys()
    return tuple(rule for rule in RULES if {*rule.places} <= places and _tells(rule, labels))


def untold(labels: Collection[str]) -> tuple[RuleSpec, ...]:
    """The rules about classes of which a model with these knows none: they say nothing, right or wrong."""
    return tuple(rule for rule in RULES if not _tells(rule, labels))


def _tells(rule: RuleSpec, labels: Collection[str]) -> bool:
    return rule.classes is None or not rule.classes.isdisjoint(labels)
