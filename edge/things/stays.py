"""Who was where in the last minutes, as far as somebody may ask whose a thing is.

Law: whoever stays where they are take one row, however long they stay; the oldest rows go first. Nothing of
it leaves the watch but a track's number.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from edge.ground.lens import F64
from edge.values.tracks import TrackIds, Tracks
from edge.view.patch import Flags

MOST_ROWS = 1024
SAME_PLACE = 0.6
"""Overlap of two boxes of one track from which it stays where it is."""
AS_FAR = 0.06
"""Two that stand no further apart in the picture's height are about as far away."""

Box = tuple[float, float, float, float]
"""Corners x1 y1 x2 y2, pixels of the analysed picture."""


@dataclass(slots=True)
class Stay:
    """One track at one place.

    Attributes:
        track, kind: which, and its class index.
        box: where it was first; it stays while it overlaps with that.
        last: where it was last.
        from_s, until_s: from when until when, seconds.
    """

    track: int
    kind: int
    box: Box
    last: Box
    from_s: float
    until_s: float


class Stays:
    """The stays of one camera, oldest first."""

    def __init__(self) -> None:
        self._rows: list[Stay] = []
        self._current: dict[int, Stay] = {}
        self._ids: TrackIds = np.empty(0, np.int64)
        self._first: F64 = np.empty((0, 4))
        """Of those who are there, ascending, the tracks, and where each was first in this stay."""
        self._last = self._first

    def note(self, tracks: Tracks, now_s: float) -> None:
        """Take who is there now."""
        boxes, before, current = tracks.boxes.astype(np.float64), self._current, dict[int, Stay]()
        begins = self._begins(tracks, boxes)
        columns = (tracks.ids.tolist(), tracks.classes.tolist(), boxes.tolist(), begins.tolist())
        for track, kind, (x1, y1, x2, y2), is_new in zip(*columns, strict=True):
            box = (x1, y1, x2, y2)
            if is_new:
                self._rows.append(Stay(track, kind, box, box, now_s, now_s))
            stay = current[track] = self._rows[-1] if is_new else before[track]
            stay.last, stay.until_s = box, now_s
        self._current = current
        if len(self._rows) > MOST_ROWS:
            del self._rows[: MOST_ROWS // 8]

    def _begins(self, tracks: Tracks, boxes: F64) -> Flags:
        """Whose stay begins, n: who was not there, or is seen elsewhere."""
        first, begins, at = boxes.copy(), np.ones(len(tracks), np.bool_), self._ids.searchsorted(tracks.ids)
        if len(self._ids):
            begins = np.asarray(self._ids.take(at, mode="clip") != tracks.ids)
        first[~begins] = self._first[at[~begins]]
        begins |= tracks.seen & (overlaps(first, boxes) < SAME_PLACE)
        first[begins] = boxes[begins]
        self._ids, self._first, self._last = tracks.ids, first, boxes
        return begins

    def here(self) -> Iterable[Stay]:
        """Who is there now."""
        return self._current.values()

    @property
    def boxes(self) -> tuple[F64, F64]:
        """Where each of them was first in this stay, and where they are, n×4."""
        return self._first, self._last

    def of(self, track: int) -> Stay | None:
        """Where a track is now; None if it is gone."""
        return self._current.get(track)

    def during(self, from_s: float, until_s: float) -> Iterable[Stay]:
        """Who was there at some time between these."""
        return (stay for stay in self._rows if stay.from_s <= until_s and stay.until_s >= from_s)

    def touching(self, thing: Box, from_s: float, until_s: float) -> Iterable[Stay]:
        """The same, of those whose last box overlaps with a thing's."""
        left, top, right, bottom = thing
        for stay in self.during(from_s, until_s):
            x1, y1, x2, y2 = stay.last
            if x1 < right and x2 > left and y1 < bottom and y2 > top:
                yield stay

    def like(self, thing: Box, kinds: frozenset[int], height: int) -> Box | None:
        """The last box of one of these classes that stood about as far away as a thing; None if none did.

        Args:
            thing: its box, pixels.
            kinds: class indices.
            height: of the picture, pixels.
        """
        for stay in reversed(self._rows):
            inside = stay.last[3] < height - 1 and stay.last[1] > 0
            if stay.kind in kinds and inside and abs(stay.last[3] - thing[3]) <= AS_FAR * height:
                return stay.last
        return None


def overlaps(some: F64, others: F64) -> F64:
    """Intersection over union of each of some boxes n×4 with the other in its row, n."""
    (a1, b1, a2, b2), (c1, d1, c2, d2) = some.T, others.T
    wide = np.maximum(np.minimum(a2, c2) - np.maximum(a1, c1), 0.0)
    both = wide * np.maximum(np.minimum(b2, d2) - np.maximum(b1, d1), 0.0)
    areas = (a2 - a1) * (b2 - b1) + (c2 - c1) * (d2 - d1)
    return np.asarray(both / np.maximum(areas - both, 1e-12))


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return both / (areas - both)
