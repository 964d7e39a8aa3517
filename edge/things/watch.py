"""Finds things that are left and things that are taken: a watch over one camera.

Law: what is told has stood still, is no light and nobody's body, and the edge around it says whether it came
or went. Whether it matters is for the rules. Nothing is told of a moment in which the camera shows nothing,
or in which most of the picture is another one.
"""

from dataclasses import dataclass, field
from statistics import median

import numpy as np

from edge.ground.lens import F64
from edge.things.grid import Grid
from edge.things.keepers import Keepers, Now, owner_of, went_along
from edge.things.likelihood import Look, look_of
from edge.things.outline import Outline
from edge.things.patches import patches
from edge.things.spec import ThingSpec
from edge.things.stays import Box, Stays, boxes_of, meeting
from edge.things.street import Street
from edge.things.watched import Watched
from edge.things.yardstick import Yardstick
from edge.values.fact import Things
from edge.values.frame import Frame, Size
from edge.values.moment import Moment
from edge.values.thing import Thing
from edge.values.tracks import Tracks
from edge.view.patch import Flags, Patch

STANDS_S = 2.5
"""Cells that have been strange and calm for so long stand."""
ANOTHER, ANOTHER_S = 0.35, 20.0
"""Share of the picture that is strange in another place, and after how long it is taken for the place."""
MEMORY_S = 600.0
"""Nobody is asked for who was there longer ago, and nobody's body is waited for longer."""
WAITS_S = 20.0
"""What cannot be told, or is only light, is a part of the place after so long, seconds; who passes close by a
thing makes it doubtful for moments only."""
LEARNT_S = 60.0
"""Something can be missing from a place that was known for so long, seconds."""
BEFORE_S = 5.0
"""Somebody who left shortly before a place changed may be what changed."""
MOST_THINGS = 16
GONE_S = 1.5
"""Street for so long where a thing stood, and it is gone."""
FIRST_S, AGAIN_S = 6.0, 2.0
"""What is new is judged with every look, and later only so often, seconds."""
BESIDE = 4
"""What is within so many cells of a body touches it."""
OVERLAP = 0.3
"""Share of the smaller of two patches that must be the same for them to be one."""
LONGEST_STEP_S = 2.0

Told = tuple[tuple[str, tuple[Thing, ...]], ...]
"""The things of each zone, by its name."""


@dataclass(slots=True)
class _Sight:
    """What belongs to pictures of one size."""

    grid: Grid
    street: Street
    stick: Yardstick
    masked: Flags
    zones: tuple[tuple[str, Flags], ...]
    watched: list[Watched] = field(default_factory=list)
    _standing: Flags | None = None
    _found: list[Patch] | None = None

    def patches(self) -> list[Patch] | None:
        """What stands; made anew only where something else does than at the last look."""
        standing = self.street.strange_s >= STANDS_S
        standing &= ~self.masked
        if self._standing is None or not np.array_equal(standing, self._standing):
            self._standing, self._found = standing, patches(standing)
        return self._found


