"""Where riders stand: on the wheels.

Law: a person's box that begins above that of a bicycle or motorcycle, ends within it over its middle, and
rides along with it is that of its rider, whose own lower edge is at the pedals. The rider's feet point is
that of the wheels, so that both pass over a line at the same time. Who walks past or pushes keeps their own.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from edge.scene.objects import Flags, Looks, Objects
from edge.scene.places import seconds
from edge.scene.segments import F64

PERSON = "person"
CYCLES = frozenset({"bicycle", "motorcycle"})
MIDDLE = 0.3
"""Farthest that a rider's middle is from that of the cycle, of its width: the saddle is within it."""
APART = 1.0
"""Body heights per second by which both may differ, as boxes jitter; who comes towards one differs by 2."""
RIDING = 1.2
"""Body heights per second from which somebody rides: 2 m/s, faster than who walks beside."""


class Riders:
    """Knows which classes ride what."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._rides = np.array([label == PERSON for label in labels], np.bool_)
        self._ridden = np.array([label in CYCLES for label in labels], np.bool_)

    def seated(self, looks: Looks, objects: Objects, aspect: float, now: int) -> Looks:
        """The same looks, with riders' feet where the wheels stand.

        Args:
            looks: of this frame.
            objects: as they were known before it.
            aspect: width of the picture by its height.
            now: monotonic time of this frame, ns.
        """
        ridden = self._ridden.take(looks.classes)
        if not np.count_nonzero(ridden):
            return looks
        cycles = np.flatnonzero(ridden & looks.confirmed)
        people = np.flatnonzero(self._rides[looks.classes])
        on_it, aside = _sits(looks.boxes[people][:, None], looks.boxes[cycles])
        if not np.count_nonzero(on_it):
            return looks
        pace, height = _pace(looks, objects, now) * aspect, looks.heights[people][:, None]
        on_it &= np.abs(pace[people][:, None] - pace[cycles]) <= APART * height
        on_it &= np.abs(pace[people][:, None] + pace[cycles]) > 2 * RIDING * height
        riders = on_it.any(axis=1)
        wheels = np.where(on_it, aside, np.inf)[riders].argmin(axis=1)
        feet = looks.feet.copy()
        feet[people[riders]] = looks.feet[cycles[wheels]]
        return replace(looks, feet=feet)


def _sits(body: F64, cycle: F64) -> tuple[Flags, F64]:
    """Which bodies n×1×4 could sit on which cycles m×4, and how far from its middle, n×m."""
    aside = np.abs(body[..., 0] + body[..., 2] - cycle[:, 0] - cycle[:, 2]) / 2
    on_it = aside <= MIDDLE * (cycle[:, 2] - cycle[:, 0])
    on_it &= (body[..., 1] < cycle[:, 1]) & (body[..., 3] > cycle[:, 1]) & (body[..., 3] <= cycle[:, 3])
    return on_it, aside


def _pace(looks: Looks, objects: Objects, now: int) -> npt.NDArray[np.float64]:
    """Picture widths per second that each went to the right since last seen, n; NaN where it was not."""
    rows, known = objects.rows_of(looks.ids)
    rows, pace = rows[known], np.full(len(known), np.nan)
    way = looks.boxes[known][:, ::2].sum(axis=1) - objects.boxes[rows][:, ::2].sum(axis=1)
    pace[known] = way / 2 / np.maximum(seconds(now, objects.seen_ns[rows]), 1e-3)
    return pace
