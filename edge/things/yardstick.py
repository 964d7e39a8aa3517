"""How far somebody is from a thing, and how large it is, in metres.

Law: measured ground says it where there is one. Elsewhere a person's own height does, taken for 1.7 m
across the picture and, because a camera looks down at a slant, for half of that from near to far: a rough
measure, and told as one.
"""

from math import hypot, inf, isfinite

import numpy as np

from edge.ground.lens import F64
from edge.ground.plane import Ground
from edge.things.stays import Box

STATURE_M = 1.7
SLANT = 2.0
"""By how much a step away from the camera looks shorter than one across."""


class Yardstick:
    """Measures in pictures of one size."""

    def __init__(self, ground: Ground | None, width: int, height: int) -> None:
        self.ground, self._width, self._height = ground, width, height

    def apart_m(self, person: Box, thing: Box) -> float:
        """Metres between the standing places of a person and of a thing."""
        if self.ground is not None:
            (x0, y0), (x1, y1) = (self.ground.spot(*self._feet(each)) for each in (person, thing))
            if isfinite(metres := hypot(x1 - x0, y1 - y0)):
                return metres
        across = max(0.0, thing[0] - person[2], person[0] - thing[2])
        down = abs(person[3] - thing[3]) * SLANT
        return hypot(across, down) / max(person[3] - person[1], 1.0) * STATURE_M

    def nearest_m(self, people: F64, thing: Box) -> float:
        """The same to the nearest of people, boxes n×4; infinite where nobody is."""
        return float(self.each_apart_m(people, thing).min()) if len(people) else inf

    def each_apart_m(self, people: F64, thing: Box) -> F64:
        """The same to each of people, boxes n×4."""
        x1, y1, x2, y2 = people.T
        across = np.maximum(np.maximum(thing[0] - x2, x1 - thing[2]), 0.0)
        apart = np.hypot(across, (y2 - thing[3]) * SLANT) / np.maximum(y2 - y1, 1.0) * STATURE_M
        if self.ground is not None:
            feet = np.stack([(x1 + x2) / 2 / self._width, np.minimum(y2 / self._height, 1.0)], axis=1)
            metres = np.hypot(*(self.ground.metres(feet) - self.ground.spot(*self._feet(thing))).T)
            apart = np.where(np.isfinite(metres), metres, apart)
        return np.asarray(apart)

    def side_m(self, thing: Box, person: Box | None) -> float | None:
        """The longer side of a thing, by the ground or by a person near it; None where neither is known."""
        longer_px = max(thing[2] - thing[0], thing[3] - thing[1])
        if self.ground is not None:
            per_m = float(self.ground.px_per_m(np.array([self._feet(thing)]), self._height)[0])
            if isfinite(per_m) and per_m > 0:
                return longer_px / per_m
        return None if person is None else longer_px / max(person[3] - person[1], 1.0) * STATURE_M

    def _feet(self, box: Box) -> tuple[float, float]:
        return (box[0] + box[2]) / 2 / self._width, min(box[3] / self._height, 1.0)
