"""The facts of a gathering as they are: exact places, speeds, floors and passages."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from edge.samples.gathering import CAMERA, FPS, Gathering, Shot, unit
from edge.scene.segments import Segments
from edge.values.crowd import Floor, Heads, Width
from edge.values.fact import (
    Direction,
    Fact,
    LineCrossed,
    LinesWatched,
    Moving,
    Occupancy,
    Sighting,
    UnitBox,
    ZoneLeft,
)
from edge.values.moment import Moment
from edge.values.walks import F64, Flags, Walks

_NOWHERE: UnitBox = (0.0, 0.0, 0.0, 0.0)
_LABELS = ("person",)
_IN_HEIGHTS = np.array([CAMERA.width / CAMERA.height, 1.0])
CLEAR = 0.07
"""Who passed a line counts when they are further from it than this share of their height."""
_BACK = 5
"""Speeds are means over so many pictures, because a body sways with each step."""


class TrueCrowd:
    """Turns shots of one gathering, in order, into the facts that a perfect scene would tell."""

    def __init__(self, gathering: Gathering, zone: str, gate: str) -> None:
        self._zone, self._gate = zone, gate
        ring = np.array(gathering.zone)
        self._low, self._high = ring.min(axis=0), ring.max(axis=0)
        self._floor = Floor(float(np.prod(self._high - self._low)), 0.0)
        self._line = np.array(gathering.gate)
        self._width = Width(float(np.hypot(*(self._line[1] - self._line[0]))), 0.0)
        self._history: list[Shot] = []
        self._inside: frozenset[int] = frozenset()
        self._picture_line = Segments(*(np.array([end]) * _IN_HEIGHTS for end in unit(gathering.gate)))
        self._astride: dict[int, int] = {}
        self.crossed = 0

    def facts(self, shot: Shot, moment: Moment) -> tuple[Fact, ...]:
        """What is true at this moment, and what happened since the last."""
        inside = ((shot.at >= self._low) & (shot.at <= self._high)).all(axis=1)
        speed = self._speeds(shot)
        walks = self._walks(shot, inside, speed)
        heads = {"person": Heads(float(inside.sum()), 0.0)}
        there = Occupancy(moment, self._zone, (), (), self._floor, heads)
        happened = tuple(self._happened(shot, inside, moment))
        self._inside = frozenset(shot.ids[inside].tolist())
        self._history = [*self._history[-_BACK + 1 :], shot]
        watched = LinesWatched(moment, {self._gate: self._width})
        moving = Moving(moment, walks, {self._zone: np.arange(len(walks))})
        return (*happened, watched, moving, there)

    def per_m2(self, shot: Shot) -> float:
        """True density of the zone."""
        inside = ((shot.at >= self._low) & (shot.at <= self._high)).all(axis=1)
        return float(inside.sum()) / self._floor.m2

    def _speeds(self, shot: Shot) -> F64:
        speed = shot.way.copy()
        if self._history:
            old = self._history[0]
            rows, known = _rows(old.ids, shot.ids)
            since_s = len(self._history) / FPS
            speed[known] = (shot.at[known] - old.at[rows[known]]) / since_s
        return speed

    def _walks(self, shot: Shot, inside: Flags, speed: F64) -> Walks:
        n = int(inside.sum())
        return Walks(
            shot.ids[inside],
            _LABELS,
            np.zeros(n, np.int64),
            np.ones(n),
            shot.at[inside],
            speed[inside],
            np.zeros(n),
        )

    def _happened(self, shot: Shot, inside: Flags, moment: Moment) -> Iterator[Fact]:
        for who in sorted(self._inside - set(shot.ids[inside].tolist())):
            yield ZoneLeft(moment, self._zone, Sighting(who, "person", 1.0, _NOWHERE), 0.0, lost=False)
        if not self._history:
            return
        old = self._history[-1]
        rows, known = _rows(old.ids, shot.ids)
        for sign, who in _passes(old.at[rows[known]], shot.at[known], shot.ids[known], self._line):
            self._astride[who] = self._astride.get(who, 0) + sign
        yield from self._passed(shot, moment)

    def _passed(self, shot: Shot, moment: Moment) -> Iterator[LineCrossed]:
        """Passages of those who have got clear of the line, or are gone."""
        off = self._picture_line.squared_distance(shot.feet()) if self._astride else np.empty((0, 1))
        near = off[:, 0] <= (CLEAR * shot.heights()) ** 2 if self._astride else np.empty(0, np.bool_)
        here = set(shot.ids[near].tolist())
        for who, net in [(who, net) for who, net in self._astride.items() if who not in here]:
            del self._astride[who]
            self.crossed += abs(net)
            way = Direction.FORWARD if net > 0 else Direction.BACKWARD
            for _ in range(abs(net)):
                yield LineCrossed(moment, self._gate, Sighting(who, "person", 1.0, _NOWHERE), way)


def _rows(known: npt.NDArray[np.int64], ids: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], Flags]:
    """Row of each id among the known ones, ascending, and whether it is there."""
    order = np.argsort(known)
    rows = np.minimum(known[order].searchsorted(ids), max(len(known) - 1, 0))
    if not len(known):
        return rows, np.zeros(len(ids), dtype=np.bool_)
    rows = order[rows]
    return rows, np.asarray(known[rows] == ids)


def _passes(before: F64, after: F64, ids: npt.NDArray[np.int64], line: F64) -> Iterator[tuple[int, int]]:
    """Sign and id of each step that passes the line; the picture mirrors the ground, hence the sign."""
    along = line[1] - line[0]

    def side(points: F64) -> F64:
        off = points - line[0]
        return np.asarray(along[0] * off[:, 1] - along[1] * off[:, 0])

    one, other = side(before), side(after)
    share = one / np.where(one == other, 1.0, one - other)
    at = before + share[:, None] * (after - before)
    where = ((at - line[0]) @ along) / float(along @ along)
    hit = (one * other < 0) & (where >= 0) & (where <= 1)
    for row in np.flatnonzero(hit).tolist():
        yield (1 if one[row] > 0 else -1), int(ids[row])
