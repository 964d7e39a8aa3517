"""The watch over what stands: joins sightings to what is at rest, and forgets what left.

Law: every object at rest has a number of its own that outlives its track.
"""

import numpy as np

from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.pace.cover import COVERED, covered_by
from edge.pace.halts import SAME, Resting, Rows, overlap
from edge.pace.seen import Flags, Seen
from edge.values.moment import Moment

JITTER = 0.06
"""Box sizes by which a smoothed place may be off, and so must leave its anchor further."""


class Stops:
    """Remembers what is at rest before one camera."""

    def __init__(self, ground: Ground | None, still_m: float, still_boxes: float) -> None:
        self._ground, self._still_m, self._still_boxes = ground, still_m, still_boxes
        self._resting: Resting | None = None
        self._ids = 0

    def look(self, seen: Seen, rows: Rows, now: Moment) -> Resting:
        """Everything that may be at rest.

        Args:
            seen: all that are seen, of any class.
            rows: those of them that are asked about.
            now: of the picture.
        """
        resting = self._resting or self._begun(seen, rows[:0], now)
        here, new = _followed(resting, seen, rows)
        again = self._again(resting, seen, rows[new])
        fresh = rows[new]
        resting.see(here[~new], seen, rows[~new], now.mono_ns)
        if again:
            back = np.array(list(again), np.intp)
            resting.see(np.array(list(again.values()), np.intp), seen, back, now.mono_ns)
            fresh = np.setdiff1d(fresh, back)
        if len(fresh):
            resting = resting.joined_by(self._begun(seen, fresh, now))
        unseen = resting.seen_ns != now.mono_ns
        if np.count_nonzero(unseen):
            gone = resting.gone(_covered(resting, unseen, seen), now.mono_ns)
            resting = resting.take(~gone) if gone.any() else resting
        if len(resting):
            resting.judge(self._away(resting, seen.aspect), now)
        self._resting = resting
        return resting

    def _begun(self, seen: Seen, rows: Rows, now: Moment) -> Resting:
        ids = self._ids + 1 + np.arange(len(rows))
        self._ids += len(rows)
        return Resting.begun(ids, seen, rows, now)

    def _again(self, resting: Resting, seen: Seen, rows: Rows) -> dict[int, int]:
        """By row of what is new, what was at rest in its place and is not followed any more."""
        found: dict[int, int] = {}
        lost = np.flatnonzero(~np.isin(resting.tracks, seen.ids)) if len(rows) else rows
        for row in rows.tolist():
            if not len(lost):
                break
            alike = overlap(seen.boxes[row], resting.boxes[lost])
            best = int(alike.argmax())
            if alike[best] >= SAME:
                found[row] = int(lost[best])
                lost = np.delete(lost, best)
        return found

    def _away(self, resting: Resting, aspect: float) -> Flags:
        """Whether each of them is beyond reach of where it came to rest."""
        if self._ground is None:
            off = (resting.places - resting.anchors) * [aspect, 1.0]
            reach = self._still_boxes * _sizes(resting.boxes, aspect)
            return np.asarray(np.hypot(off[:, 0], off[:, 1]) > reach)
        at = self._ground.metres(np.concatenate([resting.places, resting.anchors]))
        gone = at[: len(resting)] - at[len(resting) :]
        gone_m = np.hypot(gone[:, 0], gone[:, 1])
        away = ~(gone_m <= self._still_m)
        some = away.nonzero()[0]
        if len(some):  # the others are within reach, however much their places may jitter
            step = self._ground.step(resting.anchors[some])
            sizes = _sizes(resting.boxes[some], aspect)
            off_m = JITTER * sizes * np.sqrt(((step / [aspect, 1.0]) ** 2).sum(axis=(1, 2)))
            away[some] = ~(gone_m[some] <= self._still_m + off_m)
        return away


def _sizes(boxes: F64, aspect: float) -> F64:
    """How large boxes n×4 are, picture heights: as a square, and at least as high."""
    left, top, right, bottom = boxes.T
    high = bottom - top
    return np.asarray(np.maximum(np.sqrt((right - left) * aspect * high), high))


def _followed(resting: Resting, seen: Seen, rows: Rows) -> tuple[Rows, Flags]:
    """What is carried by the track of each of these rows, and which of them carry nothing yet."""
    if not len(resting):
        return np.zeros(len(rows), np.intp), np.ones(len(rows), np.bool_)
    ids = seen.ids.take(rows)
    if np.array_equal(ids, resting.tracks):  # mostly it is so
        return np.arange(len(rows)), np.zeros(len(rows), np.bool_)
    order = resting.tracks.argsort()
    where = order[np.minimum(resting.tracks.searchsorted(ids, sorter=order), len(order) - 1)]
    return where, np.asarray(resting.tracks[where] != ids)


def _covered(resting: Resting, unseen: Flags, seen: Seen) -> Flags:
    """Which of those who are not seen now something covers."""
    covered = unseen.copy()
    covered[unseen] = covered_by(resting.boxes[unseen], seen.boxes) >= COVERED
    return covered