class ThingWatch:
    """Watches one camera's places for things; one object per camera and run."""

    def __init__(self, spec: ThingSpec) -> None:
        self._spec, self._people, self._bodies = spec, spec.people, spec.bodies
        self._stays = Stays()
        self._sight: _Sight | None = None
        self._first: Moment | None = None
        self._looked: Moment | None = None
        self._other_s = 0.0
        self._ids = 0

    def look(self, frame: Frame, tracks: Tracks) -> tuple[Things, ...]:
        """What stands in each zone, or is missing: of a frame that is looked at, and can be judged; no fact
        of any other.

        Args:
            frame: the next frame; every frame that can be believed is shown here, in order.
            tracks: who is followed in it.
        """
        now = frame.moment
        if self._looked is not None and 0 <= now.seconds_since(self._looked) < self._spec.every_s:
            return ()
        found = self._take(frame, tracks)
        self._looked = now
        return tuple([Things(now, zone, things) for zone, things in found or ()])

    def _take(self, frame: Frame, tracks: Tracks) -> Told | None:
        """The things of each zone; None where the picture cannot be judged."""
        self._first = self._first or frame.moment
        now_s = frame.moment.seconds_since(self._first)
        gap_s = 0.0 if self._looked is None else frame.moment.seconds_since(self._looked)
        sight = self._sight_for(frame, now_s)
        bodies = self._bodies[tracks.classes]
        tracks = tracks if bodies.all() else tracks.take(bodies)
        self._stays.note(tracks, now_s)
        hidden = sight.masked | sight.grid.covered(tracks.boxes)
        step_s = min(max(gap_s, 0.0), LONGEST_STEP_S)
        sight.street.take(sight.grid.grey(frame.pixels), hidden, now_s, step_s)
        found = None if self._is_another(sight, hidden, step_s) else sight.patches()
        if found is None:
            return None
        now = Now(now_s, self._stays, sight.stick, sight.street.strange | hidden, sight.grid.side)
        if found or sight.watched:
            near = sight.masked | sight.grid.covered(tracks.boxes, BESIDE)
            self._update(sight, found, hidden, near, now)
        return self._told(sight, now_s)

    def _sight_for(self, frame: Frame, now_s: float) -> _Sight:
        """What belongs to pictures of this size, made anew with a new size."""
        size, known = frame.size, self._sight
        if known is None or (known.grid.width, known.grid.height) != size:
            self._sight = self._begun(Grid(*size), frame, now_s)
        assert self._sight is not None
        return self._sight

    def _begun(self, grid: Grid, frame: Frame, now_s: float) -> _Sight:
        masked = np.zeros(grid.shape, np.bool_)
        for polygon in self._spec.masks:
            masked |= grid.inside(polygon)
        zones = tuple((name, grid.inside(polygon)) for name, polygon in self._spec.zones)
        stick = Yardstick(self._spec.ground, *Size(grid.width, grid.height))
        return _Sight(grid, Street(grid.grey(frame.pixels), now_s), stick, masked, zones)

    def _is_another(self, sight: _Sight, hidden: Flags, step_s: float) -> bool:
        """Whether so much is strange that the picture is another one; after a while it is the place."""
        strange, seen = (int(np.count_nonzero(cells)) for cells in (sight.street.strange, ~hidden))
        if strange <= ANOTHER * max(1, seen):
            self._other_s = 0.0
            return False
        self._other_s += step_s
        if self._other_s >= ANOTHER_S:
            sight.street.settle(np.ones(sight.grid.shape, np.bool_))
            sight.watched.clear()
        return True

    def _update(self, sight: _Sight, found: list[Patch], hidden: Flags, near: Flags, now: Now) -> None:
        """Bring what is watched up to date, and begin to watch what is new."""
        free = list(found)
        for each in sight.watched:
            same = each.patch in free
            patch = each.patch if same else max(free, key=each.patch.shared, default=None)
            shared = 0 if patch is None else each.patch.shared(patch)
            if patch is not None and shared >= OVERLAP * min(each.patch.size, patch.size):
                free.remove(patch)
                if each.seen(patch, hidden, near, sight.street.calm, now):
                    self._judge(each, patch, sight, now)
        sight.watched += [self._watched(patch, sight, now) for patch in free]
        if meeting(_boxes(sight.watched), now.here["last"]).any():  # who stays is dear to know
            self._find_bodies(sight.watched, now.staying["last"])
        for each in sight.watched:
            each.apart_m = each.keepers.apart_m(each.box, now)
        sight.watched = [each for each in sight.watched if not self._is_over(each, sight, now.s)]

    def _find_bodies(self, watched: list[Watched], bodies: F64) -> None:
        """Note which of what is watched is one of these bodies, boxes n×4."""
        meet = meeting(_boxes(watched), bodies)
        for row in np.logical_or.reduce(meet, axis=1).nonzero()[0].tolist():
            each = watched[row]
            each.body = each.body or any(map(each.is_of, boxes_of(bodies[meet[row]])))

    def _judge(self, each: Watched, patch: Patch, sight: _Sight, now: Now) -> None:
        if now.s - each.began_s > FIRST_S and now.s - each.judged_s < AGAIN_S:
            return
        each.judged_s = now.s
        each.judge(self._look_of(each.outline, sight))
        box, before = _box(patch, sight.grid), each.box
        each.box, each.unit = box, sight.grid.unit_box(*_edges(patch))
        if box != before or not sight.stick.ground:  # on the ground it is as large as it was
            each.side_m = self._side_m(box, sight, now)
        each.back = sight.street.returned(patch.where, patch.cells)

    def _watched(self, patch: Patch, sight: _Sight, now: Now) -> Watched:
        street, box = sight.street, _box(patch, sight.grid)
        window, cells, outline = patch.where, patch.cells, Outline(patch, sight.grid.shape)
        since_s = median(street.free_at_s(window, cells).tolist())
        owner = owner_of(box, since_s, now, self._people)
        assert self._first is not None
        self._ids += 1
        begun = Watched(
            self._ids, patch, outline, box, sight.grid.unit_box(*_edges(patch)), self._first.plus(since_s),
            now.s, now.s, now.s, Keepers(owner), self._look_of(outline, sight),
            median(street.known_s[window][cells].tolist()) >= LEARNT_S,
        )  # fmt: skip
        recent_s = max(since_s - BEFORE_S, now.s - MEMORY_S)
        self._find_bodies([begun], now.stays.during(recent_s, now.s)["last"])
        begun.side_m = self._side_m(box, sight, now)
        begun.shadow = went_along(box, since_s, now, self._people)
        return begun

    def _side_m(self, box: Box, sight: _Sight, now: Now) -> float | None:
        height = sight.grid.height
        return sight.stick.side_m(
            box, None if sight.stick.ground else now.stays.like(box, self._people, height)
        )

    def _look_of(self, outline: Outline, sight: _Sight) -> Look:
        street = sight.street
        return look_of(outline, street.now, street.bare, street.margin)

    def _is_over(self, each: Watched, sight: _Sight, now_s: float) -> bool:
        """Whether it is watched no more: it is gone, or a part of the place from now on."""
        if now_s - each.seen_s >= GONE_S:
            return True
        is_thing = each.is_thing(sight.street.now.size, now_s)
        bodily = each.body or not each.alone or each.is_large(sight.street.now.size)
        patient_s = MEMORY_S if bodily and not each.back else WAITS_S
        each.thing_s = now_s if is_thing else each.thing_s
        waited_s = now_s - (each.began_s if is_thing else max(each.began_s, each.thing_s))
        if waited_s < (self._spec.settle_s if is_thing else patient_s):
            return False
        if is_thing and not each.settled:
            each.settled = True  # told once more, to say so
            return False
        sight.street.settle(each.patch.whole(sight.grid.shape))
        return True

    def _told(self, sight: _Sight, now_s: float) -> Told | None:
        """The things of each zone; None where there are more than can be things."""
        cells = sight.street.now.size
        told = [each for each in sight.watched if each.is_thing(cells, now_s)]
        if len(told) > MOST_THINGS:
            return None
        return tuple((name, self._in_zone(told, zone, now_s)) for name, zone in sight.zones)

    def _in_zone(self, told: list[Watched], zone: Flags, now_s: float) -> tuple[Thing, ...]:
        here = []
        for each in told:
            foot = min(each.patch.bottom, zone.shape[0]) - 1, (each.patch.left + each.patch.right) // 2
            if zone[foot]:
                here.append(each.thing(now_s, self._spec.ground is not None))
        return tuple(here)


def _boxes(watched: list[Watched]) -> F64:
    """Where they are, n×4."""
    return np.array([each.box for each in watched]).reshape(-1, 4)


def _edges(patch: Patch) -> tuple[int, int, int, int]:
    return patch.top, patch.left, patch.bottom, patch.right


def _box(patch: Patch, grid: Grid) -> Box:
    """Where a patch is, pixels of the analysed picture."""
    top, left, bottom, right = (float(edge * grid.side) for edge in _edges(patch))
    return left, top, right, bottom
