"""Whose a thing is, and whether they are still with it.

Law: it belongs to who was nearest when the place changed. Who is lost from sight beside it is still there
while the picture shows that something is; a track that begins where another was lost goes on with it. Who
stands beside it when its owner walks off keeps it too. A passer-by never does.
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from edge.ground.lens import F64
from edge.things.stays import Box, Stay, Stays
from edge.things.yardstick import Yardstick
from edge.view.patch import Flags

REACH_M = 2.5
"""Nearer than this is with it."""
AROUND_S = 4.0
"""The owner was there at most so long before the place changed, or came so long after."""
SUCCEEDS_S, SUCCEEDS_M = 5.0, 1.5
"""A track that begins so soon, and so near to where another was lost, goes on with it."""
COMPANY_S = 2.0
"""Who has stood for as long beside it, when its owner walks off, keeps it."""
STAYED_S = 20.0
"""A vehicle that has stood for so long, and goes, takes its shadow along: nothing is missing."""
BODY_SHARE = 0.4
"""Share of a lost person's place that shows something as long as they stand there."""


@dataclass(frozen=True)
class Now:
    """What is known of one moment.

    Attributes:
        s: the moment, seconds.
        stays: who is and was where.
        stick: measures.
        strange: cells that show something that is not street.
        side: pixels per cell.
    """

    s: float
    stays: Stays
    stick: Yardstick
    strange: Flags
    side: int

    def nearest_m(self, thing: Box) -> float:
        """How far the nearest of those who are here stands from a thing; infinite where nobody is."""
        return self.stick.nearest_m(self._boxes[0], thing)

    def touching(self, thing: Box) -> list[Stay]:
        """Whose last box overlaps with a thing's."""
        last = self._boxes[1]
        if not len(last):
            return []
        left, top, right, bottom = thing
        inside = (last[:, 0] < right) & (last[:, 2] > left) & (last[:, 1] < bottom) & (last[:, 3] > top)
        if not inside.any():
            return []
        here = list(self.stays.here())
        return [here[row] for row in inside.nonzero()[0].tolist()]

    @cached_property
    def _boxes(self) -> tuple[F64, F64]:
        """First and last boxes of those who are here, n×4."""
        return self.stays.boxes


@dataclass(slots=True)
class Keeper:
    """Somebody who came with a thing.

    Attributes:
        track: their track.
        box: where they were last.
        seen_s: when that was, seconds.
        apart_m: how far that was.
    """

    track: int
    box: Box
    seen_s: float
    apart_m: float


class Keepers:
    """Those who came with one thing; nobody where nobody was seen."""

    def __init__(self, owner: Keeper | None) -> None:
        self._keepers = [] if owner is None else [owner]
        self._together = True
        self.in_sight = owner is not None
        self.vanished = False
        """Whether the owner was lost beside the thing, and nothing stands there any more."""

    @property
    def owner(self) -> int | None:
        """The track of whose it is."""
        return self._keepers[0].track if self._keepers else None

    def apart_m(self, thing: Box, now: Now) -> float:
        """How far the nearest of them is; of anybody, where nobody is known; infinite if none is left."""
        if not self._keepers:
            return now.nearest_m(thing)
        for keeper in self._keepers:
            _follow(keeper, thing, now)
        nearest = min(_counted(keeper, thing, now) for keeper in self._keepers)
        if self._together and nearest > REACH_M:
            company = self._company(thing, now)
            self._keepers += company
            nearest = min([nearest, *(keeper.apart_m for keeper in company)])
        self._together = nearest <= REACH_M
        self.in_sight = self._keepers[0].seen_s == now.s
        self.vanished = not self.in_sight and self._keepers[0].apart_m <= REACH_M
        return nearest

    def _company(self, thing: Box, now: Now) -> list[Keeper]:
        known = {keeper.track for keeper in self._keepers}
        found = [
            Keeper(stay.track, stay.box, now.s, now.stick.apart_m(stay.box, thing))
            for stay in now.stays.here()
            if stay.track not in known and now.s - stay.from_s >= COMPANY_S
        ]
        return [keeper for keeper in found if keeper.apart_m <= REACH_M]


