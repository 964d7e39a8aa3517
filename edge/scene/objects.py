"""What the scene remembers of each object: the last time it was really seen, and where it stands.

Law: rows are by ascending track id, one per object; a guessed box changes nothing here but `alive_ns`.
No geometry and no fact is made in this file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from edge.scene.segments import F64
from edge.values.company import Roll
from edge.values.fact import Sighting
from edge.values.frame import Size
from edge.values.tracks import TrackIds, Tracks

I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp] | slice
"""Some rows; all of them as a slice, which nothing need be gathered for."""

NEVER = -(10**18)
"""A time, ns, before all moments."""
_INSIDE_PICTURE = 1e-6

AT, SPEED, PLACE, RAW, CHANGE = (slice(k, k + 2) for k in range(0, 10, 2))
NOISE = 10
"""Columns of `Objects.ground`: smoothed place, metres, NaN where the ground is not measured or not seen, and
velocity, m/s; the place as last seen, its last step by the second, and how that changed; the variance of
either component of the velocity, m²/s²."""
_UNKNOWN = np.array([np.nan, np.nan, 0.0, 0.0, np.nan, np.nan, 0.0, 0.0, 0.0, 0.0, 0.0])


@dataclass(slots=True, eq=False)
class Looks:
    """The rows of a `Tracks` as the scene reads them, n of them.

    Attributes:
        ids: int64 n, ascending.
        boxes: float64 n×4, corners in the unit square, clipped to it.
        feet: float64 n×2, middle of the box's lower side, unit square, just inside the picture.
        heights: float64 n, box height in picture heights.
        scores: float64 n, 0..1.
        classes: int64 n, index into the labels.
        confirmed, seen: bool n, as the tracker says.
        out: bool n, guessed to have the middle of its box outside the picture.
    """

    ids: TrackIds
    boxes: F64
    feet: F64
    heights: F64
    scores: F64
    classes: I64
    confirmed: Flags
    seen: Flags
    out: Flags

    @classmethod
    def of(cls, tracks: Tracks, size: Size) -> "Looks":
        """Looks of tracks whose boxes are in pixels of a picture of this size."""
        boxes = tracks.boxes / np.array([*size, *size], dtype=np.float64)
        out = ~tracks.seen
        if np.count_nonzero(out):
            out &= (np.abs(boxes[:, :2] + boxes[:, 2:] - 1.0) > 1.0).any(axis=1)
        np.minimum(np.maximum(boxes, 0.0, out=boxes), 1.0, out=boxes)
        feet = boxes[:, 2:].copy()
        feet[:, 0] += boxes[:, 0]
        feet[:, 0] /= 2
        np.minimum(np.maximum(feet, _INSIDE_PICTURE, out=feet), 1 - _INSIDE_PICTURE, out=feet)
        return cls(
            tracks.ids,
            boxes,
            feet,
            boxes[:, 3] - boxes[:, 1],
            tracks.scores.astype(np.float64),
            tracks.classes.astype(np.int64),
            tracks.confirmed,
            tracks.seen,
            out,
        )

    def take(self, which: Flags | npt.NDArray[np.intp]) -> "Looks":
        """The rows chosen by a mask or an index array."""
        return Looks(*[column[which] for column in _looks_columns(self)])


_looks_columns = attrgetter(*(field.name for field in fields(Looks)))


@dataclass(slots=True, eq=False)
class Objects:
    """Known objects, n rows; z zones, l lines.

    Attributes:
        ids: int64 n, ascending, of the track that carries the object now.
        boxes, feet, heights, scores: as in `Looks`, when last seen.
        speed: float64 n×2, unit squares per second, smoothed.
        best: float64 n, highest score so far.
        classes: int64 n, class of the sighting with the highest score.
        born_ns, born_at: int64 n and float64 n×2, when and where its track was first seen.
        seen_ns, alive_ns: int64 n, when it was last seen, or stood as seen while nothing moved, and when it
            was last followed at all, `NEVER` for one who walked out of the picture.
        live: bool n, followed by the tracker at the last answer.
        believed: bool n, confirmed and sure enough at some time; only then it makes facts.
        depth: float64 n×z, how far inside the zone, picture heights; negative outside.
        inside: bool n×z, stands in the zone.
        told: bool n×z, the zone's entry was told as a fact and its leaving not yet.
        born_in: bool n×z, was in the zone from its first sighting on.
        since_ns: int64 n×z, when it came in.
        passed_s: float64 n×z, length of a stay that is over and was not told; 0 for none.
        ground: float64 n×11, how it moves on the ground, in the columns `AT` to `NOISE` below.
        looks: int64 n, steps so far.
        ground_ns: int64 n, since when it is followed on the ground.
        net: int64 n×l, passes left to right less passes right to left that were not told.
        passed_ns: int64 n×l, when the first of those happened.
        poised: bool n×l, stood clear of the line with such passes when last seen.
        crossed_ns: int64 n×l, when a crossing was last told.
    """

    ids: TrackIds
    boxes: F64
    feet: F64
    heights: F64
    scores: F64
    speed: F64
    best: F64
    classes: I64
    born_ns: I64
    born_at: F64
    seen_ns: I64
    alive_ns: I64
    live: Flags
    believed: Flags
    depth: F64
    inside: Flags
    told: Flags
    born_in: Flags
    since_ns: I64
    passed_s: F64
    ground: F64
    looks: I64
    ground_ns: I64
    net: I64
    passed_ns: I64
    poised: Flags
    crossed_ns: I64

    @classmethod
    def first_seen(cls, looks: Looks, now: int, zones: int, lines: int) -> "Objects":
        """Objects that nothing is known about yet but these looks."""
        n = len(looks.ids)
        times = np.full(n, now, dtype=np.int64)
        nowhere = np.zeros((n, zones), dtype=np.bool_)
        return cls(
            ids=looks.ids,
            boxes=looks.boxes,
            feet=looks.feet,
            heights=looks.heights,
            scores=looks.scores,
            speed=np.zeros((n, 2)),
            best=np.zeros(n),
            classes=looks.classes,
            born_ns=times,
            born_at=looks.feet.copy(),
            seen_ns=times.copy(),
            alive_ns=times.copy(),
            live=np.ones(n, dtype=np.bool_),
            believed=np.zeros(n, dtype=np.bool_),
            depth=np.zeros((n, zones)),
            inside=nowhere,
            told=nowhere.copy(),
            born_in=nowhere.copy(),
            since_ns=np.full((n, zones), now, dtype=np.int64),
            passed_s=np.zeros((n, zones)),
            ground=np.tile(_UNKNOWN, (n, 1)),
            looks=np.zeros(n, dtype=np.int64),
            ground_ns=times.copy(),
            net=np.zeros((n, lines), dtype=np.int64),
            passed_ns=np.full((n, lines), now, dtype=np.int64),
            poised=np.zeros((n, lines), dtype=np.bool_),
            crossed_ns=np.full((n, lines), NEVER, dtype=np.int64),
        )

    @classmethod
    def none(cls, zones: int, lines: int) -> "Objects":
        """Nobody is known."""
        return cls.first_seen(Looks.of(Tracks.none(), Size(1, 1)), 0, zones, lines)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def at_m(self) -> F64:
        """Smoothed place on the ground, n×2, a view."""
        return self.ground[:, AT]

    @property
    def speed_mps(self) -> F64:
        """Velocity on the ground, n×2, a view."""
        return self.ground[:, SPEED]

    @property
    def noise_mps2(self) -> F64:
        """Variance of either component of that velocity, n, a view."""
        return np.asarray(self.ground[:, NOISE])

    def take(self, which: Flags | npt.NDArray[np.intp]) -> "Objects":
        """The rows chosen by a mask or an index array."""
        return Objects(*[column[which] for column in _columns(self)])

    def joined_by(self, others: "Objects") -> "Objects":
        """These and others, by ascending id."""
        order = np.argsort(np.concatenate([self.ids, others.ids]))
        both = zip(_columns(self), _columns(others), strict=True)
        return Objects(*[np.concatenate(columns)[order] for columns in both])

    def rows_of(self, ids: TrackIds) -> tuple[npt.NDArray[np.intp], Flags]:
        """Row of each id, and whether it is known; the row of an unknown id means nothing."""
        rows = self.ids.searchsorted(ids)
        known = np.zeros(len(ids), dtype=np.bool_)
        within = rows < len(self.ids)
        known[within] = self.ids[rows[within]] == ids[within]
        return rows, known

    def which(self, rows: Rows) -> npt.NDArray[np.intp]:
        """Those rows by number."""
        return np.arange(len(self))[rows]

    def roll(self, labels: tuple[str, ...]) -> Roll:
        """All objects as they were last seen."""
        return Roll(self.ids.copy(), labels, self.classes.copy(), self.scores.copy(), self.boxes.copy())

    def sightings(self, rows: Sequence[int], labels: tuple[str, ...]) -> dict[int, Sighting]:
        """The objects of these rows as they were last seen, by row."""
        if not rows:
            return {}
        where = np.array(rows, np.intp)
        columns = (self.ids, self.classes, self.scores, self.boxes)
        each = zip(rows, *(column.take(where, axis=0).tolist() for column in columns), strict=True)
        return {
            row: Sighting(track, labels[kind], score, tuple(box)) for row, track, kind, score, box in each
        }


_columns = attrgetter(*(field.name for field in fields(Objects)))
