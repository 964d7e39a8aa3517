"""Trails: where the objects of a clip were seen, and where they may have been when they were not.

Law: between two sightings everything between them is filled, before the first and after the last the place
itself and the way on. A detector that blinks shows nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edge.values.tracks import Tracks

Floats = npt.NDArray[np.float64]
PACE_S = 1.0
"""Over how much of its first or last sightings an object's pace is taken."""


@dataclass(frozen=True, slots=True)
class Hold:
    """For how long somebody is believed to be near where a detector saw them.

    Attributes:
        ends_s: before the first sighting and after the last, seconds.
        gap_s: longest time between two sightings of one track, seconds.
        near_s: sightings of so long before and after a picture count in it as well: boxes jitter, and a box
            that lost its legs for one picture is no smaller person.
    """

    ends_s: float = 2.0
    gap_s: float = 4.0
    near_s: float = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """The sightings of one object.

    Attributes:
        times_s: float64 n, ascending, at least one.
        boxes: float64 n×4, x1 y1 x2 y2 in pixels of the analysed picture.
        kind: index of its class.
    """

    times_s: Floats
    boxes: Floats
    kind: int

    def box_at(self, time_s: float, hold: Hold) -> Floats | None:
        """The box of everywhere the object may be at a time; None where it is not believed to be any more."""
        early_s, late_s = float(self.times_s[0]) - time_s, time_s - float(self.times_s[-1])
        if max(early_s, late_s) > hold.ends_s:
            return None
        left = np.searchsorted(self.times_s, (time_s - hold.near_s, time_s))
        right = np.searchsorted(self.times_s, (time_s, time_s + hold.near_s), "right")
        low, high = min(int(left[0]), int(right[0]) - 1), max(int(right[1]), int(left[1]) + 1)
        near = self.boxes[max(0, low) : high]
        if early_s > 0:
            near = np.vstack([near, self._onwards(0, -early_s)])
        if late_s > 0:
            near = np.vstack([near, self._onwards(-1, late_s)])
        return np.concatenate([near[:, :2].min(axis=0), near[:, 2:].max(axis=0)])

    def _onwards(self, end: int, seconds: float) -> Floats:
        """The first (0) or last (-1) box, moved on at the object's pace there."""
        spans = np.abs(self.times_s - self.times_s[end])
        other = int(np.argmax(np.where(spans <= PACE_S, spans, -1.0)))
        if not spans[other]:
            return np.asarray(self.boxes[end])
        centres = self.boxes[[end, other]].reshape(2, 2, 2).mean(axis=1)
        pace = (centres[0] - centres[1]) / (self.times_s[end] - self.times_s[other])
        return np.asarray(self.boxes[end] + np.tile(pace * seconds, 2))


@dataclass(slots=True)
class Trails:
    """Gathers the tracks of a clip, picture by picture."""

    _seen: dict[int, list[tuple[float, Floats, int]]] = field(default_factory=dict)

    def add(self, time_s: float, tracks: Tracks) -> None:
        """Take the tracks of the next analysed picture; only those seen in it count."""
        rows = zip(tracks.ids, tracks.boxes, tracks.classes, tracks.seen, strict=True)
        for number, box, kind, seen in rows:
            if seen:
                self._seen.setdefault(int(number), []).append((time_s, box.astype(np.float64), int(kind)))

    def closed(self) -> tuple[Trail, ...]:
        """The trails of all tracks so far, by their ids."""
        return tuple(_trail(self._seen[number]) for number in sorted(self._seen))


def _trail(sightings: Sequence[tuple[float, Floats, int]]) -> Trail:
    times, boxes, kinds = zip(*sightings, strict=True)
    return Trail(np.array(times), np.stack(boxes), kinds[-1])
