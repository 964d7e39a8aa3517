"""Facts: what the scene shows at one moment, before any rule judges it. A closed union."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edge.values.acuity import Glimpses
from edge.values.crowd import Floor, Heads, Mapped, Width
from edge.values.hot import Level, Spot
from edge.values.moment import Moment
from edge.values.pace import Halt, Speed
from edge.values.paces import Paces
from edge.values.quick import quick
from edge.values.stands import Stands
from edge.values.thing import Thing
from edge.values.walks import Walks

UnitBox = tuple[float, float, float, float]
"""Corners x1 y1 x2 y2 in the unit square of the picture, 0..1 from the top left."""


@quick
@dataclass(frozen=True)
class Sighting:
    """One tracked object as it stood when a fact was observed."""

    track: int
    label: str
    score: float
    box: UnitBox


class Direction(StrEnum):
    """Side of arrival at a line drawn from its first to its last point, seen in the picture."""

    FORWARD = "forward"  # from the left of the line to its right
    BACKWARD = "backward"  # from the right of the line to its left


@quick
@dataclass(frozen=True)
class ZoneEntered:
    """An object's feet point came into a zone, or the object was born inside it."""

    moment: Moment
    zone: str
    who: Sighting
    born_inside: bool


@quick
@dataclass(frozen=True)
class ZoneLeft:
    """An object's feet point left a zone, or its track ended there (`lost`)."""

    moment: Moment
    zone: str
    who: Sighting
    stayed_s: float
    lost: bool


@quick
@dataclass(frozen=True)
class LineCrossed:
    """An object's feet point passed over a line."""

    moment: Moment
    line: str
    who: Sighting
    direction: Direction


class Occupancy(NamedTuple):
    """Who is in a zone now; one such fact per zone and answered frame, also when nobody is there.

    Attributes:
        moment, zone, who: when, where, who.
        dwell_s: for how long each of them has been there, in the same order.
        floor: visible floor of the zone; None where the camera is not calibrated.
        heads: how many of each class there are, if who stands on the border is in by chance; known where
            the floor is.
        mapped: how many people a density map told, where a fresh one is at hand and the floor is known.
        glimpses: how full of people it looks to the detector, where the floor is known and somebody measured
            what that means.
    """

    moment: Moment
    zone: str
    who: Sequence[Sighting]
    dwell_s: Sequence[float]
    floor: Floor | None = None
    heads: Mapping[str, Heads] = MappingProxyType({})
    mapped: Mapped | None = None
    glimpses: Glimpses | None = None


@dataclass(frozen=True, slots=True)
class LinesWatched:
    """Which lines were looked at, and how wide each is; one such fact per answered frame where the ground is
    measured and a line is drawn."""

    moment: Moment
    widths: Mapping[str, Width]


@dataclass(frozen=True, eq=False)
class Moving:
    """How those in each zone move; one such fact per answered frame where the ground is measured.

    Attributes:
        moment: when.
        everyone: all whose motion is known, of which those in a zone are some.
        rows: by zone, intp n, which of them. They are picked out when somebody asks.
    """

    moment: Moment
    everyone: Walks
    rows: Mapping[str, npt.NDArray[np.intp]]

    def walks(self, zone: str) -> Walks | None:
        """Those in a zone; None where nobody looked, or nothing is measured."""
        rows = self.rows.get(zone)
        return None if rows is None else self.everyone.take(rows)


@dataclass(frozen=True, slots=True)
class Things:
    """What stands in a zone that did not stand there, or is missing; one such fact per zone and frame that
    could be judged, also when nothing is."""

    moment: Moment
    zone: str
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Mover:
    """One object and how fast it is; None while nobody can say."""

    who: Sighting
    speed: Speed | None


@quick
@dataclass(frozen=True, eq=False)
class Speeds:
    """How fast those in a zone are; one such fact per zone that a rule about speed asks for and picture that
    was measured, also when nobody is there.

    Attributes:
        moment, zone: when and where.
        everyone: all who were measured, of which those in the zone are some.
        rows: intp n, which of them.
    """

    moment: Moment
    zone: str
    everyone: Paces
    rows: npt.NDArray[np.intp]

    @property
    def movers(self) -> tuple[Mover, ...]:
        """Those in the zone, one by one."""
        return tuple(map(self.mover, self.rows.tolist()))

    def mover(self, row: int) -> Mover:
        """One of everyone."""
        every = self.everyone
        track, label = int(every.ids[row]), every.labels[every.classes[row]]
        left, top, right, bottom = every.boxes[row].tolist()
        who = Sighting(track, label, float(every.scores[row]), (left, top, right, bottom))
        return Mover(who, every.speed(row))


@dataclass(frozen=True, slots=True)
class Stander:
    """One object that stands still, under a number that outlives its track."""

    id: int
    who: Sighting
    halt: Halt


@quick
@dataclass(frozen=True, eq=False)
class Standing:
    """What stands still in a zone; one such fact per zone that a rule about stops asks for and picture that
    was looked at for it, also when nothing does.

    Attributes:
        moment, zone: when and where.
        everyone: all that stand, of which those in the zone are some.
        rows: intp n, which of them.
    """

    moment: Moment
    zone: str
    everyone: Stands
    rows: npt.NDArray[np.intp]

    @property
    def standers(self) -> tuple[Stander, ...]:
        """Those in the zone, one by one."""
        return tuple(map(self.stander, self.rows.tolist()))

    def stander(self, row: int) -> Stander:
        """One of everyone."""
        every = self.everyone
        track, label = int(every.tracks[row]), every.labels[every.classes[row]]
        left, top, right, bottom = every.boxes[row].tolist()
        who = Sighting(track, label, float(every.scores[row]), (left, top, right, bottom))
        return Stander(int(every.ids[row]), who, every.halt(row))


@dataclass(frozen=True, slots=True)
class HotSpots:
    """What is hot in a zone, by one level; one such fact per zone, level and frame that could be judged, also
    when nothing is."""

    moment: Moment
    zone: str
    level: Level
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Nothing is known about the scene at this moment: the detector did not answer."""

    moment: Moment


Fact = (
    ZoneEntered
    | ZoneLeft
    | LineCrossed
    | Occupancy
    | LinesWatched
    | Moving
    | Things
    | Speeds
    | Standing
    | HotSpots
    | Unseen
)
