"""Who was where in the last minutes, as far as somebody may ask whose a thing is.

Law: whoever stays where they are take one row, however long they stay; of those who have gone the oldest rows
go first. Nothing of it leaves the watch but a track's number.
"""

import numpy as np
import numpy.typing as npt

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
Visits = npt.NDArray[np.void]
"""Stays, n of them, oldest first; columns as in `STAY`."""

STAY = np.dtype(
    [
        ("track", np.int64),
        ("kind", np.int64),  # its class index
        ("box", np.float64, 4),  # where it was first; it stays while it overlaps with that
        ("last", np.float64, 4),  # where it was last
        ("from_s", np.float64),
        ("until_s", np.float64),
    ]
)
"""One track at one place."""


class Stays:
    """The stays of one camera."""

    def __init__(self) -> None:
        self._room: Visits = np.empty(0, STAY)
        self._count = 0
        self._ids: TrackIds = np.empty(0, np.int64)
        """The tracks that are there, ascending."""
        self._rows: npt.NDArray[np.intp] = np.empty(0, np.intp)
        """Where in the room the stay of each of them is."""

    def note(self, tracks: Tracks, now_s: float) -> None:
        """Take who is there now."""
        self._make_room(len(tracks))
        boxes = tracks.boxes.astype(np.float64)
        rows, begins = self._begun(tracks, boxes)
        fresh = begins.nonzero()[0]
        if len(fresh):
            rows[fresh] = new = self._count + np.arange(len(fresh))
            self._count += len(fresh)
            self._room["track"][new], self._room["kind"][new] = tracks.ids[fresh], tracks.classes[fresh]
            self._room["box"][new], self._room["from_s"][new] = boxes[fresh], now_s
        self._room["last"][rows], self._room["until_s"][rows] = boxes, now_s
        self._ids, self._rows = tracks.ids, rows

    def here(self) -> Visits:
        """Who is there now, by track."""
        return self._room[self._rows]

    def during(self, from_s: float, until_s: float) -> Visits:
        """Who was there at some time between these."""
        known = self._room[: self._count]
        return known[(known["from_s"] <= until_s) & (known["until_s"] >= from_s)]

    def like(self, thing: Box, kinds: Flags, height: int) -> Box | None:
        """The last box of one of these classes that stood about as far away as a thing; None if none did.

        Args:
            thing: its box, pixels.
            kinds: which classes, by index.
            height: of the picture, pixels.
        """
        known = self._room[: self._count]
        top, bottom = known["last"][:, 1], known["last"][:, 3]
        alike = (bottom < height - 1) & (top > 0) & (np.abs(bottom - thing[3]) <= AS_FAR * height)
        rows = (alike & kinds[known["kind"]]).nonzero()[0]
        return box_of(known["last"][rows[-1]]) if len(rows) else None

    def _begun(self, tracks: Tracks, boxes: F64) -> tuple[npt.NDArray[np.intp], Flags]:
        """The row of each of n, and whose stay begins instead: who was not there, or is seen elsewhere."""
        if not len(self._ids):
            return np.zeros(len(tracks), np.intp), np.ones(len(tracks), np.bool_)
        at = self._ids.searchsorted(tracks.ids)
        rows = self._rows.take(at, mode="clip")
        begins = self._ids.take(at, mode="clip") != tracks.ids
        begins |= tracks.seen & (overlaps(self._room["box"][rows], boxes) < SAME_PLACE)
        return rows, begins

    def _make_room(self, more: int) -> None:
        """Where there is no room for so many more, make it, and forget the oldest of those who have gone:
        between two times `MOST_ROWS` // 2 more come."""
        if self._count + more <= len(self._room):
            return
        stays = np.ones(self._count, np.bool_)
        stays[:-MOST_ROWS] = False
        stays[self._rows] = True
        kept = self._room[: self._count][stays]
        self._rows, self._count = (stays.cumsum() - 1)[self._rows], len(kept)
        self._room = np.concatenate([kept, np.empty(more + MOST_ROWS // 2, STAY)])


def box_of(corners: F64) -> Box:
    """A row of boxes."""
    return boxes_of(corners[None])[0]


def boxes_of(rows: F64) -> list[Box]:
    """Boxes n×4, each by itself."""
    return [(x1, y1, x2, y2) for x1, y1, x2, y2 in rows.tolist()]


def meeting(some: F64, others: F64) -> Flags:
    """Which of some boxes m×4 overlap with which of others n×4, m×n."""
    (a1, b1, a2, b2), (c1, d1, c2, d2) = some.T[:, :, None], others.T
    return np.asarray((a1 < c2) & (c1 < a2) & (b1 < d2) & (d1 < b2))


def overlaps(some: F64, others: F64) -> F64:
    """Intersection over union of each of some boxes n×4 with the other in its row, n."""
    (a1, b1, a2, b2), (c1, d1, c2, d2) = some.T, others.T
    wide = np.maximum(np.minimum(a2, c2) - np.maximum(a1, c1), 0.0)
    both = wide * np.maximum(np.minimum(b2, d2) - np.maximum(b1, d1), 0.0)
    areas = (a2 - a1) * (b2 - b1) + (c2 - c1) * (d2 - d1)
    return np.asarray(both / np.maximum(areas - both, 1e-12))


def overlap(one: Box, other: Box) -> float:
    """The same of two boxes."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return both / (areas - both)
