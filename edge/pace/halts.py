"""Which objects have come to rest, and since when.

Law: what stands, stands until it is seen elsewhere. A box that jitters, a passer-by before it and a track
that is lost for a while do not make it leave; something of a like box that is found in its place is the same
again. What has come to rest is judged by its smoothed place, against that at which it came to rest.
"""

from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.pace.seen import Flags, Seen
from edge.values.moment import NS_PER_S, Moment

I64 = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

SMOOTH_S = 0.8
"""Memory of the smoothed place."""
SETTLED_S = 2.0
"""Who has stood for so long must be seen elsewhere for `LEFT_S` before they count as gone."""
LEFT_S = 1.0
SAME = 0.4
"""Overlap (IoU) from which something found in its place is the same."""
ALONE_S, HIDDEN_S = 4.0, 20.0
"""For how long it is waited for where nothing hides it, and where something does."""
NEVER = -(10**18)
"""A time, ns, before all moments."""


@dataclass(slots=True, eq=False)
class Resting:
    """Objects that may be at rest, n of them, in the order in which they were first seen.

    Attributes:
        ids: int64 n, unique within the watch, never reused.
        tracks: int64 n, that carry them now.
        boxes, scores, classes: as in `Seen`, when last seen.
        places: float64 n×2, smoothed feet, unit square.
        anchors: float64 n×2, the places at which they came to rest.
        since: n moments, when that was; `since_ns` is the same, monotonic.
        seen_ns: int64 n, when they were last seen.
        elsewhere_ns: int64 n, since when they are seen beyond reach of their anchors; `NEVER` while not.
        covered_ns: int64 n, when something last covered them.
    """

    ids: I64
    tracks: I64
    boxes: F64
    scores: F64
    classes: I64
    places: F64
    anchors: F64
    since: npt.NDArray[np.object_]
    since_ns: I64
    seen_ns: I64
    elsewhere_ns: I64
    covered_ns: I64

    @classmethod
    def begun(cls, ids: I64, seen: Seen, rows: Rows, now: Moment) -> "Resting":
        """Those of these rows, of whom nothing else is known yet."""
        n, feet = len(rows), seen.spots[rows]
        times, never = np.full(n, now.mono_ns, np.int64), np.full(n, NEVER, np.int64)
        return cls(
            ids, seen.ids[rows], seen.boxes[rows], seen.scores[rows], seen.classes[rows], feet, feet.copy(),
            np.full(n, now, np.object_), times, times.copy(), never, never.copy(),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, which: Flags) -> "Resting":
        """Those of a mask."""
        return Resting(*[column[which] for column in _columns(self)])

    def joined_by(self, others: "Resting") -> "Resting":
        """These, and then others."""
        both = zip(_columns(self), _columns(others), strict=True)
        return Resting(*[np.concatenate(columns) for columns in both])

    @property
    def settled(self) -> Flags:
        """Who has been seen to stand for so long that they are waited for."""
        return np.asarray(self.seen_ns - self.since_ns >= SETTLED_S * NS_PER_S)

    def see(self, here: Rows, seen: Seen, rows: Rows, now: int) -> None:
        """Those `here` are the seen of these rows; where others cover one, that says nothing of its place."""
        step_s = np.maximum((now - self.seen_ns.take(here)) / NS_PER_S, 0.0)
        self.tracks[here], self.boxes[here], self.seen_ns[here] = seen.ids.take(rows), seen.boxes[rows], now
        self.scores[here], self.classes[here] = seen.scores.take(rows), seen.classes.take(rows)
        share, covered = 1.0 - np.exp(-step_s / SMOOTH_S), seen.covered.take(rows)
        self.covered_ns[here[covered]] = now
        share[covered] = 0.0
        places = self.places.take(here, axis=0)
        places += share[:, None] * (seen.spots.take(rows, axis=0) - places)
        self.places[here] = places

    def gone(self, covered: Flags, now: int) -> Flags:
        """Whom nobody waits for any more, given whom something covers now; nobody who is seen now is gone."""
        self.covered_ns[covered] = now
        unseen_ns = now - self.seen_ns
        in_view_ns = now - np.maximum(self.covered_ns, self.seen_ns)
        tired = (unseen_ns > HIDDEN_S * NS_PER_S) | (in_view_ns > ALONE_S * NS_PER_S)
        return np.asarray(np.where(self.settled, tired, unseen_ns > LEFT_S * NS_PER_S))

    def judge(self, away: Flags, now: Moment) -> None:
        """Take, of those who are seen now, who is beyond reach of their anchor."""
        seen, left_ns = self.seen_ns == now.mono_ns, LEFT_S * NS_PER_S
        self.elsewhere_ns[seen & ~away] = NEVER
        away = seen & away
        self.elsewhere_ns[away & (self.elsewhere_ns == NEVER)] = now.mono_ns
        settled = self.elsewhere_ns - self.since_ns >= SETTLED_S * NS_PER_S
        moved = away & (~settled | (now.mono_ns - self.elsewhere_ns >= left_ns))
        self.anchors[moved] = self.places[moved]
        self.since[moved], self.since_ns[moved] = now, now.mono_ns
        self.elsewhere_ns[moved] = NEVER


_columns = attrgetter(*(field.name for field in fields(Resting)))


def overlap(box: F64, others: F64) -> F64:
    """Intersection over union of a box with others m×4, m."""
    shared = np.maximum(np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2]), 0.0)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    both = shared.prod(axis=1)
    return np.asarray(both / np.maximum(areas - both, 1e-12))
