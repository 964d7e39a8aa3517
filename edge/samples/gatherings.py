"""The gatherings by which the crowd analytics are judged: calm ones, and one for each thing that can go
wrong.

Each is a place, who comes, and a script. The numbers are chosen so that the phenomenon is there to be seen
in the places alone: the share that walks against the stream, people who stand before a door, a floor that
fills. A span begins when the exact places cross the recommended threshold, to a few seconds.
"""

from collections.abc import Callable

import numpy as np

from edge.samples.gathering import Gathering, Metres, Span
from edge.samples.social_force import Leg, Walk
from edge.values.event import Kind

Rect = tuple[float, float, float, float]


def _box(x0: float, y0: float, x1: float, y1: float) -> tuple[Metres, ...]:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def _arrivals(per_s: Callable[[float], float] | float, at: Rect, leg: int) -> Callable[[Walk, float], None]:
    """People who come by chance at a rate, where there is room."""

    def script(walk: Walk, now_s: float) -> None:
        rate = per_s if isinstance(per_s, float) else per_s(now_s)
        came = int(walk.rng.poisson(max(rate, 0.0) / 5.0))
        if came:
            walk.add(came, at[:2], at[2:], leg)

    return script


def _all(*scripts: Callable[[Walk, float], None]) -> Callable[[Walk, float], None]:
    def script(walk: Walk, now_s: float) -> None:
        for each in scripts:
            each(walk, now_s)

    return script


_CORRIDOR = (((-11.0, 11.5), (11.0, 11.5)), ((-11.0, 15.5), (11.0, 15.5)))
_RIGHT, _LEFT = Leg((11.0, 12.0), (11.0, 15.0)), Leg((-11.0, 12.0), (-11.0, 15.0))
_FLOOR = _box(-6.0, 11.6, 6.0, 15.4)
_ACROSS = ((0.0, 15.4), (0.0, 11.6))


def corridor() -> Gathering:
    """Everybody walks the same way: nothing to tell."""
    return Gathering(
        "corridor", 90.0, _FLOOR, _ACROSS, (_RIGHT, _LEFT), _CORRIDOR,
        _arrivals(2.0, (-10.5, 12.0, -9.0, 15.0), 0), settle_s=20.0, heading=(1.0, 0.0), exit=True,
    )  # fmt: skip


def counterflow() -> Gathering:
    """From 30 s on, many come the other way."""
    right = _arrivals(1.4, (-10.5, 12.0, -9.0, 15.0), 0)
    left = _arrivals(lambda t: 1.1 * (t > 30), (9.0, 12.0, 10.5, 15.0), 1)
    return Gathering(
        "counter-flow", 90.0, _FLOOR, _ACROSS, (_RIGHT, _LEFT), _CORRIDOR, _all(right, left),
        {Kind.COUNTER_FLOW: (Span(40.0, 90.0, 12.0),)}, settle_s=20.0, heading=(1.0, 0.0), exit=True,
    )  # fmt: skip


def rush() -> Gathering:
    """A stream that swells until the passage is fuller than it should be for long."""
    comes = _arrivals(lambda t: 1.0 if t < 25 else 4.6, (-10.5, 12.0, -8.0, 15.0), 0)
    return Gathering(
        "rush", 80.0, _FLOOR, _ACROSS, (_RIGHT, _LEFT), _CORRIDOR, comes,
        {Kind.FLOW: (Span(35.0, 80.0, 10.0),)}, frozenset({Kind.SURGE, Kind.DENSITY, Kind.ROUTE}), 20.0,
        (1.0, 0.0),
    )  # fmt: skip


_DOOR = Leg((-0.35, 12.0), (0.35, 12.0), 1)
_INSIDE = _box(-4.6, 12.2, 4.6, 20.8)
_OUT = Leg((-2.0, 8.5), (2.0, 8.5))


