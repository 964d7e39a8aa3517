"""The watch over one camera's pace: speeds in the zones where they are wanted, and what stands in others.

Law: no rule and no limit is known here. A zone of which nothing is told was not looked at; who is told
without a speed moves in a way that nobody can measure yet.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from edge.ground.area import Rings
from edge.ground.lens import F64
from edge.pace.halts import Resting, Rows
from edge.pace.seen import Flags, Seen
from edge.pace.spec import PaceSpec
from edge.pace.speeds import SpeedGauge
from edge.pace.stops import Stops
from edge.pace.trails import Trails
from edge.values.fact import Speeds, Standing
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.paces import Paces
from edge.values.stands import Stands, stood_s
from edge.values.tracks import Tracks

LOOK_S = 0.38
"""What stands is looked at so often."""
MEASURE_S, MANY = 0.19, 16
"""Speeds are reckoned so often, of more than so many half as often; places come from every picture."""


class PaceWatch:
    """Watches one camera; one object per camera and run."""

    def __init__(self, spec: PaceSpec) -> None:
        self._spec, self._wanted = spec, spec.wanted
        self._timed, self._watched = (
            Rings([ring for _, ring in zones]) for zones in (spec.timed, spec.watched)
        )
        self._masks = Rings(spec.masks)
        self._trails = None if spec.ground is None else Trails(spec.ground)
        self._gauge = None if spec.ground is None else SpeedGauge(spec.ground)
        self._stops = Stops(spec.ground, spec.still_m, spec.still_boxes)
        self._anchors = np.empty((0, 2))
        self._inside = self._watched.hold(self._anchors)
        self._measured: Moment | None = None
        self._movers_told = 0
        self._looked: Moment | None = None

    def look(self, tracks: Tracks, size: Size, now: Moment) -> tuple[Speeds | Standing, ...]:
        """What these tracks, boxes in pixels of a picture of this size, show: zones that are due, in order.

        A picture in which nothing moved shows everybody where they were.
        """
        seen = Seen.of(tracks, size)
        asked = self._wanted[seen.classes]
        if self._spec.masks:
            asked &= ~self._masks.hold(seen.spots).any(axis=0)
        speeds = self._speeds(seen, asked, now) if self._spec.timed else ()
        return (*speeds, *(self._standing(seen, asked, now) if self._spec.watched else ()))

    def _speeds(self, seen: Seen, asked: Flags, now: Moment) -> Iterator[Speeds]:
        assert self._trails is not None
        if self._trails.due(now.mono_ns):
            some = (asked & seen.whole & ~seen.covered).nonzero()[0]
            spots, sides = seen.spots.take(some, axis=0), seen.sides.take(some, axis=1)
            self._trails.add(seen.ids.take(some), spots, sides, now.mono_ns)
        pause_s = MEASURE_S * (1 if self._movers_told <= MANY else 2)
        if self._measured is not None and now.seconds_since(self._measured) < pause_s:
            return
        self._measured = now
        rows = (asked & seen.believed).nonzero()[0]
        inside = self._timed.hold(seen.spots.take(rows, axis=0))
        anywhere = np.logical_or.reduce(inside, axis=0)
        told = self._paces(seen, rows[anywhere], now)
        self._movers_told = len(told)
        for (zone, _), there in zip(self._spec.timed, _held(inside[:, anywhere]), strict=True):
            yield Speeds(now, zone, told, there)

    def _paces(self, seen: Seen, rows: npt.NDArray[np.intp], now: Moment) -> Paces:
        assert self._trails is not None and self._gauge is not None
        gauge, ids = self._gauge, seen.ids[rows]
        known = self._trails.known(ids)
        places = self._trails.places(ids[known], now.mono_ns)

        def measured(which: Flags) -> F64:
            speeds = np.full((4, np.count_nonzero(which)), np.nan)
            speeds[:, known[which]] = gauge.measure(places.window(which[known]))
            return speeds

        at_most = np.zeros(len(ids))
        at_most[known] = gauge.at_most(places.steps_mps)
        who = ids, self._spec.labels, seen.classes[rows], seen.scores[rows], seen.boxes[rows]
        return Paces(*who, measured, at_most)

    def _standing(self, seen: Seen, asked: Flags, now: Moment) -> Iterator[Standing]:
        if self._looked is not None and now.seconds_since(self._looked) < LOOK_S:
            return
        self._looked = now
        rows = (asked & seen.believed).nonzero()[0]
        resting = self._stops.look(seen, rows, now)
        stand = resting.settled.nonzero()[0]
        inside = self._held_at(resting.anchors.take(stand, axis=0))
        anywhere = np.logical_or.reduce(inside, axis=0)
        told = self._stands(resting, stand[anywhere], now)
        for (zone, _), there in zip(self._spec.watched, _held(inside[:, anywhere]), strict=True):
            yield Standing(now, zone, told, there)

    def _held_at(self, anchors: F64) -> Flags:
        """Which zone holds what rests at each of these anchors n×2; what rests hardly ever changes."""
        if not np.array_equal(anchors, self._anchors):
            self._anchors, self._inside = anchors, self._watched.hold(anchors)
        return self._inside

    def _stands(self, resting: Resting, rows: Rows, now: Moment) -> Stands:
        return Stands(
            resting.ids[rows],
            resting.tracks[rows],
            self._spec.labels,
            resting.classes[rows],
            resting.scores[rows],
            resting.boxes[rows],
            resting.since[rows],
            stood_s(resting.since_ns[rows], now),
            resting.seen_ns[rows] != now.mono_ns,
            self._spec.ground is not None,
        )


def _held(inside: Flags) -> Iterator[Rows]:
    """Which points each zone holds, by number, of flags zones×points."""
    zones, points = inside.nonzero()
    ends = zones.searchsorted(np.arange(len(inside)), side="right").tolist()
    return (points[begin:end] for begin, end in zip([0, *ends], ends, strict=False))
