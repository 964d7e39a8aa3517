"""The watch over one camera's pace: speeds in the zones where they are wanted, and what stands in others.

Law: no rule and no limit is known here. A zone of which nothing is told was not looked at; who is told
without a speed moves in a way that nobody can measure yet.
"""

from collections.abc import Iterator

import numpy as np

from edge.ground.area import within
from edge.ground.lens import F64
from edge.pace.halts import COVERED, Resting, covered_by
from edge.pace.seen import Flags, Seen
from edge.pace.spec import PaceSpec, Zone
from edge.pace.speeds import SpeedGauge
from edge.pace.stops import Stops
from edge.pace.trails import Trails
from edge.values.fact import Mover, Speeds, Stander, Standing
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.pace import Halt
from edge.values.tracks import Tracks

LOOK_S = 0.38
"""What stands is looked at so often."""
MEASURE_S, MANY = 0.19, 16
"""Speeds are reckoned so often, of more than so many half as often; places come from every picture."""


class PaceWatch:
    """Watches one camera; one object per camera and run."""

    def __init__(self, spec: PaceSpec) -> None:
        self._spec, self._wanted = spec, spec.wanted
        self._timed, self._watched = _rings(spec.timed), _rings(spec.watched)
        self._trails = None if spec.ground is None else Trails(spec.ground)
        self._gauge = None if spec.ground is None else SpeedGauge(spec.ground)
        self._stops = Stops(spec.ground, spec.still_m, spec.still_boxes)
        self._measured: Moment | None = None
        self._movers_told = 0
        self._looked: Moment | None = None

    def look(self, tracks: Tracks, size: Size, now: Moment) -> tuple[Speeds | Standing, ...]:
        """What these tracks, boxes in pixels of a picture of this size, show: zones that are due, in order.

        A picture in which nothing moved shows everybody where they were.
        """
        seen = Seen.of(tracks, size)
        asked = self._wanted[seen.classes] & ~_in_any(self._spec.masks, seen.spots)
        speeds = self._speeds(seen, asked, now) if self._timed else ()
        return (*speeds, *(self._standing(seen, asked, now) if self._watched else ()))

    def _speeds(self, seen: Seen, asked: Flags, now: Moment) -> Iterator[Speeds]:
        assert self._trails is not None and self._gauge is not None
        if self._trails.due(now.mono_ns):
            free = covered_by(seen.boxes, seen.boxes, themselves=True) < COVERED
            some = asked & free & seen.whole
            self._trails.add(seen.ids[some], seen.spots[some], seen.heights[some], now.mono_ns)
        pause_s = MEASURE_S * (1 if self._movers_told <= MANY else 2)
        if self._measured is not None and now.seconds_since(self._measured) < pause_s:
            return
        self._measured = now
        rows = np.flatnonzero(asked & seen.believed)
        inside = {name: within(seen.spots[rows], ring) for name, ring in self._timed}
        told = self._movers(seen, rows[np.logical_or.reduce(list(inside.values()))], now)
        self._movers_told = len(told)
        for name, there in inside.items():
            yield Speeds(now, name, tuple(told[row] for row in rows[there].tolist()))

    def _movers(self, seen: Seen, rows: np.ndarray, now: Moment) -> dict[int, Mover]:
        assert self._trails is not None and self._gauge is not None
        known = rows[self._trails.known(seen.ids[rows])]
        speeds = self._gauge.measure(*self._trails.window(seen.ids[known], now.mono_ns))
        of_row = dict(zip(known.tolist(), speeds, strict=True))
        who = seen.sightings(rows, self._spec.labels)
        return {row: Mover(each, of_row.get(row)) for row, each in zip(rows.tolist(), who, strict=True)}

    def _standing(self, seen: Seen, asked: Flags, now: Moment) -> Iterator[Standing]:
        if self._looked is not None and now.seconds_since(self._looked) < LOOK_S:
            return
        self._looked = now
        rows = np.flatnonzero(asked & seen.believed)
        resting = self._stops.look(seen, rows, self._spec.labels, now)
        stand = [each for each in resting if each.settled]
        places = np.array([each.anchor for each in stand]).reshape(-1, 2)
        standers = [self._stander(each, now) for each in stand]
        for name, ring in self._watched:
            there = np.flatnonzero(within(places, ring)).tolist()
            yield Standing(now, name, tuple(standers[k] for k in there))

    def _stander(self, each: Resting, now: Moment) -> Stander:
        surveyed, hidden = self._spec.ground is not None, each.seen.mono_ns != now.mono_ns
        halt = Halt(each.since, now.seconds_since(each.since), surveyed, hidden)
        return Stander(each.id, each.who, halt)


def _rings(zones: tuple[Zone, ...]) -> list[tuple[str, F64]]:
    return [(name, np.array(polygon, np.float64)) for name, polygon in zones]


def _in_any(masks: tuple[tuple[tuple[float, float], ...], ...], spots: F64) -> Flags:
    inside = np.zeros(len(spots), np.bool_)
    for mask in masks:
        inside |= within(spots, np.array(mask, np.float64))
    return inside
