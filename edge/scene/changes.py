"""What is new of objects, as facts: who left a zone, who entered one, who crossed a line.

Law: by object, and of each first its zones and then its lines, in the order of the drawn places. Nothing is
remembered here.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edge.scene.objects import Objects
from edge.scene.spec import SceneSpec
from edge.values.fact import Direction, Fact, LineCrossed, Sighting, ZoneEntered, ZoneLeft
from edge.values.moment import NS_PER_S, Moment


class Pass(NamedTuple):
    """One object over one line.

    Attributes:
        line: index of the line.
        net: passes left to right less passes right to left, never 0.
        at_ns: monotonic time of the first of them.
    """

    line: int
    net: int
    at_ns: int


class Passes(dict[int, list[Pass]]):
    """By row of an object, over which lines it passed."""


class Stay(NamedTuple):
    """One object in one zone, as `Objects` has it."""

    zone: int
    told: bool
    inside: bool
    born_in: bool
    passed_s: float
    since_ns: int


def by_row(net: npt.NDArray[np.int64], at_ns: npt.NDArray[np.int64]) -> Passes:
    """Those of passes n×l that are not 0, with when they began, n×l."""
    passes, (rows, lines) = Passes(), net.nonzero()
    columns = (lines.tolist(), net[rows, lines].tolist(), at_ns[rows, lines].tolist())
    for row, *each in zip(rows.tolist(), *columns, strict=True):
        passes.setdefault(row, []).append(Pass(*each))
    return passes


def changed(o: Objects, passes: Passes, spec: SceneSpec, moment: Moment) -> Iterator[Fact]:
    """What was not told yet of objects that are believed; `passes` are those that count now."""
    news = o.told != o.inside
    if np.count_nonzero(o.passed_s):
        news |= (o.passed_s > 0) & ~o.told
    if np.count_nonzero(o.believed) < len(o):
        news &= o.believed[:, None]
    rows, zones = news.nonzero()
    if not len(rows) and not passes:
        return
    at = rows * news.shape[1] + zones
    stays: dict[int, list[Stay]] = {}
    columns = (each.take(at).tolist() for each in (o.told, o.inside, o.born_in, o.passed_s, o.since_ns))
    for row, *stay in zip(rows.tolist(), zones.tolist(), *columns, strict=True):
        stays.setdefault(row, []).append(Stay(*stay))
    for row, who in o.sightings(sorted(stays.keys() | passes.keys()), spec.labels).items():
        for each in stays.get(row, ()):
            yield from _came_or_went(each, spec.zones[each.zone].id, who, moment)
        yield from crossed(passes.get(row, ()), who, spec, moment)


def crossed(passes: Iterable[Pass], who: Sighting, spec: SceneSpec, moment: Moment) -> Iterator[LineCrossed]:
    """Facts of the lines over which one object passed, each of the time when it did."""
    for line, net, at_ns in passes:
        way = Direction.FORWARD if net > 0 else Direction.BACKWARD
        when = moment.plus((at_ns - moment.mono_ns) / NS_PER_S)
        for _ in range(abs(net)):
            yield LineCrossed(when, spec.lines[line].id, who, way)


def _came_or_went(stay: Stay, zone: str, who: Sighting, moment: Moment) -> Iterator[Fact]:
    """The end of a stay that was told, a stay that is over and was not told, the begin of a stay."""
    if stay.told:
        stayed_s = max(moment.mono_ns - stay.since_ns, 0) / NS_PER_S
        yield ZoneLeft(moment, zone, who, stayed_s, lost=False)
        return
    if stay.passed_s:
        yield ZoneEntered(moment, zone, who, stay.born_in)
        yield ZoneLeft(moment, zone, who, stay.passed_s, lost=False)
    if stay.inside:
        yield ZoneEntered(moment, zone, who, stay.born_in and not stay.passed_s)