def _hall(half_door: float) -> tuple[tuple[Metres, Metres], ...]:
    """A hall of 10 by 9 m with a door in the wall that is nearest to the camera."""
    return (
        ((-5.0, 12.0), (-half_door, 12.0)), ((half_door, 12.0), (5.0, 12.0)),
        ((-5.0, 12.0), (-5.0, 21.0)), ((5.0, 12.0), (5.0, 21.0)),
    )  # fmt: skip


def bottleneck() -> Gathering:
    """More people come than the door of 1.4 m lets out; they wait before it."""
    comes = _arrivals(lambda t: 3.2 if 15 < t < 60 else 0.4, (-4.5, 18.0, 4.5, 20.5), 0)
    return Gathering(
        "bottleneck", 90.0, _INSIDE, ((0.7, 11.9), (-0.7, 11.9)), (_DOOR, _OUT), _hall(0.7),
        comes, {Kind.QUEUE: (Span(22.0, 90.0, 20.0),), Kind.ROUTE: (Span(55.0, 82.0, 15.0),)},
        frozenset({Kind.DENSITY, Kind.SURGE, Kind.STOP_AND_GO, Kind.FLOW, Kind.PRESSURE}), 20.0, exit=True,
    )  # fmt: skip


def blocked() -> Gathering:
    """A hall empties through a door of 2 m, and after 30 s something blocks that."""

    def script(walk: Walk, now_s: float) -> None:
        _arrivals(1.3, (-4.5, 18.0, 4.5, 20.5), 0)(walk, now_s)
        if abs(now_s - 30.0) < 0.01:
            walk.walls = np.concatenate([walk.walls, [[(-1.0, 12.0), (1.0, 12.0)]]])

    leg = Leg((-0.6, 12.0), (0.6, 12.0), 1)
    return Gathering(
        "blocked route", 90.0, _INSIDE, ((1.0, 11.8), (-1.0, 11.8)), (leg, _OUT), _hall(1.0),
        script, {Kind.ROUTE: (Span(36.0, 90.0, 30.0),)},
        frozenset({Kind.QUEUE, Kind.DENSITY, Kind.SURGE, Kind.STOP_AND_GO, Kind.PRESSURE}), 20.0, exit=True,
    )  # fmt: skip


_LANE = (((-9.0, 12.5), (7.0, 12.5)), ((-9.0, 13.6), (7.0, 13.6)))


def queue() -> Gathering:
    """A lane to a counter that serves one in five seconds; one in two seconds comes."""

    def script(walk: Walk, now_s: float) -> None:
        rate = 0.7 if 10 < now_s < 60 else 0.12
        _arrivals(rate, (-8.9, 12.8, -7.5, 13.3), 0)(walk, now_s)
        shut = now_s % 5.0 > 0.7
        walk.walls = np.array([*_LANE, *([((6.0, 12.5), (6.0, 13.6))] if shut else [])])

    return Gathering(
        "queue", 120.0, _box(-7.0, 12.1, 6.3, 14.0), ((6.6, 12.4), (6.6, 13.7)),
        (Leg((8.0, 12.9), (8.0, 13.2)),), _LANE, script, {Kind.QUEUE: (Span(38.0, 120.0, 25.0),)},
        frozenset({Kind.STOP_AND_GO, Kind.ROUTE, Kind.SURGE, Kind.DENSITY}), 10.0,
    )  # fmt: skip


_PEN = (
    ((-3.0, 12.0), (3.0, 12.0)), ((-3.0, 12.0), (-3.0, 19.5)), ((3.0, 12.0), (3.0, 19.5)),
)  # fmt: skip