def owner_of(thing: Box, since_s: float, now: Now, people: frozenset[int]) -> Keeper | None:
    """Who was nearest to a thing when the place changed; None if nobody was near."""
    around = [s for s in now.stays.during(since_s - AROUND_S, since_s + AROUND_S) if s.kind in people]
    if not around:
        return None
    apart_m = now.stick.each_apart_m(np.array([stay.box for stay in around]), thing)
    until_s = np.array([stay.until_s for stay in around])
    nearest = int(np.lexsort((-until_s, apart_m))[0])  # of two in one place, who was there last
    if apart_m[nearest] > REACH_M:
        return None
    last = _last_of(around[nearest], now)
    return Keeper(last.track, last.box, last.until_s, now.stick.apart_m(last.box, thing))


def went_along(thing: Box, since_s: float, now: Now, people: frozenset[int]) -> bool:
    """Whether a vehicle that had stood beside a thing left when it did, as a shadow goes with what throws it.

    Beside is as far as it is high, which is how far its shadow reaches. Of people that is not believed: who
    stands before something for long may be about to take it.
    """
    return any(
        stay.kind not in people
        and stay.until_s - stay.from_s >= STAYED_S
        and stay.until_s < now.s
        and abs(stay.until_s - since_s) <= AROUND_S
        and _beside(stay.last, thing)
        for stay in now.stays.during(since_s - AROUND_S, since_s + AROUND_S)
    )


def _beside(body: Box, thing: Box) -> bool:
    left, top, right, bottom = thing
    x1, y1, x2, y2 = body
    reach = y2 - y1
    aside, below = max(left - x2, x1 - right), max(top - y2, y1 - bottom)
    return aside <= reach and below <= reach / 2


def _last_of(stay: Stay, now: Now) -> Stay:
    """The last stay of the same person, who may have been lost and found again under other tracks."""
    later = list(now.stays.during(stay.from_s, now.s))
    while True:
        stay = [each for each in later if each.track == stay.track][-1]
        ended = [
            each
            for each in later
            if 0 < each.from_s - stay.until_s <= SUCCEEDS_S
            and now.stick.apart_m(each.box, stay.box) <= SUCCEEDS_M
        ]
        if not ended:
            return stay
        stay = ended[0]


def _follow(keeper: Keeper, thing: Box, now: Now) -> None:
    """Bring a keeper up to date, under another track where theirs was lost and another began."""
    stay = now.stays.of(keeper.track)
    if stay is None and now.s - keeper.seen_s <= SUCCEEDS_S:
        fresh = [each for each in now.stays.here() if each.from_s > keeper.seen_s]
        near = [(now.stick.apart_m(each.box, keeper.box), n) for n, each in enumerate(fresh)]
        apart_m, first = min(near, default=(inf, 0))
        stay = fresh[first] if apart_m <= SUCCEEDS_M else None
    if stay is not None:
        keeper.track, keeper.box, keeper.seen_s = stay.track, stay.last, now.s
        keeper.apart_m = now.stick.apart_m(stay.last, thing)


def _counted(keeper: Keeper, thing: Box, now: Now) -> float:
    """How far a keeper is; who was lost beside the thing is there while something shows there."""
    if keeper.seen_s == now.s or (keeper.apart_m <= REACH_M and _stands(keeper.box, thing, now)):
        return keeper.apart_m
    return inf


def _stands(person: Box, thing: Box, now: Now) -> bool:
    """Whether something still shows where a person was lost, beside the thing itself."""
    top, left, bottom, right = _cells(person, now.side)
    there = now.strange[top:bottom, left:right].copy()
    beside = np.ones(there.shape, np.bool_)
    t0, l0, b0, r0 = _cells(thing, now.side)
    beside[max(0, t0 - top) : max(0, b0 - top), max(0, l0 - left) : max(0, r0 - left)] = False
    return bool((there & beside).sum() >= BODY_SHARE * max(1, int(beside.sum())))


def _cells(box: Box, side: int) -> tuple[int, int, int, int]:
    x1, y1, x2, y2 = (max(0, round(edge / side)) for edge in box)
    return y1, x1, y2, x2
