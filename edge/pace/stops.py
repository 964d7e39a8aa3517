"""The watch over what stands: joins sightings to what is at rest, and forgets what left.

Law: every object at rest has a number of its own that outlives its track.
"""

import numpy as np
import numpy.typing as npt

from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.pace.cover import COVERED, covered_by
from edge.pace.halts import SAME, Resting, overlap
from edge.pace.seen import Seen
from edge.values.moment import Moment

Rows = npt.NDArray[np.intp]
JITTER = 0.06
"""Box sizes by which a smoothed place may be off, and so must leave its anchor further."""


class Stops:
    """Remembers what is at rest before one camera."""

    def __init__(self, ground: Ground | None, still_m: float, still_boxes: float) -> None:
        self._ground, self._still_m, self._still_boxes = ground, still_m, still_boxes
        self._resting: list[Resting] = []
        self._ids = 0

    def look(self, seen: Seen, rows: Rows, labels: tuple[str, ...], now: Moment) -> list[Resting]:
        """Everything that may be at rest.

        Args:
            seen: all that are seen, of any class.
            rows: those of them that are asked about.
            labels: names of the classes.
            now: of the picture.
        """
        known, followed = {each.track: each for each in self._resting}, set(seen.ids.tolist())
        sighted = zip(rows.tolist(), seen.sightings(rows, labels), strict=True)
        for row, who in sighted:
            each, feet = known.get(who.track) or self._again(seen.boxes[row], followed), seen.spots[row]
            if each is None:
                self._ids += 1
                self._resting.append(Resting(self._ids, who.track, who, feet, feet, now, now))
            else:
                each.see(who, feet, bool(seen.covered[row]), now)
        self._resting = [each for each in self._resting if not self._gone(each, seen, now)]
        self._judge(seen.aspect, now)
        return self._resting

    def _again(self, box: F64, followed: set[int]) -> Resting | None:
        """What was at rest in the place of this box and is not followed any more; None for nothing."""
        lost = [each for each in self._resting if each.track not in followed]
        if not lost:
            return None
        alike = overlap(box, np.array([each.who.box for each in lost]))
        best = int(alike.argmax())
        return lost[best] if alike[best] >= SAME else None

    def _gone(self, each: Resting, seen: Seen, now: Moment) -> bool:
        if each.seen.mono_ns == now.mono_ns:
            return False
        covered = covered_by(np.array([each.who.box]), seen.boxes)[0] >= COVERED
        return each.gone(bool(covered), now)

    def _judge(self, aspect: float, now: Moment) -> None:
        """Whether each of them is still where it came to rest."""
        if not self._resting:
            return
        place, anchor = (
            np.array([getattr(each, name) for each in self._resting]) for name in ("place", "anchor")
        )
        boxes = np.array([each.who.box for each in self._resting])
        sides = (boxes[:, 2:] - boxes[:, :2]) * [aspect, 1.0]
        size = np.maximum(np.sqrt(sides.prod(axis=1)), sides[:, 1])
        if self._ground is None:
            away = np.hypot(*((place - anchor) * [aspect, 1.0]).T) > self._still_boxes * size
        else:
            step = self._ground.step(anchor) / [aspect, 1.0]
            off_m = JITTER * size * np.sqrt((step**2).sum(axis=(1, 2)))
            gone_m = np.hypot(*(self._ground.metres(place) - self._ground.metres(anchor)).T)
            away = ~(gone_m <= self._still_m + off_m)
        for each, left in zip(self._resting, away.tolist(), strict=True):
            if each.seen.mono_ns == now.mono_ns:
                each.judge(left, now)
