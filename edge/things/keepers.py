"""Whose a thing is, and whether they are still with it.

Law: it belongs to who was nearest when the place changed. Who is lost from sight beside it is still there
while the picture shows that something is; a track that begins where another was lost goes on with it. Who
stands beside it when its owner walks off keeps it too. A passer-by never does.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from edge.ground.lens import F64
from edge.things.stays import Box, Stays, Visits, box_of, boxes_of
from edge.things.yardstick import Yardstick
from edge.values.once import once
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
"""Who has stood for so long, and goes, takes their shadow along: nothing is missing."""
HIDDEN = 0.8
"""Share of a thing in somebody's box from which they hide it."""
PASSES_S = 2.0
"""Who has been at their place for less walks by."""
WENT_S = 1.5
"""What was there at the last look: a shadow that went since then changes the picture now."""
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

    @once
    def here(self) -> Visits:
        """Who is here."""
        return self.stays.here()

    @once
    def staying(self) -> Visits:
        """Who is here, without those who came from elsewhere since the last look: they walk through."""
        here: Visits = self.here
        before = self.stays.during(self.s - WENT_S, self.s)
        elsewhere = before["track"][before["until_s"] < self.s]
        walks: Flags = (here["from_s"] == self.s) & np.isin(here["track"], elsewhere)
        return here[~walks]

    @once
    def places(self) -> dict[int, Box]:
        """Where each of them is, by track."""
        return dict(zip(self.here["track"].tolist(), boxes_of(self.here["last"]), strict=True))

    def nearest_m(self, thing: Box) -> float:
        """How far the nearest of them stands from a thing; infinite where nobody is."""
        return self.stick.nearest_m(self.here["box"], thing)

    def is_passed(self, thing: Box) -> bool:
        """Whether somebody walks by it, or just did, so near that their shadow may fall beside it."""
        lately = self.stays.during(self.s - WENT_S, self.s)
        walks = lately[lately["until_s"] - lately["from_s"] < PASSES_S]
        return bool(_beside(walks["last"], thing).any())


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
        known = [keeper.track for keeper in self._keepers]
        stood = now.here[now.s - now.here["from_s"] >= COMPANY_S]
        stood = stood[~np.isin(stood["track"], known)]
        apart_m = now.stick.each_apart_m(stood["box"], thing)
        return [_keeper(stood[row], now.s, float(apart_m[row])) for row in (apart_m <= REACH_M).nonzero()[0]]


def owner_of(thing: Box, since_s: float, now: Now, people: Flags) -> Keeper | None:
    """Who was nearest to a thing when the place changed; None if nobody was near.

    Args:
        thing: its box.
        since_s: when that was, seconds.
        now: the moment.
        people: which classes are people, by index.
    """
    around = now.stays.during(since_s - AROUND_S, since_s + AROUND_S)
    around = around[people[around["kind"]]]
    apart_m = now.stick.each_apart_m(around["box"], thing)
    near = np.lexsort((-around["until_s"], apart_m))[:1]  # of two in one place, who was there last
    if not (apart_m[near] <= REACH_M).any():
        return None
    last = _last_of(around[near[0]], now)
    return _keeper(last, float(last["until_s"]), now.stick.apart_m(box_of(last["box"]), thing))


def went_along(thing: Box, since_s: float, now: Now, people: Flags) -> bool:
    """Whether somebody or a vehicle that had stood there left when it did, as a shadow with what throws it.

    Of a vehicle its shadow is believed beside it, as far as it is high, which is how far a shadow reaches. Of
    people only at their own place, and what had shown there until they left: where their boxes erred, the
    street was learnt with their feet on it. What they hid from the beginning changed when they came.
    """
    around = now.stays.during(since_s - AROUND_S, since_s + AROUND_S)
    left_s, stood_s = around["until_s"], around["until_s"] - around["from_s"]
    left = (left_s < now.s) & (np.abs(left_s - since_s) <= AROUND_S)
    gone = around[left & (stood_s >= STAYED_S)]
    whose = np.where(people[gone["kind"]], _hid(gone["box"], thing), _beside(gone["last"], thing))
    return bool(whose.any())


def _keeper(stay: np.void, seen_s: float, apart_m: float) -> Keeper:
    return Keeper(int(stay["track"]), box_of(stay["box"]), seen_s, apart_m)


def _hid(bodies: F64, thing: Box) -> Flags:
    left, top, right, bottom = thing
    x1, y1, x2, y2 = bodies.T
    wide = np.maximum(np.minimum(right, x2) - np.maximum(left, x1), 0.0)
    high = np.maximum(np.minimum(bottom, y2) - np.maximum(top, y1), 0.0)
    return np.asarray(wide * high >= HIDDEN * (right - left) * (bottom - top))


def _beside(bodies: F64, thing: Box) -> Flags:
    left, top, right, bottom = thing
    x1, y1, x2, y2 = bodies.T
    reach = y2 - y1
    aside, below = np.maximum(left - x2, x1 - right), np.maximum(top - y2, y1 - bottom)
    return np.asarray((aside <= reach) & (below <= reach / 2))


def _last_of(stay: np.void, now: Now) -> np.void:
    """The last stay of the same person, who may have been lost and found again under other tracks."""
    later = now.stays.during(float(stay["from_s"]), now.s)
    while True:
        stay = later[later["track"] == stay["track"]][-1]
        lost_s = later["from_s"] - stay["until_s"]
        soon = later[(lost_s > 0) & (lost_s <= SUCCEEDS_S)]
        near = soon[now.stick.each_apart_m(soon["box"], box_of(stay["box"])) <= SUCCEEDS_M]
        if not len(near):
            return stay
        stay = near[0]


def _follow(keeper: Keeper, thing: Box, now: Now) -> None:
    """Bring a keeper up to date, under another track where theirs was lost and another began."""
    box = now.places.get(keeper.track)
    if box is None and now.s - keeper.seen_s <= SUCCEEDS_S:
        fresh = now.here[now.here["from_s"] > keeper.seen_s]
        apart_m = now.stick.each_apart_m(fresh["box"], keeper.box)
        if apart_m.min(initial=inf) <= SUCCEEDS_M:
            found = fresh[apart_m.argmin()]
            keeper.track, box = int(found["track"]), box_of(found["last"])
    if box is not None:
        keeper.box, keeper.seen_s, keeper.apart_m = box, now.s, now.stick.apart_m(box, thing)


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
