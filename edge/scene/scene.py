"""The scene of one camera: tracks in, facts out.

Law: whoever is in a zone is exactly whoever has entered it and not left it, in facts. Only real
sightings move an object; a guessed box keeps it where it was, and the step from there to where it
is found again counts. Nothing is told of a track until it is believed, and then everything since its
first sighting counts. No rule and no severity is known here.
"""

from collections.abc import Iterator

import numpy as np

from edge.scene import crossing, walking
from edge.scene.changes import by_row, changed, crossed
from edge.scene.glimpsing import Glimpsing
from edge.scene.headcount import Headcount
from edge.scene.objects import NEVER, Looks, Objects, Rows
from edge.scene.places import Places, seconds
from edge.scene.riders import Riders
from edge.scene.spec import SceneSpec
from edge.scene.stance import HeadsLater, MovingLater, Stance
from edge.scene.succession import hand_over, successions
from edge.scene.support import Support
from edge.values.company import Company
from edge.values.density import DensityMap
from edge.values.detections import Detections
from edge.values.fact import Fact, LinesWatched, Occupancy, Unseen, ZoneLeft
from edge.values.frame import Size
from edge.values.moment import NS_PER_S, Moment
from edge.values.tracks import Tracks

_SPEED_MEMORY = 0.5
"""Weight of the newest step in an object's speed."""