def surge() -> Gathering:
    """Before a stage: people keep coming, faster and faster, and nobody can leave at the front."""
    comes = _arrivals(lambda t: 0.25 if t < 20 else 0.25 + 0.075 * (t - 20), (-2.6, 17.6, 2.6, 19.3), 0)
    stage = Leg((-2.5, 11.2), (2.5, 11.2))
    return Gathering(
        "surge", 90.0, _box(-2.9, 12.1, 2.9, 15.2), ((3.0, 17.0), (-3.0, 17.0)), (stage,), _PEN, comes,
        {Kind.SURGE: (Span(30.0, 75.0, 15.0),), Kind.DENSITY: (Span(45.0, 90.0, 15.0),)},
        frozenset({Kind.QUEUE, Kind.STOP_AND_GO, Kind.PRESSURE, Kind.FLOW}), 10.0,
    )  # fmt: skip


def turbulence() -> Gathering:
    """A full pen stands still, and from 30 s on pushes go through it."""

    def script(walk: Walk, now_s: float) -> None:
        if now_s < -22.0:
            walk.add(3, (-2.6, 12.5), (2.6, 18.8), 0)
        walk.shove_mps2 = 9.0 if now_s > 30 else 0.0

    stage = Leg((-2.5, 11.2), (2.5, 11.2))
    return Gathering(
        "turbulence", 70.0, _box(-2.9, 12.1, 2.9, 15.8), ((3.0, 19.4), (-3.0, 19.4)), (stage,), _PEN, script,
        {Kind.PRESSURE: (Span(32.0, 70.0),), Kind.DENSITY: (Span(0.0, 70.0),)},
        frozenset({Kind.QUEUE, Kind.STOP_AND_GO, Kind.SURGE}), 30.0,
    )  # fmt: skip


_LANES = tuple(12.6 + 1.3 * lane for lane in range(8))
_STROLL = tuple(
    leg
    for k, y in enumerate(_LANES)
    for leg in (Leg((5.5, y - 0.4), (5.5, y + 0.4), 2 * k + 1), Leg((-5.5, y - 0.4), (-5.5, y + 0.4), 2 * k))
)


def panic() -> Gathering:
    """People stroll up and down a square; at 45 s all of them run away from one spot."""

    def script(walk: Walk, now_s: float) -> None:
        if now_s < -11.9:
            for k, y in enumerate(_LANES):
                walk.add(6, (-5.5, y - 0.3), (5.5, y + 0.3), 2 * k + k % 2)
            walk.people.wish = np.minimum(walk.people.wish, 1.0)
        if abs(now_s - 45.0) < 0.01:
            walk.flee_from = (0.0, 16.5)
            walk.people.wish = walk.rng.normal(3.0, 0.4, len(walk.people.wish))
            walk.people.made = walk.people.wish.copy()

    return Gathering(
        "panic", 70.0, _box(-8.5, 11.5, 8.5, 25.0), ((6.0, 15.85), (-6.0, 15.85)), _STROLL, (), script,
        {Kind.DISPERSAL: (Span(45.0, 50.0, 4.0),)}, frozenset({Kind.COUNTER_FLOW}), 12.0,
    )  # fmt: skip


def stop_and_go() -> Gathering:
    """A dense stream that is let through in gulps: everybody stops and starts again and again."""

    def script(walk: Walk, now_s: float) -> None:
        _arrivals(2.6, (-10.5, 12.0, -8.0, 15.0), 0)(walk, now_s)
        shut = now_s > 15 and (now_s % 9.0) < 6.0
        walk.walls = np.array([*_CORRIDOR, *([((7.0, 11.5), (7.0, 15.5))] if shut else [])])

    return Gathering(
        "stop-and-go", 100.0, _FLOOR, _ACROSS, (_RIGHT, _LEFT), _CORRIDOR, script,
        {Kind.STOP_AND_GO: (Span(40.0, 100.0, 30.0),)},
        frozenset({Kind.QUEUE, Kind.DENSITY, Kind.SURGE, Kind.ROUTE, Kind.PRESSURE}), 15.0, (1.0, 0.0),
    )  # fmt: skip


GATHERINGS: tuple[Callable[[], Gathering], ...] = (
    corridor, counterflow, rush, bottleneck, queue, stop_and_go, surge, turbulence, panic, blocked,
)  # fmt: skip
