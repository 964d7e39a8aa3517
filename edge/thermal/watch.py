"""Finds what is hot in the pictures of a thermal camera: a watch over one camera.

Law: every pixel of the camera is looked at as it was counted, because the mean of four would hide a spark.
What begins at a level goes on down to a lower one, so that it does not flap. Of a picture most of which is
strange nothing is told that is about what is usual; temperatures are told all the same.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edge.thermal.followed import Followed
from edge.thermal.sight import SAMPLE, Sight, covered, excess_of, patches, seen_in, touch
from edge.thermal.spec import ThermalSpec
from edge.thermal.warmth import Field, Warmth
from edge.values.detections import Boxes
from edge.values.fact import HotSpots
from edge.values.frame import Frame
from edge.values.hot import Counts, Level, Spot
from edge.values.moment import Moment
from edge.values.tracks import Tracks
from edge.view.patch import Flags
from edge.view.polygon import inside

CLEAR = 0.8
"""Share of an excess down to which a spot goes on."""
CLEAR_C = 0.05, 2.0
"""A temperature goes on down to so much less: a share of it, and at least so many kelvin."""
GONE_S = 1.5
"""What has not been hot for so long is gone."""
ANOTHER, ANOTHER_S = 0.35, 20.0
"""Share of the picture that is strange in another place, and after how long it is taken for the place."""
LONGEST_STEP_S = 2.0
TOLD_AFTER_S = 3.0
"""So long no picture must have been counted before that is told."""


@dataclass(slots=True)
class _Watched:
    """One level, and what is followed there."""

    level: Level
    spots: list[Followed] = field(default_factory=list)
    known: bool = True


class ThermalWatch:
    """Watches one camera's places for heat; one object per camera and run."""

    def __init__(self, spec: ThermalSpec) -> None:
        self._spec = spec
        self._watched = [_Watched(level) for level in spec.levels]
        self._sight: Sight | None = None
        self._first: Moment | None = None
        self._looked: Moment | None = None
        self._last: Counts | None = None
        self._other_s = 0.0
        self._ids = 0
        self._uncounted_since: Moment | None = None
        self.uncounted = False
        self._told: tuple[tuple[str, Level, tuple[Spot, ...]], ...] = ()

    def look(self, frame: Frame, tracks: Tracks) -> tuple[HotSpots, ...]:
        """What is hot in each zone; no fact of what is not known.

        Args:
            frame: the next frame; every frame of the camera is shown here, in order.
            tracks: who is followed in it.
        """
        now = frame.moment
        if not self._is_counted(frame):
            return ()
        assert frame.counts is not None
        if self._looked is None or not 0 <= now.seconds_since(self._looked) < self._spec.every_s:
            self._take(frame.counts, tracks.boxes, frame)
            self._looked = now
        return tuple(HotSpots(now, zone, level, spots) for zone, level, spots in self._told)

    def _is_counted(self, frame: Frame) -> bool:
        """Whether the picture can be judged; one that never can for a while is told by `uncounted`."""
        if frame.counts is not None and min(frame.counts.shape) >= 8:
            self._uncounted_since, self.uncounted = None, False
            return True
        self._uncounted_since = self._uncounted_since or frame.moment
        self.uncounted = frame.moment.seconds_since(self._uncounted_since) >= TOLD_AFTER_S
        return False

    def _take(self, counts: Counts, boxes: Boxes, frame: Frame) -> None:
        self._first = self._first or frame.moment
        now_s = frame.moment.seconds_since(self._first)
        step_s = 0.0 if self._looked is None else frame.moment.seconds_since(self._looked)
        sight = self._sight
        if sight is None or sight.warmth.now.shape != counts.shape:
            sight = self._sight = self._begun(counts, now_s)
            for watched in self._watched:
                watched.spots.clear()
        elif self._last is not None and np.array_equal(self._last, counts):
            return  # frozen, as while a camera corrects itself
        self._last = counts
        sight.warmth.take(counts)
        self._judge(sight, boxes / [*frame.size, *frame.size], frame.moment, min(step_s, LONGEST_STEP_S))
        zones = sight.zones
        self._told = tuple(
            (name, watched.level, self._in_zone(watched, zone, now_s))
            for name, zone in zones
            for watched in self._watched
            if watched.known
        )

    def _begun(self, counts: Counts, now_s: float) -> Sight:
        rows, columns = counts.shape
        x, y = (np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows
        masked = None
        for polygon in self._spec.masks:
            cells = inside(polygon, x, y)
            masked = cells if masked is None else masked | cells
        zones = tuple((name, inside(polygon, x, y)) for name, polygon in self._spec.zones)
        return Sight(Warmth.of(self._spec.scale, counts, now_s), masked, zones)

    def _judge(self, sight: Sight, boxes: npt.NDArray[np.float64], moment: Moment, step_s: float) -> None:
        """Bring every level up to date."""
        assert self._first is not None
        warmth, excess, now_s = sight.warmth, sight.warmth.excess(), moment.seconds_since(self._first)
        if warmth.jumped:
            sight.before.clear()
        hot = np.zeros(excess.shape, np.bool_)
        for watched in self._watched:
            low = self._low(watched.level, excess, warmth.now)
            if sight.masked is not None:
                low &= ~sight.masked
            watched.known = not (
                watched.level.relative and self._is_another(sight, watched.level, excess, (step_s, now_s))
            )
            if not watched.known:
                watched.spots.clear()
                continue
            if warmth.jumped:
                for spot in watched.spots:
                    spot.corrected()
            self._follow(watched, sight, excess, low, moment)
            hot |= low
            for spot in watched.spots:
                spot.bodily = covered(spot.last.patch, excess.shape, boxes)
        self._settle(sight, now_s)
        warmth.learn(hot, now_s)
        sight.before = [*sight.before[-1:], excess]

    def _low(self, level: Level, excess: Field, now: Field) -> Flags:
        """Pixels that are hot enough for a spot to go on."""
        if level.above_c is not None:
            share, least = CLEAR_C
            return np.asarray(now >= np.float32(level.above_c - max(least, share * level.above_c)))
        return np.asarray(excess >= np.float32(excess_of(level) * CLEAR))

    def _is_another(self, sight: Sight, level: Level, excess: Field, times: tuple[float, float]) -> bool:
        """Whether so much is strange that the picture is another one; after a while it is the place."""
        some, (step_s, now_s) = np.abs(excess[::SAMPLE, ::SAMPLE]), times
        if np.count_nonzero(some >= excess_of(level) * CLEAR) <= ANOTHER * some.size:
            self._other_s = 0.0
            return False
        self._other_s += step_s
        if self._other_s >= ANOTHER_S and self._last is not None:
            sight.warmth, self._other_s = Warmth.of(self._spec.scale, self._last, now_s), 0.0
            sight.before.clear()
        return True

    def _follow(self, watched: _Watched, sight: Sight, excess: Field, low: Flags, moment: Moment) -> None:
        """Find the spots of a level again, and begin to follow what is new."""
        assert self._first is not None
        now_s = moment.seconds_since(self._first)
        level, calibrated = watched.level, self._spec.scale is not None
        noise = 0.0 if level.growing is None else sight.noise(excess)
        free = [seen_in(patch, level, sight, excess, noise) for patch in patches(low)]
        for spot in watched.spots:
            touching = [seen for seen in free if touch(seen.patch, spot.last.patch)]
            if touching:
                seen = max(touching, key=lambda seen: seen.pixels)
                free = [each for each in free if each not in touching]
                spot.seen(seen, level, now_s, calibrated)
        for seen in free:
            if seen.pixels >= level.min_px:
                self._ids += 1
                spot = Followed(self._ids, moment, now_s, now_s, seen, seen.pixels)
                spot.seen(seen, level, now_s, calibrated)
                watched.spots.append(spot)
        watched.spots = [spot for spot in watched.spots if now_s - spot.seen_s < GONE_S]

    def _settle(self, sight: Sight, now_s: float) -> None:
        """What was above the usual for very long is usual from now on; it is told once more, to say so."""
        for watched in self._watched:
            if not watched.level.relative:
                continue
            for spot in [spot for spot in watched.spots if spot.settled]:
                sight.warmth.settle(spot.last.patch.where, spot.last.patch.cells)
                watched.spots.remove(spot)
            for spot in watched.spots:
                spot.settled = now_s - spot.since_s >= self._spec.settle_s

    def _in_zone(self, watched: _Watched, zone: Flags, now_s: float) -> tuple[Spot, ...]:
        """The spots of a level of which enough lies in a zone."""
        level, calibrated, here = watched.level, self._spec.scale is not None, []
        for spot in watched.spots:
            patch = spot.last.patch
            inner = np.count_nonzero(zone[patch.where] & patch.cells)
            if inner >= min(level.min_px, patch.size):
                here.append(spot.spot(level, (zone.shape[0], zone.shape[1]), calibrated, now_s))
        return tuple(here)
