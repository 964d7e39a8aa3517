"""Mistakes in how a camera's places lie: twice the same name, no floor left, nothing to be seen there.

Law: every place is looked at, so that all that is wrong is told at once, each at its own line.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from edge.ground.area import is_hidden
from edge.ground.plane import Ground
from edge.scene.polygons import Point
from edge.scene.spec import LineSpec, ZoneSpec, check_polygon, floor_in, length_of
from edge.strictyaml.document import Loc

Mistake = tuple[Loc, str]
Masks = tuple[tuple[Point, ...], ...]


def twice(names: Sequence[tuple[Loc, str]], what: str) -> Iterator[Mistake]:
    """Names that stand there a second time, with the keys at which they do."""
    known: set[str] = set()
    for loc, name in names:
        if name in known:
            yield loc, f"{what} want ids of their own, got {name} twice"
        known.add(name)


def undrawable(masks: Masks) -> Iterator[Mistake]:
    """Masks that have no inside."""
    for index, mask in enumerate(masks):
        yield from _tried(("exclude", index), partial(check_polygon, f"mask {index}", mask))


def without_floor(
    zones: Sequence[ZoneSpec], lines: Sequence[LineSpec], masks: Masks, ground: Ground | None
) -> Iterator[Mistake]:
    """Places of which nothing can be seen, or that reach the horizon of a measured ground."""
    for index, zone in enumerate(zones):
        if ground is not None:
            yield from _tried(("zones", index), partial(floor_in, zone, ground, masks))
        elif is_hidden(zone.polygon, masks):
            yield ("zones", index), f"zone {zone.id!r}: all of it is excluded, so nobody is ever seen there"
    for index, line in enumerate(lines):
        if ground is not None:
            yield from _tried(("lines", index), partial(length_of, line, ground))


def _tried(loc: Loc, attempt: Callable[[], object]) -> Iterator[Mistake]:
    try:
        attempt()
    except ValueError as wrong:
        yield loc, str(wrong)