class Scene:
    """Remembers who stands where on one camera; one object per camera and run."""

    def __init__(self, spec: SceneSpec) -> None:
        self._spec = spec
        self._floors, self._widths = spec.floors(), spec.widths()
        self.ground_holds = True
        """False while the camera is known to be turned: then nothing is measured."""
        self.out_of_view: frozenset[str] = frozenset()
        """Zones that are not looked at now: nobody says who is in them, or that nobody is."""
        self._objects = Objects.none(len(spec.zones), len(spec.lines))
        self._riders = Riders(spec.labels)
        self._headcount, self._glimpsing = Headcount(spec), Glimpsing(spec)
        self._together_ns: int | None = None
        """When all objects were last seen, where that is the same for all of them."""
        self._places: Places | None = None
        self._size = Size(0, 0)

    def observe(self, tracks: Tracks, size: Size, moment: Moment) -> tuple[Fact, ...]:
        """What these tracks, boxes in pixels of a picture of this size, show that is new, and who is where.

        Order: leaving, entering and crossing by object; then who is in each zone.
        """
        aspect, now = size.width / size.height, moment.mono_ns
        looks = self._riders.seated(Looks.of(tracks, size), self._objects, aspect, now)
        return self.place(looks, size, moment)

    def place(self, looks: Looks, size: Size, moment: Moment) -> tuple[Fact, ...]:
        """The same of looks that stand where somebody else says, in a picture or on a chart of this size."""
        places = self._places_for(size)
        if self._spec.masks:
            looks = looks.take(~places.masked(looks.feet))
        self._follow(looks, places, moment.mono_ns)
        self._believe(looks, places, moment.mono_ns)
        return (*self._changes(places, moment), *self._forget(moment), *self._standing(moment))

    def count(self, told: DensityMap, moment: Moment, support: Support = Support.BORNE_OUT) -> None:
        """Take a density map of the same picture; the facts of this frame and of later ones tell it."""
        self._headcount.take(told, moment, support)

    def glimpse(self, answer: Detections, size: Size) -> None:
        """Take what was only half seen in the same picture."""
        self._glimpsing.take(answer, size)

    def hold(self, moment: Moment) -> tuple[Fact, ...]:
        """The same picture still stands: who was seen is seen again where they were, and time goes on."""
        o = self._objects
        still = o.live & (o.seen_ns == o.alive_ns)
        o.speed[still] *= 1.0 - _SPEED_MEMORY
        o.speed_mps[still] *= 1.0 - _SPEED_MEMORY
        o.seen_ns[still] = moment.mono_ns
        self._together_ns = None
        o.alive_ns[o.live] = moment.mono_ns
        again = () if self._places is None else self._changes(self._places, moment)
        return (*again, *self._forget(moment), *self._standing(moment))

    def unseen(self, moment: Moment) -> tuple[Fact, ...]:
        """Nothing is known about this frame; nobody moves and nobody is forgotten for being away."""
        self._objects.alive_ns[self._objects.live] = moment.mono_ns
        return (Unseen(moment),)

    def _places_for(self, size: Size) -> Places:
        if self._places is None or size != self._size:
            self._places, self._size = Places(self._spec, size), size
        return self._places

    def _follow(self, looks: Looks, places: Places, now: int) -> None:
        """Bring rows up to date with looks; guessed ones only stay alive, unknown ones begin when seen."""
        objects = self._objects
        same = len(looks.ids) == len(objects) and not np.count_nonzero(looks.ids != objects.ids)
        if same and np.count_nonzero(looks.seen) == len(objects):  # as usual: everybody again
            objects.live.fill(True)
            objects.alive_ns.fill(now)
            self._move(slice(None), looks, places, now)
            self._together_ns = now
            return
        self._together_ns = None
        rows, known = objects.rows_of(looks.ids)
        objects.live[:] = False
        objects.live[rows[known & ~looks.out]] = True
        objects.alive_ns[objects.live] = now
        objects.alive_ns[rows[known & looks.out]] = NEVER  # nothing to wait for: they have left
        moved = known & looks.seen
        if moved.all():
            self._move(rows, looks, places, now)
            return
        self._move(rows[moved], looks.take(moved), places, now)
        new = ~known & looks.seen
        if new.any():
            self._objects = objects.joined_by(self._begun(looks.take(new), places, now))

    def _move(self, rows: Rows, looks: Looks, places: Places, now: int) -> None:
        objects = self._objects
        was, before = objects.feet[rows].copy(), self._together_ns
        step_s = seconds(now, objects.seen_ns[rows] if before is None else before)
        objects.boxes[rows], objects.feet[rows] = looks.boxes, looks.feet
        objects.heights[rows], objects.scores[rows] = looks.heights, looks.scores
        objects.seen_ns[rows] = now
        speed = ((looks.feet - was).T / np.maximum(step_s, 1e-3)).T
        objects.speed[rows] += _SPEED_MEMORY * (speed - objects.speed[rows])
        if self._spec.ground is not None:
            walking.follow(objects, rows, self._spec.ground.metres(looks.feet), step_s, now)
        better = looks.scores >= objects.best[rows]
        if np.count_nonzero(better):
            which = objects.which(rows)[better]
            objects.classes[which] = looks.classes[better]
            objects.best[which] = looks.scores[better]
        passes = places.crossings(was, looks.feet, objects.classes[rows])
        if np.count_nonzero(passes):
            crossing.passed(objects, rows, passes, now)
        places.move_in_zones(objects, rows, was, step_s, now)

    def _begun(self, looks: Looks, places: Places, now: int) -> Objects:
        begun = Objects.first_seen(looks, now, len(self._spec.zones), len(self._spec.lines))
        every = np.arange(len(begun))
        places.move_in_zones(begun, every, begun.feet, np.zeros(len(begun)), now)
        if self._spec.ground is not None:
            walking.follow(begun, every, self._spec.ground.metres(begun.feet), np.zeros(len(begun)), now)
        begun.best[:] = looks.scores
        begun.born_in[:] = begun.inside
        return begun

    def _believe(self, looks: Looks, places: Places, now: int) -> None:
        """Believe tracks that are confirmed and sure enough, and let them take over from lost objects."""
        objects = self._objects
        if np.count_nonzero(objects.believed) == len(objects):
            return
        rows, known = objects.rows_of(looks.ids)
        sure = known & looks.confirmed
        rows = rows[sure]
        fresh = rows[~objects.believed[rows] & (objects.best[rows] >= self._spec.min_confidence)]
        if not len(fresh):
            return
        objects.believed[fresh] = True
        replaced = np.zeros(len(objects), dtype=np.bool_)
        for old, new in successions(objects, fresh, now, places.scale):
            hand_over(objects, old, new, places)
            replaced[old] = True
        self._objects = objects.take(~replaced)

    def _changes(self, places: Places, moment: Moment) -> Iterator[Fact]:
        """Facts of who left, entered and crossed, by object."""
        o = self._objects
        passes = crossing.counted(o, places, self._spec.crossing_rest_s, moment.mono_ns)
        yield from changed(o, passes, self._spec, moment)
        np.copyto(o.told, o.inside, where=o.believed[:, None])
        if np.count_nonzero(o.passed_s):
            o.passed_s[o.believed] = 0.0
        if np.count_nonzero(o.born_in):
            o.born_in[o.believed] = False

    def _forget(self, moment: Moment) -> Iterator[Fact]:
        """Drop objects gone for longer than the grace; what was left open of them is told."""
        o = self._objects
        if np.count_nonzero(o.live) == len(o):
            return
        gone = ~o.live & (moment.mono_ns - o.alive_ns > self._spec.lost_grace_s * NS_PER_S)
        if not gone.any():
            return
        open_end = gone & o.believed & (o.told.any(axis=1) | o.net.any(axis=1))
        passes = by_row(o.net, o.passed_ns)
        for row, who in o.sightings(open_end.nonzero()[0].tolist(), self._spec.labels).items():
            for z in np.flatnonzero(o.told[row]).tolist():
                stayed_s = float(seconds(o.seen_ns[row], o.since_ns[row, z]))
                yield ZoneLeft(moment, self._spec.zones[z].id, who, stayed_s, lost=True)
            yield from crossed(passes.get(row, ()), who, self._spec, moment)
        self._objects = o.take(~gone)

    def _standing(self, moment: Moment) -> Iterator[Fact]:
        """Facts of which lines were looked at, of how all move, and of who is in each zone for how long."""
        o = self._objects
        everyone, stance = o.roll(self._spec.labels), None
        if self.ground_holds and self._spec.ground is not None:
            stance = Stance.of(o, everyone, self._spec, moment)
            yield from self._measured(stance)
        zones, rows = o.told.T.nonzero()
        stays_s, where = tuple(seconds(moment.mono_ns, o.since_ns[rows, zones]).tolist()), rows.tolist()
        ends = zones.searchsorted(np.arange(len(self._spec.zones)), side="right").tolist()
        for z, (zone, begin, end) in enumerate(zip(self._spec.zones, [0, *ends], ends, strict=False)):
            if zone.id in self.out_of_view:
                continue
            who, floor = Company(everyone, where[begin:end]), None if stance is None else self._floors[z]
            if stance is None or floor is None:
                yield Occupancy(moment, zone.id, who, stays_s[begin:end])
                continue
            mapped, glimpses = self._headcount.of(z, moment), self._glimpsing.of(z)
            heads = HeadsLater(stance, z)
            yield Occupancy(moment, zone.id, who, stays_s[begin:end], floor, heads, mapped, glimpses)

    def _measured(self, stance: Stance) -> Iterator[Fact]:
        """Facts of how wide each line is and how those in each zone move; of measured ground."""
        if self._widths:
            yield LinesWatched(stance.moment, self._widths)
        yield MovingLater(stance)
