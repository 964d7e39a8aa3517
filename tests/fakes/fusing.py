"""Rules and facts for tests of fusion: two cameras and three sensors around a square."""

import random
from collections.abc import Iterable, Sequence

from edge.fusion.facts import Fact, Health, Reading, Seen
from edge.fusion.fusion import Fusion
from edge.fusion.spec import (
    AtLeast,
    CameraSource,
    Expression,
    FusionRule,
    FusionSpec,
    Happening,
    Measured,
    SensorSource,
    Signal,
    Times,
)
from edge.values.event import Severity
from edge.values.fused import FusedEvent
from edge.values.sensor import RANGES, SensorKind

S = 1_000_000_000
BEGIN = 1_793_866_931 * S
DEAF = 10**30
"""A clock so late that nothing is from the future."""

CAMERAS = ("registan-01/plaza", "registan-02/gate")
EVENT_IDS = tuple(f"00000000-0000-8000-8000-{n:012x}" for n in range(50))


def at(seconds: float) -> int:
    return BEGIN + round(seconds * S)


def sensor(name: str, kind: SensorKind, stale_s: float = 30.0) -> SensorSource:
    ranges = tuple((measure, low, high) for measure, (low, high) in RANGES[kind].items())
    return SensorSource(name, kind, round(stale_s * S), ranges)


SOURCES = (
    *(CameraSource(camera, 180 * S) for camera in CAMERAS),
    sensor("smoke-1", SensorKind.SMOKE),
    sensor("noise-1", SensorKind.NOISE),
    sensor("panic-1", SensorKind.PANIC),
    sensor("gate-1", SensorKind.GATE),
)


def crowd(*clause: int, cameras: Sequence[str] = CAMERAS, wanted: int = 1, within_s: float = 0) -> AtLeast:
    test = Happening("occupancy")
    return AtLeast(
        clause,
        wanted,
        tuple(Signal(clause, f"camera/{each}", test) for each in cameras),
        round(within_s * S),
    )


def says(*clause: int, name: str, test: Measured, within_s: float = 0) -> AtLeast:
    return AtLeast(clause, 1, (Signal(clause, f"sensor/{name}", test),), round(within_s * S))


def smoke(*clause: int, above: float = 5.0) -> AtLeast:
    return says(*clause, name="smoke-1", test=Measured("percent_per_m", above=above))


def loud(*clause: int, above: float = 85.0) -> AtLeast:
    return says(*clause, name="noise-1", test=Measured("db", above=above))


def pressed(*clause: int) -> AtLeast:
    return says(*clause, name="panic-1", test=Measured(words=("pressed",)))


def crossings(*clause: int, times: int, within_s: float) -> Times:
    asked = tuple(f"camera/{each}" for each in CAMERAS)
    return Times(clause, asked, Happening("line-crossing"), times, round(within_s * S))


def all_of(*parts: Expression, clause: tuple[int, ...] = (), within_s: float = 0) -> AtLeast:
    return AtLeast(clause, len(parts), parts, round(within_s * S))


def any_of(*parts: Expression, clause: tuple[int, ...] = ()) -> AtLeast:
    return AtLeast(clause, 1, parts)


def rule(expression: Expression, name: str = "r", **seconds: float) -> FusionRule:
    spans = {key.replace("_s", "_ns"): round(value * S) for key, value in seconds.items()}
    return FusionRule(name, Severity.SEVERE, "ab" * 32, (("", expression),), **spans)


def fusion(*rules: FusionRule) -> Fusion:
    return Fusion(FusionSpec("fusion-01", SOURCES, rules))


def reading(seconds: float, name: str, *numbers: float, word: str = "", sequence: int = -1) -> Reading:
    number = round(seconds * 1000) if sequence < 0 else sequence
    return Reading(at(seconds), name, "b1", number, numbers, word)


def seen(
    seconds: float,
    which: int = 0,
    revision: int = 0,
    *,
    lasts: bool = True,
    camera: str = CAMERAS[0],
    kind: str = "occupancy",
    blind: bool = False,
    instant: bool = False,
) -> Seen:
    return Seen(
        at(seconds),
        camera,
        EVENT_IDS[which],
        revision,
        lasts,
        instant,
        blind,
        kind,
        "square",
        "crowded",
        2,
        10,
    )


def well(seconds: float, camera: str = CAMERAS[0], *, sees: bool = True) -> Health:
    return Health(at(seconds), camera, sees)


def told(made: Fusion, facts: Iterable[Fact], *until: float) -> list[FusedEvent]:
    """All facts heard before anything is judged, then judged until each of these seconds."""
    made.judge(at(-1))
    for fact in facts:
        made.hear(fact, DEAF)
    return [event for each in until for event in made.judge(at(each))]


def shuffled(facts: Sequence[Fact], seed: int) -> list[Fact]:
    """In another order."""
    mixed = list(facts)
    random.Random(seed).shuffle(mixed)
    return mixed
